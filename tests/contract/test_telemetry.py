"""Traces, metrics and logs, as a collector, Prometheus and Sentry receive them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from .client import Client
from .expect import expect_problem
from .openapi import Document
from .otlp import Receiver, receiving, values
from .people import PASSWORD, Host, new_email
from .polling import wait_until
from .resource import Resource
from .site import Site

pytestmark = pytest.mark.telemetry

SERVER, CLIENT, ERROR = Span.SPAN_KIND_SERVER, Span.SPAN_KIND_CLIENT, 2
EXPORTED = 10  # seconds within which a server that is busy sends what it has recorded


def traced(trace: str, *, sampled: bool = True) -> dict[str, str]:
    """Return the header by which a caller names the trace of its request."""
    return {"traceparent": f"00-{trace}-b7ad6b7169203331-{sampled:02x}"}


def new_trace() -> str:
    return uuid.uuid4().hex


@pytest.fixture(scope="session")
def receiver(site: Site, host: Host) -> Receiver:
    return site.receiver


def spans_of(receiver: Receiver, trace: str, kind: int = SERVER) -> list[Span]:
    return [span for span in receiver.trace(trace) if span.kind == kind]


def expect_request(receiver: Receiver, trace: str) -> Span:
    """Wait for the span of the only request of a trace."""
    wait_until(lambda: bool(spans_of(receiver, trace)), "the span is sent", EXPORTED)
    (span,) = spans_of(receiver, trace)
    return span


@pytest.mark.contract("telemetry.traces")
def test_a_sampled_request_is_a_span_of_its_callers_trace(
    receiver: Receiver, resources: list[Resource]
) -> None:
    resource, trace = resources[0], new_trace()
    url = resource.url(resource.make())
    assert resource.owner.get(url, headers=traced(trace)).status_code == 200
    span = expect_request(receiver, trace)
    attributes = values(span.attributes)
    assert span.parent_span_id.hex() == "b7ad6b7169203331"
    assert attributes["http.request.method"] == "GET"
    assert attributes["http.response.status_code"] == 200
    route = attributes["http.route"]
    assert route.startswith(f"/api/v1{resource.path}/"), route
    assert url.rpartition("/")[2] not in route
    assert span.name == f"GET {route}"
    assert receiver.resources[0]["service.name"]


@pytest.mark.contract("telemetry.sampling", "telemetry.trace-id")
def test_others_are_not_sent(receiver: Receiver, client: Client) -> None:
    unsampled, sampled = new_trace(), new_trace()
    own = expect_problem(client.get("/no-such-path"), 404)["trace_id"]
    client.get("/no-such-path", headers=traced(unsampled, sampled=False))
    client.get("/no-such-path", headers=traced(sampled))
    expect_request(receiver, sampled)
    assert not receiver.trace(own)
    assert not receiver.trace(unsampled)


@pytest.mark.contract("telemetry.statements")
def test_statements_are_spans_within_that_of_the_request(
    receiver: Receiver, resources: list[Resource]
) -> None:
    resource, trace = resources[0], new_trace()
    path = f"{resource.path}?q=sought-after-value"
    assert resource.owner.get(path, headers=traced(trace)).status_code == 200
    request = expect_request(receiver, trace)
    statements = spans_of(receiver, trace, CLIENT)
    texts = [values(span.attributes)["db.query.text"] for span in statements]
    assert any("SELECT" in text for text in texts), texts
    assert not any("sought-after-value" in text for text in texts)
    for span in statements:
        assert span.parent_span_id == request.span_id
        assert request.start_time_unix_nano <= span.start_time_unix_nano
        assert span.end_time_unix_nano <= request.end_time_unix_nano


def measured(receiver: Receiver) -> list[dict[str, Any]]:
    """Return the attributes of all durations that have arrived."""
    metrics = [one for one in list(receiver.metrics) if one.name == "http.server.request.duration"]
    return [values(point.attributes) for one in metrics for point in one.histogram.data_points]


@pytest.mark.contract("telemetry.metrics")
def test_durations_are_sent_by_route(receiver: Receiver, resources: list[Resource]) -> None:
    resource = resources[0]
    mark = uuid.uuid4().hex
    resource.owner.get(resource.path)
    resource.owner.root.get(f"/{mark}")
    # Servers refuse methods that nobody knows; this one they know, and applications do not.
    resource.owner.root.request("PROPFIND", "/")

    def routes() -> set[str]:
        return {one.get("http.route", "") for one in measured(receiver)}

    def methods() -> set[str]:
        return {one["http.request.method"] for one in measured(receiver)}

    wait_until(lambda: f"/api/v1{resource.path}" in routes(), "the route is measured", EXPORTED)
    wait_until(lambda: "_OTHER" in methods(), "the other method is measured", EXPORTED)
    assert mark not in "".join(routes())
    assert "PROPFIND" not in methods()


@pytest.mark.contract("telemetry.prometheus", "telemetry.health")
def test_each_process_has_its_metrics_on_a_port_of_its_own(
    site: Site, receiver: Receiver, resources: list[Resource]
) -> None:
    resource = resources[0]
    resource.owner.get(resource.path)

    def pages() -> list[str]:
        ports = (site.metrics_port, site.metrics_port + 1)
        return [httpx.get(f"http://127.0.0.1:{p}/metrics", trust_env=False).text for p in ports]

    def both_answer() -> bool:
        try:
            return bool(pages())
        except httpx.HTTPError:
            return False

    wait_until(both_answer, "both processes serve their metrics", 30)
    name, route = "http_server_request_duration_seconds_count", f'"/api/v1{resource.path}"'
    lines = [line for page in pages() for line in page.splitlines() if line.startswith(name)]
    assert any(route in line for line in lines), lines
    # An odd request, such as GET //health/live, is none of a load balancer's.
    assert not [line for line in lines if "/health/" in line and '"404"' not in line]


@pytest.mark.contract("telemetry.logs", "telemetry.trace-id")
def test_log_records_are_sent_with_their_trace(
    receiver: Receiver, client: Client, host: Host
) -> None:
    sampled, unsampled = new_trace(), new_trace()
    client.get("/no-such-path", headers=traced(unsampled, sampled=False))
    problem = expect_problem(client.get("/no-such-path", headers=traced(sampled)), 404)
    assert problem["trace_id"] == sampled

    def records(trace: str) -> list[Any]:
        return [one for one in list(receiver.records) if one.trace_id.hex() == trace]

    wait_until(lambda: bool(records(sampled)), "the record is sent", EXPORTED)
    (record,) = records(sampled)
    assert record.body.string_value == "request"
    assert values(record.attributes)["status"] == 404
    assert not records(unsampled)
    server = host.server
    assert server is not None
    wait_until(lambda: unsampled in server.log_text(), "the request is in the log")


@dataclass(frozen=True)
class Broken:
    """What a server whose tables are gone has sent and logged of one request, ended by SIGTERM."""

    receiver: Receiver
    trace: str
    sent: str
    log: str
    problem: dict[str, Any]


@pytest.fixture(scope="module")
def broken(site: Site, document: Document) -> Iterator[Broken]:
    url = site.databases.copy(site.prepared)
    mark, trace = f"secret-{uuid.uuid4().hex}", new_trace()
    with receiving() as receiver:
        settings = {
            **site.telemetry,
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
            # Only what is sent at the end arrives.
            "OTEL_BSP_SCHEDULE_DELAY": "60000",
            "METRICS_PORT": "",
            "SLOW_QUERY_MS": "0",
            "SENTRY_DSN": f"{receiver.url.replace('//', '//key@')}/1",
        }
        with site.server("broken", url, **settings) as server:
            client = Client(server.url, lambda _: None)  # a 500 is what is asked for
            client.root.get("/health/ready")
            lose_tables(site, url)
            answer = provoke(client, document, mark, traced(trace))
            wait_until(lambda: bool(receiver.events), "Sentry has the error", EXPORTED)
            assert not receiver.trace(trace)
        yield Broken(receiver, trace, mark, server.log_text(), expect_problem(answer, 500))


def lose_tables(site: Site, url: str) -> None:
    listing = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        "postgres": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    }
    for (table,) in site.databases.execute(url, listing[site.database]):
        site.databases.execute(url, f'ALTER TABLE "{table}" RENAME TO "lost_{table}"')


def provoke(
    client: Client, document: Document, mark: str, headers: dict[str, str]
) -> httpx.Response:
    """Send a request that needs a table, and has the mark in its query and body."""
    if document.has_auth:
        login = {"email": f"{mark}@example.com", "password": mark}
        return client.post(f"/auth/login?token={mark}", login, headers=headers)
    return client.get(f"{document.resources[0]}?q={mark}", headers=headers)


@pytest.mark.contract("telemetry.sigterm", "telemetry.errors")
def test_what_is_left_is_sent_before_the_server_ends(broken: Broken) -> None:
    (span,) = spans_of(broken.receiver, broken.trace)
    assert span.status.code == ERROR
    assert values(span.attributes)["http.response.status_code"] == 500
    failed = [s for s in spans_of(broken.receiver, broken.trace, CLIENT) if s.status.code == ERROR]
    assert failed, "the statement has no error"


@pytest.mark.contract("telemetry.sentry")
def test_sentry_has_the_error_once_and_without_what_was_sent(broken: Broken) -> None:
    (event,) = broken.receiver.events
    assert broken.sent not in json.dumps(event)


@pytest.mark.contract("telemetry.traces")
def test_spans_have_nothing_of_what_was_sent(broken: Broken) -> None:
    assert broken.receiver.spans
    assert broken.sent not in str(broken.receiver.spans)


@pytest.mark.contract("telemetry.trace-id")
def test_the_traceback_has_the_trace_of_the_request(broken: Broken) -> None:
    assert broken.problem["trace_id"] == broken.trace
    records = [r for r in broken.receiver.records if r.severity_text == "ERROR"]
    assert any(values(r.attributes).get("trace_id") == broken.trace for r in records)


@pytest.mark.contract("telemetry.workers")
@pytest.mark.jobs
@pytest.mark.auth
def test_a_worker_sends_what_it_logs_and_jobs_that_fail(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.touch()  # a file, where a folder is needed
    with receiving() as receiver:
        settings = {
            **site.telemetry,
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
            "OTEL_TRACES_SAMPLER_ARG": "1",
            "METRICS_PORT": "",
            "SENTRY_DSN": f"{receiver.url.replace('//', '//key@')}/1",
            "EMBEDDED_WORKER": "off",
        }
        with site.server("jobs", site.databases.copy(site.prepared), **settings) as server:
            body = {"email": new_email(), "password": PASSWORD}
            assert site.as_host(server).client.post("/auth/register", body).status_code == 202
            used = {**server.settings, "MAIL_URL": f"file://{folder}"}
            server.project.poe("worker", "--batch", settings=used)
        (failed,) = (one for one in receiver.records if one.body.string_value == "job failed")
        assert values(failed.attributes)["job"] == "send_verification"
        (span,) = (one for one in receiver.spans if one.name == "send_verification")
        assert (span.trace_id, span.status.code) == (failed.trace_id, ERROR)
        wait_until(lambda: bool(receiver.events), "Sentry has the failure", EXPORTED)
        (event,) = receiver.events
        assert event["exception"]["values"], event


@pytest.mark.contract("telemetry.slow-queries", "telemetry.health")
def test_slow_statements_are_logged_without_values(broken: Broken) -> None:
    slow = [line for line in broken.log.splitlines() if "slow query" in line]
    assert any("SELECT" in line for line in slow)
    assert not [line for line in broken.log.splitlines() if broken.sent in line]
    assert not any("/health/" in span.name for span in broken.receiver.spans)
