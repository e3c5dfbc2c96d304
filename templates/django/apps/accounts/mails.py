"""The mails of this app. Each has one link into the front end at PUBLIC_URL."""

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
        "Confirm your e-mail address",
        "Somebody, we hope you, registered with this address. If it was not you, ignore this mail; "
        "else please confirm that the address is yours.",
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
        "Somebody, we hope you, asked for a new password. If it was not you, ignore this mail.",
        f"{settings.PUBLIC_URL}/reset-password?token={token}",
    )


def already_registered(email: str) -> EmailMessage:
    return compose(
        email,
        "You already have an account",
        "Somebody, perhaps you, tried to register with this address, which has an account already. "
        "Log in with it, or ask for a new password there.",
        settings.PUBLIC_URL,
    )
