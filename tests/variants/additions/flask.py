"""What the owner of a Flask project adds, as the manuals of Flask and of these packages say.

test_additions.py puts this file among the tests of a rendered project, and runs it there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
import structlog
from apiflask import APIBlueprint, APIFlask
from app import create_app
from app.core.database import db
from app.users.models import User
from flask import abort, request
from flask.testing import FlaskClient
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_login import LoginManager, UserMixin, login_required, login_user
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from prometheus_client import CollectorRegistry
from prometheus_flask_exporter import PrometheusMetrics
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport
from werkzeug.wrappers import Response

bp = APIBlueprint("own", __name__, url_prefix="/own")


class Visitor(UserMixin):
    id = "1"


@bp.get("/broken")
def broken() -> str:
    raise ZeroDivisionError("broken on purpose")


@bp.get("/gone")
@bp.doc(responses={410: "The coupon has expired."})
def gone() -> str:
    abort(410, "The coupon has expired.")


@bp.post("/webhook")
def webhook() -> dict[str, Any]:
    """A webhook of somebody else, who sends lists and now and then nonsense."""
    return {"received": request.get_json(force=True, silent=True)}


@bp.get("/sign-in")
def sign_in() -> dict[str, bool]:
    return {"signed_in": login_user(Visitor())}


@bp.get("/members")
@login_required
def members() -> dict[str, str]:
    return {"hello": "member"}


@pytest.fixture
def application(app: APIFlask) -> Iterator[APIFlask]:
    """The project's application with what its owner added, on the database of the tests."""
    application = create_app()
    application.secret_key = "the-key-of-the-sessions-in-these-tests"
    application.register_blueprint(bp)
    PrometheusMetrics(application, registry=CollectorRegistry())
    login = LoginManager(application)
    login.user_loader(lambda _: Visitor())
    with application.app_context():
        Admin(application, name="shop").add_view(ModelView(User, db))
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def outsider(application: APIFlask) -> FlaskClient:
    """A client that gets a 500 as an answer, as one beyond a network does."""
    application.config["PROPAGATE_EXCEPTIONS"] = False
    return application.test_client()


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


def test_sentry_sees_each_500_once(reported: list[dict[str, Any]], outsider: FlaskClient) -> None:
    response = outsider.get("/own/broken")
    assert response.status_code == 500
    assert response.content_type == "application/problem+json"
    sentry_sdk.flush()
    raised = [value["value"] for event in reported for value in event["exception"]["values"]]
    assert raised == ["broken on purpose"]


def test_opentelemetry_has_one_span_for_each_request(application: APIFlask) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    FlaskInstrumentor().instrument_app(application, tracer_provider=provider)
    application.config["PROPAGATE_EXCEPTIONS"] = False
    for path in ("/health/live", "/own/broken"):
        application.test_client().get(path)
    spans = [span for span in exporter.get_finished_spans() if span.kind is SpanKind.SERVER]
    assert [span.name for span in spans] == ["GET /health/live", "GET /own/broken"]


def test_prometheus_counts_requests(outsider: FlaskClient) -> None:
    outsider.get("/health/live")
    metrics = outsider.get("/metrics")
    assert metrics.status_code == 200
    assert "flask_http_request_total" in metrics.text


def test_flask_admin_lists_rows(outsider: FlaskClient, user: User) -> None:
    page = outsider.get("/admin/user/")
    assert page.status_code == 200
    assert user.email in page.text
    with outsider.get("/admin/static/admin/css/bootstrap4/admin.css") as style:
        assert style.status_code == 200


def test_flask_login_keeps_strangers_out_and_members_in(outsider: FlaskClient) -> None:
    assert outsider.get("/own/members").status_code == 401
    assert outsider.get("/own/sign-in").json == {"signed_in": True}
    assert outsider.get("/own/members").json == {"hello": "member"}


@pytest.mark.parametrize(
    ("body", "received"), [("[1, 2]", [1, 2]), ('"text"', "text"), ("nonsense", None)]
)
def test_get_json_is_that_of_flask(outsider: FlaskClient, body: str, received: Any) -> None:
    response = outsider.post("/own/webhook", data=body, content_type="text/plain")
    assert response.json == {"received": received}


def test_abort_keeps_its_text(outsider: FlaskClient) -> None:
    response = outsider.get("/own/gone")
    assert response.status_code == 410
    assert response.json is not None
    assert response.json["detail"] == "The coupon has expired."


def test_any_status_can_be_documented(outsider: FlaskClient) -> None:
    document = outsider.get("/openapi.json")
    assert document.status_code == 200
    assert document.json is not None
    responses = document.json["paths"]["/own/gone"]["get"]["responses"]
    assert responses["410"]["description"] == "The coupon has expired."


def test_teardown_and_after_request_run(application: APIFlask) -> None:
    called = []

    @application.after_request
    def note(response: Response) -> Response:
        called.append("after")
        return response

    application.teardown_request(lambda _error: called.append("teardown"))
    application.test_client().get("/health/live")
    assert called == ["after", "teardown"]


def test_log_goes_through_logging(caplog: pytest.LogCaptureFixture, app: APIFlask) -> None:
    with caplog.at_level(logging.INFO):
        structlog.get_logger("shop").warning("the shelf is empty")
    assert "the shelf is empty" in caplog.text
