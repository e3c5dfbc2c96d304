"""Finds the user of a request by its access token."""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.accounts import tokens
from apps.accounts.models import Session, User
from apps.core.errors import unauthorized


class BearerAuthentication(BaseAuthentication):
    """Sets `request.user` to the user and `request.auth` to the session."""

    def authenticate(self, request: Request) -> tuple[User, Session] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != tokens.SCHEME.lower() or not token.strip():
            return None
        session = find_session(token.strip())
        if session is None:
            raise unauthorized("invalid-token", "The access token is invalid or expired.")
        return session.user, session

    def authenticate_header(self, request: Request) -> str:
        return tokens.SCHEME


def find_session(token: str) -> Session | None:
    """Load session and user in one query, so that logout and deactivation act at once."""
    claims = tokens.read("access", token)
    if claims is None:
        return None
    sessions = Session.objects.select_related("user").filter(user__is_active=True)
    return sessions.filter(id=claims["sub"], expires_at__gt=timezone.now()).first()
