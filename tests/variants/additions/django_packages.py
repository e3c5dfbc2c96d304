"""What packages do that the owner of a Django project adds, as their manuals say.

test_additions.py puts this file among the tests of a rendered project, and the two beside it at the
end of its settings and URLs.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
import structlog
from apps.accounts.models import User
from axes.models import AccessAttempt
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport
from tests.helpers import PASSWORD

LOGIN = "/api/v1/auth/login"


class Broken(APIView):
    permission_classes = ()

    def get(self, _request: HttpRequest) -> Response:
        raise ZeroDivisionError("broken on purpose")


def broken_page(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("broken on purpose")


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("<html><body>A page of one's own</body></html>")


urlpatterns = [
    path("", include("config.urls")),
    path("broken", Broken.as_view()),
    path("broken-page", broken_page),
    path("page", page),
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def outsider() -> Client:
    """A client that gets a 500 as an answer, as one beyond a network does."""
    return Client(raise_request_exception=False)


@pytest.fixture
def reported() -> Iterator[list[dict[str, Any]]]:
    """The events that Sentry's SDK would have sent."""
    events: list[dict[str, Any]] = []

    class Collecting(Transport):
        def capture_envelope(self, envelope: Envelope) -> None:
            if event := envelope.get_event():
                events.append(dict(event))

    sentry_sdk.init(dsn="https://key@sentry.invalid/1", transport=Collecting)
    yield events
    sentry_sdk.init()


@pytest.mark.parametrize("address", ["/broken", "/broken-page"])
def test_sentry_sees_each_500_once(
    reported: list[dict[str, Any]], outsider: Client, address: str
) -> None:
    response = outsider.get(address)
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
    sentry_sdk.flush()
    raised = [value["value"] for event in reported for value in event["exception"]["values"]]
    assert raised == ["broken on purpose"]


def test_opentelemetry_has_one_span_for_each_request() -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = DjangoInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    try:
        client = Client(raise_request_exception=False)
        for address in ("/health/live", "/broken"):
            client.get(address)
    finally:
        instrumentor.uninstrument()
    spans = [span for span in exporter.get_finished_spans() if span.kind is SpanKind.SERVER]
    assert [span.name for span in spans] == ["GET health/live", "GET broken"]


def test_prometheus_counts_requests(outsider: Client) -> None:
    outsider.get("/health/live")
    metrics = outsider.get("/metrics")
    assert metrics.status_code == 200
    assert b"django_http_requests_total_by_method_total" in metrics.content


def test_debug_toolbar_is_shown_on_pages_in_debug_mode(
    outsider: Client, settings: Settings
) -> None:
    assert b"djDebug" not in outsider.get("/page").content
    settings.DEBUG = True
    assert b"djDebug" in outsider.get("/page").content


def test_allauth_signs_in_the_users_of_the_api(outsider: Client, user: User) -> None:
    assert outsider.get("/accounts/login/").status_code == 200
    form = {"login": user.email, "password": PASSWORD}
    response = outsider.post("/accounts/login/", form)
    assert response.status_code == 302, response.content
    assert outsider.session["_auth_user_id"] == str(user.pk)


def test_allauth_makes_users_of_the_api(outsider: Client) -> None:
    form = {"email": "zoe@example.com", "password1": PASSWORD}
    assert outsider.post("/accounts/signup/", form).status_code == 302
    login = {"email": "zoe@example.com", "password": PASSWORD}
    assert APIClient().post(LOGIN, login, format="json").status_code == 200


def test_login_of_the_api_is_known_to_whatever_listens(user: User) -> None:
    seen: list[User] = []

    def note(user: User, **_: Any) -> None:
        seen.append(user)

    user_logged_in.connect(note)
    try:
        login = {"email": user.email, "password": PASSWORD}
        assert APIClient().post(LOGIN, login, format="json").status_code == 200
    finally:
        user_logged_in.disconnect(note)
    assert seen == [user]
    user.refresh_from_db()
    assert user.last_login is not None


def test_axes_counts_the_failed_logins_of_the_api_and_locks(user: User) -> None:
    wrong = {"email": user.email, "password": "wrong-otter-juggles"}
    for _ in range(3):
        assert APIClient().post(LOGIN, wrong, format="json").status_code in (401, 403, 429)
    assert AccessAttempt.objects.get().failures_since_start == 3
    right = {"email": user.email, "password": PASSWORD}
    assert APIClient().post(LOGIN, right, format="json").status_code in (401, 403, 429)


@pytest.mark.parametrize("environment", ["development", "production"])
def test_pages_have_sessions_and_users_in_every_environment(environment: str) -> None:
    found = middleware(environment)
    for name in ("SessionMiddleware", "CsrfViewMiddleware", "AuthenticationMiddleware"):
        assert name in found


def middleware(environment: str) -> str:
    settings = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ENVIRONMENT": environment,
        "SECRET_KEY": "a-key-of-sixty-four-characters-for-one-process-of-these-tests-xx",
        "PUBLIC_URL": "https://shop.example.com",
        "MAIL_URL": "console:",
        "ALLOWED_HOSTS": "shop.example.com",
    }
    code = "from django.conf import settings; print(settings.MIDDLEWARE)"
    command = [sys.executable, "-c", code]
    return subprocess.check_output(command, env=settings, cwd=Path(__file__).parents[1], text=True)


def test_queries_can_be_counted(
    api: APIClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(10):
        assert api.get("/api/v1/items").status_code == 200


def test_log_goes_through_logging(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        structlog.get_logger("shop").warning("the shelf is empty")
    assert "the shelf is empty" in caplog.text
