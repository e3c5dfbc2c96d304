"""Who is asking: `user: CurrentUser` in a route's signature is all that a protected route needs."""

from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager

from app.auth import tokens
from app.auth.models import AuthSession
from app.core.database import DB, now
from app.core.errors import Problem
from app.users.models import User

bearer = HTTPBearer(auto_error=False, description="The `access_token` of a log-in.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
CHALLENGE = {"WWW-Authenticate": "Bearer"}

T = TypeVar("T")

# Session and user in one query: log-out, revocation and deactivation act at once. The statements
# are put together here, since that takes longer than running them.
SIGNED_IN = (
    AuthSession.id == bindparam("session_id"),
    AuthSession.expires_at > bindparam("now"),
    User.is_active,
)
USER = select(User).join(AuthSession, AuthSession.user_id == User.id).where(*SIGNED_IN)
SESSION = (
    select(AuthSession)
    .join(AuthSession.user)
    .where(*SIGNED_IN)
    .options(contains_eager(AuthSession.user))
)


def unauthorized(type: str, detail: str) -> Problem:
    return Problem(401, type, detail, headers=CHALLENGE)


async def find(db: DB, credentials: Credentials, statement: Select[T]) -> T:
    """What the statement finds for the session that the access token names; else 401."""
    if credentials is None:
        raise unauthorized("not-authenticated", "Send an access token.")
    claims = tokens.read("access", credentials.credentials)
    if claims:
        found = await db.scalar(statement, {"session_id": UUID(claims["sub"]), "now": now()})
        if found:
            return found
    raise unauthorized("invalid-token", "The access token is not valid, or no longer.")


async def get_current_session(db: DB, credentials: Credentials) -> AuthSession:
    """The session, with its user loaded."""
    return await find(db, credentials, SESSION)


async def get_current_user(db: DB, credentials: Credentials) -> User:
    return await find(db, credentials, USER)


CurrentSession = Annotated[AuthSession, Depends(get_current_session)]
CurrentUser = Annotated[User, Depends(get_current_user)]


async def get_admin(user: CurrentUser) -> User:
    if user.role != "admin":
        raise Problem(403, "forbidden", "Only an administrator may do this.")
    return user


Admin = Annotated[User, Depends(get_admin)]
