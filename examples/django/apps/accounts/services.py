"""Registering, logging in, refreshing, resetting, and all else that takes several steps.

Hashing takes long on purpose. No transaction is open meanwhile, so that nobody else has to wait.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.contrib.auth.signals import user_logged_in
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.request import Request

from apps.accounts import emails, tokens
from apps.accounts.models import Session, User
from apps.core.database import is_unique_violation
from apps.core.errors import Problem, conflict, unauthorized
from apps.core.mail import send_later
from apps.core.models import uuid7


def register(email: str, password: str, name: str | None = None) -> None:
    """Create the account unless the address is in use; send an email in either case."""
    user = User(email=email.lower(), name=name, password=make_password(password))
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        if not is_unique_violation(error):
            raise
        send_later(emails.already_registered, email)
    else:
        send_later(emails.verification, user)


def find_user(email: str) -> User | None:
    return User.objects.filter(email=email.lower(), is_active=True).first()


def resend_verification(email: str) -> None:
    user = find_user(email)
    if user and not user.email_verified:
        send_later(emails.verification, user)


def forgot_password(email: str) -> None:
    if user := find_user(email):
        send_later(emails.password_reset, user)


def log_in(request: Request, email: str, password: str) -> dict[str, Any]:
    user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        raise wrong_credentials()
    session_id = uuid7()
    refresh_token = tokens.new_refresh_token(session_id)
    with transaction.atomic():
        # The password may have been changed while this one was compared.
        unchanged = User.objects.filter(pk=user.pk, password=user.password, is_active=True)
        if not unchanged.select_for_update().first():
            raise wrong_credentials()
        user_logged_in.send(User, request=request, user=user)
        user.sessions.filter(expires_at__lt=timezone.now()).delete()
        Session.objects.create(
            id=session_id,
            user=user,
            refresh_hash=tokens.hash_refresh_token(refresh_token),
            user_agent=request.headers.get("User-Agent", "")[:200],
            ip=request.META["REMOTE_ADDR"],
            expires_at=refresh_expiry(),
        )
    return token_pair(session_id, refresh_token)


def wrong_credentials() -> Problem:
    return unauthorized("invalid-credentials", "The email address or the password is wrong.")


def refresh_expiry() -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=settings.REFRESH_TOKEN_SECONDS)


def token_pair(session_id: UUID, refresh_token: str) -> dict[str, Any]:
    seconds = settings.ACCESS_TOKEN_SECONDS
    return {
        "access_token": tokens.sign("access", seconds, sub=str(session_id)),
        "refresh_token": refresh_token,
        "token_type": tokens.SCHEME,
        "expires_in": seconds,
    }


def refresh(refresh_token: str) -> dict[str, Any]:
    """Exchange a refresh token for a new pair, once.

    A token that is used a second time may have been stolen, so the session ends (RFC 9700,
    section 4.14.2). A forged token with the id of a session ends it as well. Comparing and
    swapping is one statement, so that of many requests with the same token at most one succeeds.
    """
    session_id = tokens.session_of(refresh_token)
    if session_id is None:
        raise unauthorized("invalid-token", "The refresh token is invalid or expired.")
    given = tokens.hash_refresh_token(refresh_token)
    successor = tokens.new_refresh_token(session_id)
    session = Session.objects.filter(id=session_id)
    swapped = session.filter(
        refresh_hash=given,
        expires_at__gt=timezone.now(),
        # A join would move the comparison into a subquery, which sees the row as it was before.
        user__in=User.objects.filter(is_active=True),
    ).update(
        refresh_hash=tokens.hash_refresh_token(successor),
        last_used_at=timezone.now(),
        expires_at=refresh_expiry(),
    )
    if swapped:
        return token_pair(session_id, successor)
    reused, _ = session.exclude(refresh_hash=given).delete()
    if reused:
        raise unauthorized("refresh-token-reused", "The refresh token has already been used.")
    raise unauthorized("invalid-token", "The refresh token is invalid or expired.")


def verify_email(token: str) -> None:
    claims = tokens.read("verify-email", token)
    if not claims:
        raise invalid_link()
    unverified = User.objects.filter(id=claims["sub"], email=claims["email"], email_verified=False)
    if not unverified.update(email_verified=True):
        raise invalid_link()


def reset_password(token: str, new_password: str) -> None:
    claims = tokens.read("reset-password", token)
    user = find_user(claims["email"]) if claims else None
    if not claims or not user or user.pk != claims["sub"]:
        raise invalid_link()
    if tokens.fingerprint(user.password) != claims["password"]:
        raise invalid_link()
    new_hash = make_password(new_password)
    with transaction.atomic():
        # The link has proved that the address is the user's.
        if not replace_password(user, new_hash, email_verified=True):
            raise invalid_link()
        user.sessions.all().delete()


def change_password(user: User, session_id: UUID, current_password: str, new_password: str) -> None:
    if not user.check_password(current_password):
        raise Problem(403, "wrong-password", "The current password is wrong.")
    new_hash = make_password(new_password)
    with transaction.atomic():
        if not replace_password(user, new_hash):
            raise Problem(403, "wrong-password", "The current password has just been changed.")
        user.sessions.exclude(pk=session_id).delete()


def replace_password(user: User, new_hash: str, **changes: Any) -> bool:
    """Write the new hash and return True, unless the password has been changed meanwhile."""
    unchanged = User.objects.filter(pk=user.pk, password=user.password)
    return bool(unchanged.update(password=new_hash, **changes))


def invalid_link() -> Problem:
    return Problem(400, "invalid-token", "The link is invalid, expired or was already used.")


def keeps_admin(changes: dict[str, Any]) -> bool:
    """Return whether an active administrator is still one after these changes."""
    stays_active: bool = changes.get("is_active", True)
    return stays_active and changes.get("role", User.Role.ADMIN) == User.Role.ADMIN


def refuse_last_admin(user: User) -> None:
    """Raise 409 if no other active administrator is left; call it in a transaction."""
    if user.role != User.Role.ADMIN:
        return
    # The lock keeps two administrators from demoting each other.
    admins = User.objects.filter(role=User.Role.ADMIN, is_active=True).order_by("id")
    if list(admins.select_for_update()) == [user]:
        raise conflict("There has to be an active administrator.")


def change_user(user: User, changes: dict[str, Any]) -> User:
    """Write only these changes, since the rest of the row may have changed since it was read.

    Returns the row as it is now; raises 404 if it was deleted meanwhile.
    """
    if not changes:
        return user
    with transaction.atomic():
        if not keeps_admin(changes):
            refuse_last_admin(user)
        fresh = get_object_or_404(User.objects.select_for_update(), pk=user.pk)
        if changes.get("email", fresh.email) != fresh.email:
            changes = {"email_verified": False} | changes
        for name, value in changes.items():
            setattr(fresh, name, value)
        fresh.save(update_fields=[*changes, "updated_at"])
        # Otherwise the sessions of a deactivated user would work again after reactivation.
        if "password" in changes or not fresh.is_active:
            fresh.sessions.all().delete()
    return fresh


@transaction.atomic
def delete_user(user: User) -> None:
    refuse_last_admin(user)
    user.delete()
