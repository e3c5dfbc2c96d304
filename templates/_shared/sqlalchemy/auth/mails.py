"""The mails of this package. Each has one link into the front end at PUBLIC_URL."""

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
        "Confirm your e-mail address",
        "Somebody, we hope you, registered with this address. If it was not you, ignore this mail; "
        "else please confirm that the address is yours.",
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
        "Somebody, we hope you, asked for a new password. If it was not you, ignore this mail.",
        f"{settings.public_url}/reset-password?token={token}",
    )


def already_registered(email: str) -> EmailMessage:
    return compose(
        email,
        "You already have an account",
        "Somebody, perhaps you, tried to register with this address, which has an account already. "
        "Log in with it, or ask for a new password there.",
        get_settings().public_url,
    )
