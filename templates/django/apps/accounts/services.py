"""Work in several steps: registering, logging in, refreshing, resetting.

Hashing takes long on purpose. No transaction is open meanwhile, so that it holds up nobody else.
"""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone

from apps.accounts import mails, tokens
from apps.accounts.models import Session, User
from apps.core.errors import Problem, conflict, unauthorized
from apps.core.exceptions import is_unique_violation
from apps.core.models import uuid7


def register(email: str, password: str, name: str | None = None) -> Callable[[], EmailMessage]:
    """Create the account unless the address is taken; return the mail to send in either case."""
    user = User(email=email.lower(), name=name, password=make_password(password))
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        if not is_unique_violation(error):
            raise
        return partial(mails.already_registered, email)
    return partial(mails.verification, user)


def find_user(email: str) -> User | None:
    """The active user with that address."""
    return User.objects.filter(email=email.lower(), is_active=True).first()


def verify_password(password: str, user: User | None) -> bool:
    """Compare; if there is no user with that address, take as long and return False."""
    if user is None:
        make_password(password)
        return False
    return check_password(password, user.password)


def log_in(email: str, password: str, user_agent: str, ip: str) -> dict[str, Any]:
    user = find_user(email)
    if not verify_password(password, user) or not user:
        raise wrong_credentials()
    with transaction.atomic():
        # The password may have been changed while this one was compared.
        unchanged = User.objects.filter(pk=user.pk, password=user.password, is_active=True)
        if not unchanged.select_for_update().first():
            raise wrong_credentials()
        user.sessions.filter(expires_at__lt=timezone.now()).delete()
        session_id = uuid7()
        refresh_token = tokens.new_refresh_token(session_id)
        Session.objects.create(
            id=session_id,
            user=user,
            refresh_hash=tokens.hash_refresh_token(refresh_token),
            user_agent=user_agent,
            ip=ip,
            expires_at=refresh_expiry(),
        )
    return token_pair(session_id, refresh_token)


def wrong_credentials() -> Problem:
    return unauthorized("invalid-credentials", "The address or the password is wrong.")


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
    """Swap a refresh token for a new pair, once.

    A token that was swapped before is in two hands, one of them a thief's: the session ends
    (RFC 9700, section 4.14.2). A forged token with the id of a session ends it as well. Comparing
    and swapping is one statement, so that of many requests with the same token at most one wins.
    """
    session_id = tokens.session_of(refresh_token)
    if session_id is None:
        raise unauthorized("invalid-token", "The refresh token is not valid.")
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
        raise unauthorized("refresh-token-reused", "The refresh token was used before.")
    raise unauthorized("invalid-token", "The refresh token is not valid, or no longer.")


def verify_email(token: str) -> None:
    claims = tokens.read("verify-email", token)
    if not claims:
        raise used_token()
    unverified = User.objects.filter(
        id=UUID(claims["sub"]), email=claims["email"], email_verified=False
    )
    if not unverified.update(email_verified=True):
        raise used_token()


def reset_password(token: str, new_password: str) -> None:
    claims = tokens.read("reset-password", token)
    user = find_user(claims["email"]) if claims else None
    if not claims or not user or str(user.pk) != claims["sub"]:
        raise used_token()
    if tokens.fingerprint(user.password) != claims["password"]:
        raise used_token()
    new_hash = make_password(new_password)
    with transaction.atomic():
        # Following the link proves the address.
        if not replace_password(user, new_hash, email_verified=True):
            raise used_token()
        user.sessions.all().delete()


def change_password(session: Session, current_password: str, new_password: str) -> None:
    user = session.user
    if not verify_password(current_password, user):
        raise Problem(403, "wrong-password", "The current password is wrong.")
    new_hash = make_password(new_password)
    with transaction.atomic():
        if not replace_password(user, new_hash):
            raise Problem(403, "wrong-password", "The current password has just been changed.")
        user.sessions.exclude(pk=session.pk).delete()


def replace_password(user: User, new_hash: str, **changes: Any) -> bool:
    """Write the new hash unless the password has been replaced meanwhile; return whether it was."""
    unchanged = User.objects.filter(pk=user.pk, password=user.password)
    return bool(unchanged.update(password=new_hash, **changes))


def used_token() -> Problem:
    return Problem(400, "invalid-token", "The link is wrong, used or expired.")


def keeps_admin(changes: dict[str, Any]) -> bool:
    """Whether these changes leave an administrator an active administrator."""
    stays_active: bool = changes.get("is_active", True)
    return stays_active and changes.get("role", User.Role.ADMIN) == User.Role.ADMIN


def refuse_last_admin(user: User) -> None:
    """Raise 409 if there would be no administrator without this one; call it in a transaction."""
    # The lock lets only one of two administrators demote the other.
    admins = User.objects.filter(role=User.Role.ADMIN, is_active=True).order_by("id")
    if list(admins.select_for_update()) == [user]:
        raise conflict("The last administrator has to stay one.")


def change_user(user: User, changes: dict[str, Any]) -> User:
    """Write these changes alone: others may have changed the rest of the row since it was read.

    Returns the row as it is now; raises 404 if it was deleted meanwhile.
    """
    with transaction.atomic():
        fresh = get_object_or_404(User.objects.select_for_update(), pk=user.pk)
        if changes.get("email", fresh.email) != fresh.email:
            changes = {"email_verified": False} | changes
        for name, value in changes.items():
            setattr(fresh, name, value)
        fresh.save(update_fields=[*changes, "updated_at"])
        # Sessions of a deactivated user would come back to life on reactivation.
        if "password" in changes or not fresh.is_active:
            fresh.sessions.all().delete()
    return fresh
