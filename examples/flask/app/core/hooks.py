"""Request hooks: request id, log line, security headers and allowed hosts."""

import logging
import re
import time
from secrets import token_hex

import structlog
from flask import Flask, Response, g, request

from app.core.config import Settings
from app.core.errors import Problem

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
DOCS_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; "
    "script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=31536000"  # a year; subdomains may have no TLS

log = structlog.get_logger()


def init_app(app: Flask, settings: Settings) -> None:
    # Werkzeug cuts a body of unknown length there; the extra byte shows that it is too large.
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes + 1
    hosts = frozenset(host.lower() for host in settings.allowed_hosts)
    hsts = {"Strict-Transport-Security": HSTS} if settings.production else {}
    headers = SECURITY_HEADERS | hsts

    @app.before_request
    def start_request() -> None:
        g.started = time.perf_counter()
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if SANE_REQUEST_ID.fullmatch(given) else token_hex(16)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.before_request
    def check_target() -> None:
        # Werkzeug takes //path as /path, which a proxy's rules for /path do not cover.
        if request.environ["PATH_INFO"].startswith("//"):
            raise Problem(404)
        # Load balancers check the health of an address, not of a name.
        is_allowed = "*" in hosts or host_name() in hosts
        if not is_allowed and not request.path.startswith("/health/"):
            raise Problem(400, detail="This host is not one of ALLOWED_HOSTS.")

    @app.after_request
    def finish_request(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        is_docs = request.endpoint == "openapi.docs"
        response.headers["Content-Security-Policy"] = DOCS_POLICY if is_docs else API_POLICY
        response.headers.update(headers)
        if settings.cors_origins:
            response.vary.add("Origin")
        if request.path.startswith("/api/v1/auth/"):
            response.headers["Cache-Control"] = "no-store"
        # Load balancers check every few seconds.
        level = logging.DEBUG if request.path.startswith("/health/") else logging.INFO
        log.log(
            level,
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round((time.perf_counter() - g.started) * 1000, 1),
            client=request.remote_addr,
        )
        return response


def host_name() -> str:
    """The host that the client names, without the port."""
    # Flask's TRUSTED_HOSTS refuses health checks too, and cannot name [::1].
    host = str(request.environ.get("HTTP_HOST", "")).lower()
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
