"""/api/v1/auth and /api/v1/users"""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny, IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts import serializers, services, tokens
from apps.accounts.models import Session, User
from apps.core.json import read_body
from apps.core.openapi import may_answer
from apps.core.throttling import count_attempt

NO_CONTENT = {204: None}
ACCEPTED = {202: None}


class AccountView(GenericAPIView):
    http_method_names = ("get", "head", "post", "patch", "delete")

    def read(self) -> dict[str, Any]:
        """Return the valid values of the body."""
        serializer = self.get_serializer(data=read_body(self.request))
        serializer.is_valid(raise_exception=True)
        values: dict[str, Any] = serializer.validated_data
        return values

    def change(self, user: User) -> Response:
        serializer = self.get_serializer(user, data=read_body(self.request), partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    @property
    def session_id(self) -> UUID:
        assert isinstance(self.request.auth, UUID)
        return self.request.auth


@method_decorator(cache_control(no_store=True), name="dispatch")
class AuthView(AccountView):
    """A view below /auth, whose responses are not to be stored."""


class PublicView(AuthView):
    """A view for everybody, whatever token they send."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    problems = (429,)


class RegisterView(PublicView):
    serializer_class = serializers.RegisterSerializer

    @extend_schema("register", responses=ACCEPTED)
    def post(self, request: Request) -> Response:
        """Create an account.

        The answer is 202 whether or not the email address was free; an email says which. Logging in
        does not wait until the address is verified.
        """
        body = self.read()
        count_attempt("register", request, body["email"])
        services.register(**body)
        return Response(status=202)


class LoginView(PublicView):
    serializer_class = serializers.LoginSerializer

    @extend_schema("log_in", responses=serializers.TokenPairSerializer)
    @may_answer(401)
    def post(self, request: Request) -> Response:
        """Start a session with email address and password."""
        body = self.read()
        count_attempt("login", request, body["email"])
        return Response(services.log_in(request, **body))


class LoginFormView(PublicView):
    serializer_class = serializers.LoginFormSerializer
    parser_classes = (FormParser,)

    @extend_schema("log_in_with_form", responses=serializers.TokenPairSerializer)
    @may_answer(401)
    def post(self, request: Request) -> Response:
        """Log in with a form, as clients of OAuth 2 do (RFC 6749, section 4.3)."""
        form = self.read()
        count_attempt("login", request, form["username"])
        return Response(services.log_in(request, form["username"], form["password"]))


class RefreshView(PublicView):
    serializer_class = serializers.RefreshSerializer

    @extend_schema("refresh", responses=serializers.TokenPairSerializer)
    @may_answer(401)
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for a new pair; using it a second time ends the session."""
        token = self.read()["refresh_token"]
        count_attempt("refresh", request, str(tokens.session_of(token) or ""))
        return Response(services.refresh(token))


class ResendVerificationView(PublicView):
    serializer_class = serializers.EmailAddressSerializer

    @extend_schema("resend_verification", responses=ACCEPTED)
    def post(self, request: Request) -> Response:
        """Send the link that verifies an email address once more."""
        body = self.read()
        count_attempt("mail", request, body["email"])
        services.resend_verification(**body)
        return Response(status=202)


class VerifyEmailView(PublicView):
    serializer_class = serializers.EmailTokenSerializer

    @extend_schema("verify_email", responses=NO_CONTENT)
    def post(self, request: Request) -> Response:
        """Verify an email address with the token of the link."""
        body = self.read()
        count_attempt("token", request)
        services.verify_email(**body)
        return Response(status=204)


class ForgotPasswordView(PublicView):
    serializer_class = serializers.EmailAddressSerializer

    @extend_schema("forgot_password", responses=ACCEPTED)
    def post(self, request: Request) -> Response:
        """Send a link to reset the password, if there is an account with this address."""
        body = self.read()
        count_attempt("mail", request, body["email"])
        services.forgot_password(**body)
        return Response(status=202)


class ResetPasswordView(PublicView):
    serializer_class = serializers.ResetPasswordSerializer

    @extend_schema("reset_password", responses=NO_CONTENT)
    def post(self, request: Request) -> Response:
        """Set a new password with the token of the link, which ends every session."""
        body = self.read()
        count_attempt("token", request)
        services.reset_password(**body)
        return Response(status=204)


class ChangePasswordView(AuthView):
    serializer_class = serializers.ChangePasswordSerializer

    @extend_schema("change_password", responses=NO_CONTENT)
    @may_answer(403, 429)
    def post(self, request: Request) -> Response:
        """Set a new password, which ends the user's other sessions."""
        body = self.read()
        count_attempt("login", request, self.user.email)
        services.change_password(self.user, self.session_id, **body)
        return Response(status=204)


class LogoutView(AuthView):
    @extend_schema("log_out", request=None, responses=NO_CONTENT)
    def post(self, request: Request) -> Response:
        """End this session."""
        self.user.sessions.filter(pk=self.session_id).delete()
        return Response(status=204)


class SessionListView(AuthView, ListAPIView):
    serializer_class = serializers.SessionSerializer
    query_class = serializers.SessionQuery

    def get_queryset(self) -> QuerySet[Session]:
        return self.user.sessions.filter(expires_at__gt=timezone.now())

    @extend_schema("list_sessions")
    def get(self, request: Request) -> Response:
        """Return a page of the user's sessions, the last used first."""
        return super().get(request)

    @extend_schema("end_other_sessions", responses=NO_CONTENT)
    def delete(self, request: Request) -> Response:
        """End all sessions of the user except this one."""
        self.user.sessions.exclude(pk=self.session_id).delete()
        return Response(status=204)


class SessionView(AuthView):
    @extend_schema("end_session", request=None, responses=NO_CONTENT)
    def delete(self, request: Request, id: UUID) -> Response:
        """End one session of the user."""
        ended, _ = self.user.sessions.filter(pk=id).delete()
        if not ended:
            raise Http404
        return Response(status=204)


class MeView(AccountView):
    serializer_class = serializers.UserSerializer

    @extend_schema("get_me")
    def get(self, request: Request) -> Response:
        """Return the user's own account."""
        return Response(self.get_serializer(self.user).data)

    @extend_schema("update_me")
    @may_answer(409)
    def patch(self, request: Request) -> Response:
        """Change the user's own account."""
        return self.change(self.user)

    @extend_schema("delete_me", responses=NO_CONTENT)
    @may_answer(409)
    def delete(self, request: Request) -> Response:
        """Delete the user's own account and everything that belongs to it."""
        services.delete_user(self.user)
        return Response(status=204)


class UserListView(AccountView, ListAPIView):
    permission_classes = (IsAdminUser,)
    queryset = User.objects.all()
    serializer_class = serializers.UserForAdminSerializer
    query_class = serializers.UserQuery
    search_fields = ("email", "name")

    @extend_schema("list_users")
    def get(self, request: Request) -> Response:
        """Return a page of the users that match the query."""
        return super().get(request)


class UserView(AccountView, RetrieveAPIView):
    permission_classes = (IsAdminUser,)
    queryset = User.objects.all()
    serializer_class = serializers.UserForAdminSerializer
    lookup_field = "id"

    @extend_schema("get_user")
    def get(self, request: Request, id: UUID) -> Response:
        """Return one user."""
        return super().get(request)

    @extend_schema("update_user")
    @may_answer(409)
    def patch(self, request: Request, id: UUID) -> Response:
        """Change a user; deactivating one ends the user's sessions."""
        return self.change(self.get_object())
