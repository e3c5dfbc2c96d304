"""Links that download a file without a login until they expire: signed tokens (RFC 7519)."""

import datetime as dt
from uuid import UUID

import jwt

from app.core.config import get_settings
from app.core.errors import Problem

# No token of another kind is taken for one of these, nor they for others (RFC 8725, section 3.8).
PURPOSE = "download-file"


def sign(id: UUID, expires_at: dt.datetime) -> str:
    key = get_settings().secret_key.get_secret_value()
    claims = {"aud": PURPOSE, "sub": str(id), "exp": expires_at}
    return jwt.encode(claims, key, algorithm="HS256")


def check(id: UUID, token: str) -> None:
    """Raise 403 unless the token is that of a link to this file, and has not expired."""
    key = get_settings().secret_key.get_secret_value()
    try:
        jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience=PURPOSE,
            subject=str(id),
            options={"require": ["aud", "exp", "sub"]},
        )
    except jwt.ExpiredSignatureError as error:
        raise Problem(403, "forbidden", "This link has expired.") from error
    except (jwt.InvalidTokenError, ValueError) as error:
        raise Problem(403, "forbidden", "This link is not valid.") from error
