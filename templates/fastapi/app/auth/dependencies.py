"""Who is asking: `user: CurrentUser` in a route's signature is all that a protected route needs."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.auth import tokens
from app.auth.models import AuthSession
from app.core.database import DB, now
from app.core.errors import Problem
from app.users.models import User

bearer = HTTPBearer(auto_error=False, description="The `access_token` of a log-in.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
CHALLENGE = {"WWW-Authenticate": "Bearer"}


def unauthorized(type: str, detail: str) -> Problem:
    return Problem(401, type, detail, headers=CHALLENGE)


async def get_current_session(db: DB, credentials: Credentials) -> AuthSession:
    """Session and user, in one query: log-out, revocation and deactivation act at once."""
    if credentials is None:
        raise unauthorized("not-authenticated", "Send an access token.")
    claims = tokens.read("access", credentials.credentials)
    if claims:
        session = await db.scalar(
            select(AuthSession)
            .join(AuthSession.user)
            .where(
                AuthSession.id == UUID(claims["sub"]),
                AuthSession.expires_at > now(),
                User.is_active,
            )
            .options(contains_eager(AuthSession.user))
        )
        if session:
            return session
    raise unauthorized("invalid-token", "The access token is not valid, or no longer.")


CurrentSession = Annotated[AuthSession, Depends(get_current_session)]


async def get_current_user(session: CurrentSession) -> User:
    return session.user


CurrentUser = Annotated[User, Depends(get_current_user)]


async def get_admin(user: CurrentUser) -> User:
    if user.role != "admin":
        raise Problem(403, "forbidden", "Only an administrator may do this.")
    return user


Admin = Annotated[User, Depends(get_admin)]
