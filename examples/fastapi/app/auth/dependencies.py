"""Authentication: a route with `user: CurrentUser` in its signature needs an access token."""

from typing import Annotated

from fastapi import Depends, Header
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from app.auth import tokens
from app.auth.models import AuthSession
from app.core.database import DB, now
from app.core.errors import Problem
from app.users.models import Role, User

FORM = "application/x-www-form-urlencoded"

# The page /docs asks for email address and password, and sends them to this path.
login = OAuth2PasswordBearer(
    tokenUrl="/api/v1/auth/token",
    scheme_name="Login",
    auto_error=False,
    description="Your email address is the username. Leave the client's fields empty.",
)
AccessToken = Annotated[str | None, Depends(login)]
CHALLENGE = {"WWW-Authenticate": "Bearer"}

# Session and user in one query, so that logout, revocation and deactivation act at once. It is
# built once, since building it takes longer than running it.
SIGNED_IN = (
    select(AuthSession)
    .join(AuthSession.user)
    .where(
        AuthSession.id == bindparam("session_id"),
        AuthSession.expires_at > bindparam("now"),
        User.is_active,
    )
    .options(contains_eager(AuthSession.user))
)


def unauthorized(type: str, detail: str) -> Problem:
    return Problem(401, type, detail, headers=CHALLENGE)


async def get_current_session(db: DB, token: AccessToken) -> AuthSession:
    """The session of the access token, with its user; 401 without one."""
    if not token:
        raise unauthorized("not-authenticated", "Send an access token.")
    if claims := tokens.read("access", token):
        parameters = {"session_id": claims["sub"], "now": now()}
        if session := await db.scalar(SIGNED_IN, parameters):
            return session
    raise unauthorized("invalid-token", "The access token is invalid or expired.")


CurrentSession = Annotated[AuthSession, Depends(get_current_session)]


async def get_current_user(session: CurrentSession) -> User:
    return session.user


CurrentUser = Annotated[User, Depends(get_current_user)]


async def get_admin(user: CurrentUser) -> User:
    if user.role is not Role.ADMIN:
        raise Problem(403, "forbidden", "Only an administrator may do this.")
    return user


def require_form(content_type: Annotated[str, Header(include_in_schema=False)] = FORM) -> None:
    """Refuse other bodies, of which FastAPI would read some and take the rest for empty forms."""
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise Problem(415, detail=f"Send a form, with Content-Type: {FORM}.")


Admin = Annotated[User, Depends(get_admin)]
