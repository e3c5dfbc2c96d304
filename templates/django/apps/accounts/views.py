"""/api/v1/auth and /api/v1/users"""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.permissions import AllowAny, IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts import mails, serializers, services, tokens
from apps.accounts.models import Session, User
from apps.core.json import read_body
from apps.core.limits import hit
from apps.core.mail import Accepted
from apps.core.openapi import may_answer

NO_CONTENT = {204: None}
ACCEPTED = {202: None}


class AccountView(GenericAPIView):
    http_method_names = ("get", "head", "post", "patch", "delete")

    def read(self) -> dict[str, Any]:
        """The checked values of the body."""
        serializer = self.get_serializer(data=read_body(self.request))
        serializer.is_valid(raise_exception=True)
        values: dict[str, Any] = serializer.validated_data
        return values

    @property
    def session(self) -> Session:
        """The caller's, with its user."""
        assert isinstance(self.request.auth, Session)
        return self.request.auth


# For anyone, whatever token they send. A docstring would become the description of every route.
class PublicView(AccountView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    problems = (429,)


class Register(PublicView):
    serializer_class = serializers.RegisterSerializer

    @extend_schema(responses=ACCEPTED)
    def post(self, request: Request) -> Response:
        body = self.read()
        hit("register", request, body["email"])
        return Accepted(services.register(**body))


class Login(PublicView):
    serializer_class = serializers.LoginSerializer

    @extend_schema(responses=serializers.TokenPairSerializer)
    @may_answer(401)
    def post(self, request: Request) -> Response:
        body = self.read()
        hit("login", request, body["email"])
        user_agent = request.headers.get("User-Agent", "")[:200]
        pair = services.log_in(**body, user_agent=user_agent, ip=request.META["REMOTE_ADDR"])
        return Response(pair)


class Refresh(PublicView):
    serializer_class = serializers.RefreshSerializer

    @extend_schema(responses=serializers.TokenPairSerializer)
    @may_answer(401)
    def post(self, request: Request) -> Response:
        token = self.read()["refresh_token"]
        hit("refresh", request, str(tokens.session_of(token) or ""))
        return Response(services.refresh(token))


class ResendVerification(PublicView):
    serializer_class = serializers.AddressSerializer

    @extend_schema(responses=ACCEPTED)
    def post(self, request: Request) -> Response:
        email = self.read()["email"]
        hit("mail", request, email)
        user = services.find_user(email)
        if user and not user.email_verified:
            return Accepted(partial(mails.verification, user))
        return Accepted()


class VerifyEmail(PublicView):
    serializer_class = serializers.MailTokenSerializer

    @extend_schema(responses=NO_CONTENT)
    def post(self, request: Request) -> Response:
        body = self.read()
        hit("token", request)
        services.verify_email(**body)
        return Response(status=204)


class ForgotPassword(PublicView):
    serializer_class = serializers.AddressSerializer

    @extend_schema(responses=ACCEPTED)
    def post(self, request: Request) -> Response:
        email = self.read()["email"]
        hit("mail", request, email)
        user = services.find_user(email)
        return Accepted(partial(mails.password_reset, user) if user else None)


class ResetPassword(PublicView):
    serializer_class = serializers.ResetPasswordSerializer

    @extend_schema(responses=NO_CONTENT)
    def post(self, request: Request) -> Response:
        body = self.read()
        hit("token", request)
        services.reset_password(**body)
        return Response(status=204)


class ChangePassword(AccountView):
    serializer_class = serializers.ChangePasswordSerializer

    @extend_schema(responses=NO_CONTENT)
    @may_answer(403, 429)
    def post(self, request: Request) -> Response:
        body = self.read()
        hit("login", request, self.session.user.email)
        services.change_password(self.session, **body)
        return Response(status=204)


class Logout(AccountView):
    @extend_schema(request=None, responses=NO_CONTENT)
    def post(self, request: Request) -> Response:
        self.session.delete()
        return Response(status=204)


class SessionList(AccountView, ListAPIView):
    serializer_class = serializers.SessionSerializer
    query_class = serializers.SessionQuery

    def get_queryset(self) -> QuerySet[Session]:
        return self.session.user.sessions.filter(expires_at__gt=timezone.now())

    @extend_schema(operation_id="auth_sessions_destroy_others", responses=NO_CONTENT)
    def delete(self, request: Request) -> Response:
        self.session.user.sessions.exclude(pk=self.session.pk).delete()
        return Response(status=204)


class SessionDetail(AccountView):
    @extend_schema(request=None, responses=NO_CONTENT)
    def delete(self, request: Request, pk: UUID) -> Response:
        ended, _ = self.session.user.sessions.filter(pk=pk).delete()
        if not ended:
            raise Http404
        return Response(status=204)


class Me(AccountView):
    serializer_class = serializers.UserSerializer

    def get(self, request: Request) -> Response:
        return Response(self.get_serializer(self.session.user).data)

    def patch(self, request: Request) -> Response:
        user = self.session.user
        serializer = self.get_serializer(user, data=read_body(request), partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)

    @extend_schema(responses=NO_CONTENT)
    @may_answer(409)
    def delete(self, request: Request) -> Response:
        with transaction.atomic():
            services.refuse_last_admin(self.session.user)
            self.session.user.delete()
        return Response(status=204)


class UserList(AccountView, ListAPIView):
    permission_classes = (IsAdminUser,)
    queryset = User.objects.all()
    serializer_class = serializers.UserForAdminSerializer
    query_class = serializers.UserQuery
    search_fields = ("email", "name")


class UserDetail(AccountView, RetrieveAPIView):
    permission_classes = (IsAdminUser,)
    queryset = User.objects.all()
    serializer_class = serializers.UserForAdminSerializer

    @may_answer(409)
    def patch(self, request: Request, pk: UUID) -> Response:
        with transaction.atomic():
            user = self.get_object()
            serializer = self.get_serializer(user, data=read_body(request), partial=True)
            serializer.is_valid(raise_exception=True)
            if not services.keeps_admin(serializer.validated_data):
                services.refuse_last_admin(user)
            serializer.save()
        return Response(serializer.data)
