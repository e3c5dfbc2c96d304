"""What takes several steps: registering, logging in, refreshing, resetting.

Hashing takes long on purpose. No transaction is open meanwhile, so that it holds neither a lock
nor a connection.
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.auth import mails, tokens
from app.auth.guard import unauthorized
from app.auth.models import AuthSession
from app.auth.passwords import hash_password, verify_password
from app.auth.schemas import ChangePassword, Login, Register, ResetPassword, TokenPair
from app.core import mail
from app.core.config import get_settings
from app.core.database import db, now, uuid7
from app.core.errors import Problem, is_unique_violation
from app.users.models import User


def register(body: Register) -> bool:
    """Make the account; False if the address has one. Only the mail tells which."""
    password_hash = hash_password(body.password)
    user = User(email=body.email, name=body.name, password_hash=password_hash)
    db.session.add(user)
    try:
        db.session.commit()
    except IntegrityError as error:
        if not is_unique_violation(error):
            raise
        return False
    return True


def send_already_registered(email: str) -> None:
    mail.send(mails.already_registered(email))


def send_verification(email: str) -> None:
    """Mail the link, if the address has an account and is not verified."""
    user = find_user(email)
    if user and not user.email_verified:
        mail.send(mails.verification(user))


def send_password_reset(email: str) -> None:
    """Mail the link, if the address has an account."""
    user = find_user(email)
    if user:
        mail.send(mails.password_reset(user))


def find_user(email: str) -> User | None:
    """The active user with that address; ends the transaction."""
    user = db.session.scalar(select(User).where(User.email == email, User.is_active))
    db.session.commit()
    return user


def log_in(body: Login, user_agent: str, ip: str) -> TokenPair:
    user = find_user(body.email)
    if not verify_password(body.password, user.password_hash if user else None) or not user:
        raise wrong_credentials()
    # The password may have been changed while this one was compared.
    unchanged = select(User.id).where(
        User.id == user.id, User.password_hash == user.password_hash, User.is_active
    )
    if not db.session.scalar(unchanged.with_for_update()):
        raise wrong_credentials()
    db.session.execute(
        delete(AuthSession).where(AuthSession.user_id == user.id, AuthSession.expires_at < now())
    )
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


def wrong_credentials() -> Problem:
    return unauthorized("invalid-credentials", "The address or the password is wrong.")


def refresh_expiry() -> dt.datetime:
    return now() + dt.timedelta(seconds=get_settings().refresh_token_seconds)


def token_pair(session_id: UUID, refresh_token: str) -> TokenPair:
    seconds = get_settings().access_token_seconds
    access_token = tokens.sign("access", seconds, sub=str(session_id))
    return TokenPair(access_token=access_token, refresh_token=refresh_token, expires_in=seconds)


def refresh(refresh_token: str) -> TokenPair:
    """Swap a refresh token for a new pair, once.

    A token that was used before is in two hands, one of them a thief's, so the session ends
    (RFC 9700, section 4.14.2); so it does when only the session's id in the token is right.
    Comparing and swapping is one statement, so that at most one of several concurrent requests
    wins.
    """
    session_id = tokens.session_of(refresh_token)
    if session_id is None:
        raise unauthorized("invalid-token", "The refresh token is not valid.")
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
    raise unauthorized("invalid-token", "The refresh token is not valid, or no longer.")


def verify_email(token: str) -> None:
    claims = tokens.read("verify-email", token)
    if claims is None:
        raise used_token()
    verified = db.session.scalar(
        update(User)
        .where(
            User.id == UUID(claims["sub"]),
            User.email == claims["email"],
            User.email_verified.is_(False),
        )
        .values(email_verified=True)
        .returning(User.id)
    )
    if not verified:
        raise used_token()
    db.session.commit()


def reset_password(body: ResetPassword) -> None:
    claims = tokens.read("reset-password", body.token)
    user = find_user(claims["email"]) if claims else None
    if not claims or not user or str(user.id) != claims["sub"]:
        raise used_token()
    if tokens.fingerprint(user.password_hash) != claims["password"]:
        raise used_token()
    if not replace_password(user, body.new_password):
        raise used_token()
    # The link came by mail, so the address is the user's.
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
    db.session.execute(
        delete(AuthSession).where(AuthSession.user_id == user.id, AuthSession.id != session.id)
    )
    db.session.commit()


def replace_password(user: User, password: str) -> bool:
    """Write the new hash unless somebody else has replaced the old one meanwhile."""
    old_hash, new_hash = user.password_hash, hash_password(password)
    replaced = db.session.scalar(
        update(User)
        .where(User.id == user.id, User.password_hash == old_hash)
        .values(password_hash=new_hash)
        .returning(User.id)
    )
    return replaced is not None


def used_token() -> Problem:
    return Problem(400, "invalid-token", "The link is wrong, used or expired.")
