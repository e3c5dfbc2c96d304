"""Emails about accounts, each with one link to the front end at PUBLIC_URL."""

from email.message import EmailMessage

from app.auth import tokens
from app.core.config import get_settings
from app.core.mail import compose
from app.users.models import User


def verification(user: User) -> EmailMessage:
    settings = get_settings()
    token = tokens.sign(
        "verify-email", settings.email_token_seconds, sub=str(user.id), email=user.email
    )
    return compose(
        user.email,
        "Confirm your email address",
        "Someone created an account with this address. If it was you, confirm the address with the "
        "link below. If not, you can ignore this email.",
        f"{settings.public_url}/verify-email?token={token}",
    )


def password_reset(user: User) -> EmailMessage:
    settings = get_settings()
    token = tokens.sign(
        "reset-password",
        settings.reset_token_seconds,
        sub=str(user.id),
        email=user.email,
        password=tokens.fingerprint(user.password_hash),
    )
    return compose(
        user.email,
        "Choose a new password",
        "Someone asked to reset the password of your account. If it was you, choose a new one with "
        "the link below. If not, ignore this email; your password stays as it is.",
        f"{settings.public_url}/reset-password?token={token}",
    )


def already_registered(email: str) -> EmailMessage:
    return compose(
        email,
        "You already have an account",
        "Someone tried to register with this address, but it already has an account. If it was "
        "you, log in, or reset your password there.",
        get_settings().public_url,
    )
