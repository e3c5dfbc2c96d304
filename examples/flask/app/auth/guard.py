"""Authentication: a route with `@bp.auth_required(auth)` needs an access token."""

from typing import Any, NoReturn

from apiflask import HTTPError, HTTPTokenAuth
from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from app.auth import tokens
from app.auth.models import AuthSession
from app.core.config import get_settings
from app.core.database import db, now
from app.core.errors import Problem
from app.users.models import User


class LoginAuth(HTTPTokenAuth):
    """A bearer token, for which the page /docs asks for email address and password."""

    def get_security_scheme(self) -> dict[str, Any]:
        token_url = f"{get_settings().root_path}/api/v1/auth/token"
        return {
            "type": "oauth2",
            "description": "Your email address is the username. Leave the client's fields empty.",
            "flows": {"password": {"tokenUrl": token_url, "scopes": {}}},
        }


auth = LoginAuth(name="Login")
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


@auth.verify_token  # type: ignore[untyped-decorator]
def load_session(token: str) -> AuthSession | None:
    """The session that the access token names, with its user."""
    claims = tokens.read("access", token)
    if claims is None:
        return None
    return db.session.scalar(SIGNED_IN, {"session_id": claims["sub"], "now": now()})


@auth.get_user_roles  # type: ignore[untyped-decorator]
def get_roles(session: AuthSession) -> str:
    """For `@bp.auth_required(auth, roles=["admin"])`."""
    return session.user.role


@auth.error_processor
def raise_problem(error: HTTPError) -> NoReturn:
    if error.status_code == 403:
        raise Problem(403, "forbidden", "Only an administrator may do this.")
    # None without the header, and without a token when the scheme is not Bearer.
    if not getattr(auth.get_auth(), "token", None):
        raise unauthorized("not-authenticated", "Send an access token.")
    raise unauthorized("invalid-token", "The access token is invalid or expired.")


def current_session() -> AuthSession:
    session = auth.current_user
    assert isinstance(session, AuthSession)
    return session


def current_user() -> User:
    return current_session().user
