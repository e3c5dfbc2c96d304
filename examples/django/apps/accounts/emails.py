"""The emails of this app, each with one link to the front end at PUBLIC_URL."""

from django.conf import settings
from django.core.mail import EmailMessage

from apps.accounts import tokens
from apps.accounts.models import User
from apps.core.mail import compose


def verification(user: User) -> EmailMessage:
    token = tokens.sign(
        "verify-email", settings.EMAIL_TOKEN_SECONDS, sub=str(user.pk), email=user.email
    )
    return compose(
        user.email,
        "Confirm your email address",
        "Someone created an account with this address. If it was you, confirm the address with the "
        "link below. If not, you can ignore this email.",
        f"{settings.PUBLIC_URL}/verify-email?token={token}",
    )


def password_reset(user: User) -> EmailMessage:
    token = tokens.sign(
        "reset-password",
        settings.RESET_TOKEN_SECONDS,
        sub=str(user.pk),
        email=user.email,
        password=tokens.fingerprint(user.password),
    )
    return compose(
        user.email,
        "Choose a new password",
        "Someone asked to reset the password of your account. If it was you, choose a new one with "
        "the link below. If not, ignore this email; your password stays as it is.",
        f"{settings.PUBLIC_URL}/reset-password?token={token}",
    )


def already_registered(email: str) -> EmailMessage:
    return compose(
        email,
        "You already have an account",
        "Someone tried to register with this address, but it already has an account. If it was "
        "you, log in, or reset your password there.",
        settings.PUBLIC_URL,
    )
