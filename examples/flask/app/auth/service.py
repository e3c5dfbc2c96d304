"""Registration, login, refresh and passwords.

Hashing takes long on purpose. No transaction is open while it runs, so that it holds neither a
lock nor a connection.
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.auth import tokens
from app.auth.guard import unauthorized
from app.auth.models import AuthSession
from app.auth.passwords import hash_password, verify_password
from app.auth.schemas import ChangePassword, Login, Register, ResetPassword, TokenPair
from app.core.config import get_settings
from app.core.database import db, now, uuid7
from app.core.errors import Problem, is_unique_violation
from app.users.models import User


def register(body: Register) -> User | None:
    """Create the account; None if there is one with this email address."""
    password_hash = hash_password(body.password)
    user = User(email=body.email, name=body.name, password_hash=password_hash)
    db.session.add(user)
    try:
        db.session.commit()
    except IntegrityError as error:
        if not is_unique_violation(error):
            raise
        return None
    return user


def find_active_user(email: str) -> User | None:
    """Look up the user with this email address, and end the transaction."""
    user = db.session.scalar(select(User).where(User.email == email, User.is_active))
    db.session.commit()
    return user


def log_in(body: Login, user_agent: str, ip: str) -> TokenPair:
    user = find_active_user(body.email)
    if not verify_password(body.password, user.password_hash if user else None) or not user:
        raise invalid_credentials()
    # The password may have been changed during the comparison.
    unchanged = select(User.id).where(
        User.id == user.id, User.password_hash == user.password_hash, User.is_active
    )
    if not db.session.scalar(unchanged.with_for_update()):
        raise invalid_credentials()
    expired = AuthSession.expires_at < now()
    db.session.execute(delete(AuthSession).where(AuthSession.user_id == user.id, expired))
    session_id = uuid7()
    refresh_token = tokens.new_refresh_token(session_id)
    db.session.add(
        AuthSession(
            id=session_id,
            user_id=user.id,
            refresh_hash=tokens.hash_refresh_token(refresh_token),
            user_agent=user_agent,
            ip=ip,
            expires_at=refresh_expiry(),
        )
    )
    db.session.commit()
    return token_pair(session_id, refresh_token)


def invalid_credentials() -> Problem:
    return unauthorized("invalid-credentials", "The email address or the password is wrong.")


def refresh_expiry() -> dt.datetime:
    return now() + dt.timedelta(seconds=get_settings().refresh_token_seconds)


def token_pair(session_id: UUID, refresh_token: str) -> TokenPair:
    seconds = get_settings().access_token_seconds
    access_token = tokens.sign("access", seconds, sub=str(session_id))
    return TokenPair(
        access_token=access_token,
        refresh_token=refresh_token,
        token_type="Bearer",  # noqa: S106
        expires_in=seconds,
    )


def refresh(refresh_token: str) -> TokenPair:
    """Exchange a refresh token for a new pair, once.

    A token that was used before is in two hands, one of them a thief's, so the session ends
    (RFC 9700, section 4.14.2); so does one whose secret part is wrong. Comparing and replacing is
    one statement, so that one of several concurrent requests wins.
    """
    session_id = tokens.session_of(refresh_token)
    if session_id is None:
        raise unauthorized("invalid-token", "The refresh token is invalid.")
    given = tokens.hash_refresh_token(refresh_token)
    successor = tokens.new_refresh_token(session_id)
    swapped = db.session.scalar(
        update(AuthSession)
        .where(
            AuthSession.id == session_id,
            AuthSession.refresh_hash == given,
            AuthSession.expires_at > now(),
            AuthSession.user_id.in_(select(User.id).where(User.is_active)),
        )
        .values(
            refresh_hash=tokens.hash_refresh_token(successor),
            last_used_at=now(),
            expires_at=refresh_expiry(),
        )
        .returning(AuthSession.id)
    )
    if swapped:
        db.session.commit()
        return token_pair(session_id, successor)
    reused = db.session.scalar(
        delete(AuthSession)
        .where(AuthSession.id == session_id, AuthSession.refresh_hash != given)
        .returning(AuthSession.id)
    )
    db.session.commit()
    if reused:
        raise unauthorized("refresh-token-reused", "The refresh token was used before.")
    raise unauthorized("invalid-token", "The refresh token is invalid or expired.")


def verify_email(token: str) -> None:
    claims = tokens.read("verify-email", token)
    verified = claims and db.session.scalar(
        update(User)
        .where(
            User.id == claims["sub"],
            User.email == claims["email"],
            User.email_verified.is_(False),
        )
        .values(email_verified=True)
        .returning(User.id)
    )
    if not verified:
        raise invalid_link()
    db.session.commit()


def reset_password(body: ResetPassword) -> None:
    claims = tokens.read("reset-password", body.token)
    user = find_active_user(claims["email"]) if claims else None
    if not claims or not user or user.id != claims["sub"]:
        raise invalid_link()
    if tokens.fingerprint(user.password_hash) != claims["password"]:
        raise invalid_link()
    if not replace_password(user, body.new_password):
        raise invalid_link()
    # The link was emailed, so the user can read email at this address.
    db.session.execute(update(User).where(User.id == user.id).values(email_verified=True))
    db.session.execute(delete(AuthSession).where(AuthSession.user_id == user.id))
    db.session.commit()


def change_password(session: AuthSession, body: ChangePassword) -> None:
    db.session.commit()
    user = session.user
    if not verify_password(body.current_password, user.password_hash):
        raise Problem(403, "wrong-password", "The current password is wrong.")
    if not replace_password(user, body.new_password):
        raise Problem(403, "wrong-password", "The current password has just been changed.")
    others = AuthSession.user_id == user.id, AuthSession.id != session.id
    db.session.execute(delete(AuthSession).where(*others))
    db.session.commit()


def replace_password(user: User, password: str) -> bool:
    """Store the new hash, unless the password was changed in the meantime."""
    old_hash, new_hash = user.password_hash, hash_password(password)
    replaced = db.session.scalar(
        update(User)
        .where(User.id == user.id, User.password_hash == old_hash)
        .values(password_hash=new_hash)
        .returning(User.id)
    )
    return replaced is not None


def invalid_link() -> Problem:
    return Problem(400, "invalid-token", "This link is invalid, has been used or has expired.")
