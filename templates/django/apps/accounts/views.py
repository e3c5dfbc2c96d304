"""/api/v1/auth and /api/v1/users"""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts import mails, serializers, services, tokens
from apps.accounts.models import Session, User
from apps.accounts.permissions import IsAdmin
from apps.core.json import read_body
from apps.core.limits import hit
from apps.core.mail import Accepted
from apps.core.openapi import may_answer

NO_CONTENT = {204: None}
ACCEPTED = {202: None}


class View(GenericAPIView):
    http_method_names = ("get", "head", "post", "patch", "delete")

    def read(self, instance: Any = None, *, partial: bool = False) -> Any:
        """The checked body: its values, and the serializer when it is to change an instance."""
        serializer = self.get_serializer(instance, data=read_body(self.request), partial=partial)
        serializer.is_valid(raise_exception=True)
        return serializer if instance else serializer.validated_data

    @property
    def session(self) -> Session:
        """The caller's, with its user."""
        assert isinstance(self.request.auth, Session)
        return self.request.auth


class PublicView(View):
    """For anyone, whatever token they send."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class Register(PublicView):
    serializer_class = serializers.RegisterSerializer

    @extend_schema(responses=ACCEPTED)
    @may_answer(429)
    def post(self, request: Request) -> Response:
        body = self.read()
        hit("register", request, body["email"])
        return Accepted(services.register(**body))


class Login(PublicView):
    serializer_class = serializers.LoginSerializer

    @extend_schema(responses=serializers.TokenPairSerializer)
    @may_answer(401, 429)
    def post(self, request: Request) -> Response:
        body = self.read()
        hit("login", request, body["email"])
        user_agent = request.headers.get("User-Agent", "")[:200]
        pair = services.log_in(**body, user_agent=user_agent, ip=request.META["REMOTE_ADDR"])
        return Response(pair)


class Refresh(PublicView):
    serializer_class = serializers.RefreshSerializer

    @extend_schema(responses=serializers.TokenPairSerializer)
    @may_answer(401, 429)
    def post(self, request: Request) -> Response:
        token = self.read()["refresh_token"]
        hit("refresh", request, str(tokens.session_of(token) or ""))
        return Response(services.refresh(token))


class ResendVerification(PublicView):
    serializer_class = serializers.AddressSerializer

    @extend_schema(responses=ACCEPTED)
    @may_answer(429)
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
    @may_answer(429)
    def post(self, request: Request) -> Response:
        body = self.read()
        hit("token", request)
        services.verify_email(**body)
        return Response(status=204)


class ForgotPassword(PublicView):
    serializer_class = serializers.AddressSerializer

    @extend_schema(responses=ACCEPTED)
    @may_answer(429)
    def post(self, request: Request) -> Response:
        email = self.read()["email"]
        hit("mail", request, email)
        user = services.find_user(email)
        return Accepted(partial(mails.password_reset, user) if user else None)


class ResetPassword(PublicView):
    serializer_class = serializers.ResetPasswordSerializer

    @extend_schema(responses=NO_CONTENT)
    @may_answer(429)
    def post(self, request: Request) -> Response:
        body = self.read()
        hit("token", request)
        services.reset_password(**body)
        return Response(status=204)


class ChangePassword(View):
    serializer_class = serializers.ChangePasswordSerializer

    @extend_schema(responses=NO_CONTENT)
    @may_answer(403, 429)
    def post(self, request: Request) -> Response:
        body = self.read()
        hit("login", request, self.session.user.email)
        services.change_password(self.session, **body)
        return Response(status=204)


class Logout(View):
    @extend_schema(request=None, responses=NO_CONTENT)
    def post(self, request: Request) -> Response:
        self.session.delete()
        return Response(status=204)


class Sessions(View, ListAPIView):
    serializer_class = serializers.SessionSerializer
    query_class = serializers.SessionQuery

    def get_queryset(self) -> QuerySet[Session]:
        return self.session.user.sessions.filter(expires_at__gt=timezone.now())

    @extend_schema(operation_id="auth_sessions_destroy_others", responses=NO_CONTENT)
    def delete(self, request: Request) -> Response:
        self.session.user.sessions.exclude(pk=self.session.pk).delete()
        return Response(status=204)


class OneSession(View):
    @extend_schema(request=None, responses=NO_CONTENT)
    def delete(self, request: Request, pk: UUID) -> Response:
        ended, _ = self.session.user.sessions.filter(pk=pk).delete()
        if not ended:
            raise Http404
        return Response(status=204)


class Me(View):
    serializer_class = serializers.UserSerializer

    def get(self, request: Request) -> Response:
        return Response(self.get_serializer(self.session.user).data)

    def patch(self, request: Request) -> Response:
        changes = self.read(self.session.user, partial=True)
        changes.save()
        return Response(changes.data)

    @extend_schema(responses=NO_CONTENT)
    @may_answer(409)
    def delete(self, request: Request) -> Response:
        with transaction.atomic():
            services.refuse_last_admin(self.session.user)
            self.session.user.delete()
        return Response(status=204)


class Users(View, ListAPIView):
    permission_classes = (IsAdmin,)
    queryset = User.objects.all()
    serializer_class = serializers.UserForAdminSerializer
    query_class = serializers.UserQuery
    search_fields = ("email", "name")

    get = may_answer(403)(ListAPIView.get)


class OneUser(View):
    permission_classes = (IsAdmin,)
    queryset = User.objects.all()
    serializer_class = serializers.UserForAdminSerializer

    @may_answer(403)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(self.get_serializer(get_object_or_404(User, pk=pk)).data)

    @may_answer(403, 409)
    def patch(self, request: Request, pk: UUID) -> Response:
        with transaction.atomic():
            user = get_object_or_404(User, pk=pk)
            changes = self.read(user, partial=True)
            if not services.is_admin_still(changes.validated_data):
                services.refuse_last_admin(user)
            changes.save()
        return Response(changes.data)
