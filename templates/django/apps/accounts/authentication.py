"""Who is asking: DRF calls this for every view that does not say otherwise."""

from uuid import UUID

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.accounts import tokens
from apps.accounts.models import Session, User
from apps.core.errors import unauthorized

# Each is found by its id: there is nothing to order.
ACTIVE_SESSIONS = Session.objects.select_related("user").filter(user__is_active=True).order_by()


class BearerAuthentication(BaseAuthentication):
    """Sets `request.user` to the user and `request.auth` to the session."""

    def authenticate(self, request: Request) -> tuple[User, Session] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != tokens.SCHEME.lower() or not token.strip():
            return None
        session = find_session(token.strip())
        if session is None:
            raise unauthorized("invalid-token", "The access token is not valid, or no longer.")
        return session.user, session

    def authenticate_header(self, request: Request) -> str:
        return tokens.SCHEME


def find_session(token: str) -> Session | None:
    """Session and user, in one query: log-out, revocation and deactivation act at once."""
    claims = tokens.read("access", token)
    if claims is None:
        return None
    rows = ACTIVE_SESSIONS.filter(id=UUID(claims["sub"]), expires_at__gt=timezone.now())
    return next(iter(rows), None)
