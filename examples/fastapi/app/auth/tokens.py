"""Tokens: signed ones for access and links in emails, random ones for refreshing.

The purpose of a signed token is its audience, so that a token of one kind is never taken for
another (RFC 8725, section 3.8).
"""

import datetime as dt
import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Literal
from uuid import UUID

import jwt

from app.core.config import get_settings
from app.core.database import now

Purpose = Literal["access", "verify-email", "reset-password"]
UUID_BYTES = 16
UNREADABLE = (jwt.InvalidTokenError, ValueError)


def sign(purpose: Purpose, seconds: int, **claims: str) -> str:
    issued = now()
    payload = {"aud": purpose, "iat": issued, "exp": issued + dt.timedelta(seconds=seconds)}
    key = get_settings().secret_key.get_secret_value()
    return jwt.encode(payload | claims, key, algorithm="HS256")


def read(purpose: Purpose, token: str) -> dict[str, Any] | None:
    """The claims of a token for that purpose, or None if it is invalid or expired."""
    key = get_settings().secret_key.get_secret_value()
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience=purpose,
            options={"require": ["aud", "exp", "sub"]},
        )
        return claims | {"sub": UUID(claims["sub"])}
    except UNREADABLE:
        return None


def fingerprint(value: str) -> str:
    """Bind a token to a value that changes when the token has been used."""
    return hashlib.sha256(value.encode()).hexdigest()[:32]


def new_refresh_token(session_id: UUID) -> str:
    """The id of the session, and 256 random bits."""
    return urlsafe_b64encode(session_id.bytes + secrets.token_bytes(32)).decode()


def session_of(refresh_token: str) -> UUID | None:
    try:
        raw = urlsafe_b64decode(refresh_token.encode("ascii"))
    except ValueError:
        return None
    return UUID(bytes=raw[:UUID_BYTES]) if len(raw) == UUID_BYTES + 32 else None


def hash_refresh_token(refresh_token: str) -> str:
    return hashlib.sha256(refresh_token.encode()).hexdigest()
