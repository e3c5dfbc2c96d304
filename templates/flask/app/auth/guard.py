"""Who is asking: `@bp.auth_required(auth)` is all that a protected route needs."""

from typing import NoReturn
from uuid import UUID

from apiflask import HTTPError, HTTPTokenAuth
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.auth import tokens
from app.auth.models import AuthSession
from app.core.database import db, now
from app.core.errors import Problem
from app.users.models import User

auth = HTTPTokenAuth(description="The `access_token` of a log-in.")
CHALLENGE = {"WWW-Authenticate": "Bearer"}


def unauthorized(type: str, detail: str) -> Problem:
    return Problem(401, type, detail, headers=CHALLENGE)


@auth.verify_token  # type: ignore[untyped-decorator]
def load_session(token: str) -> AuthSession | None:
    """Session and user, in one query: log-out, revocation and deactivation act at once."""
    claims = tokens.read("access", token)
    if claims is None:
        return None
    return db.session.scalar(
        select(AuthSession)
        .join(AuthSession.user)
        .where(
            AuthSession.id == UUID(claims["sub"]),
            AuthSession.expires_at > now(),
            User.is_active,
        )
        .options(contains_eager(AuthSession.user))
    )


@auth.get_user_roles  # type: ignore[untyped-decorator]
def get_roles(session: AuthSession) -> str:
    """For `@bp.auth_required(auth, roles=["admin"])`."""
    return session.user.role


@auth.error_processor
def refuse(error: HTTPError) -> NoReturn:
    if error.status_code == 403:
        raise Problem(403, "forbidden", "Only an administrator may do this.")
    if not getattr(auth.get_auth(), "token", None):
        raise unauthorized("not-authenticated", "Send an access token.")
    raise unauthorized("invalid-token", "The access token is not valid, or no longer.")


def current_session() -> AuthSession:
    session = auth.current_user
    assert isinstance(session, AuthSession)
    return session


def current_user() -> User:
    return current_session().user
