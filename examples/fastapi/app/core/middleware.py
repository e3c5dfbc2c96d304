"""Middleware: request id, log line, security headers and allowed hosts.

It is plain ASGI, since BaseHTTPMiddleware would halve the throughput.
"""

import logging
import re
import time
from secrets import token_hex

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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


def path_of(scope: Scope) -> str:
    """The path without the prefix ROOT_PATH."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


class RequestMiddleware:
    """Adds the request id, the log line and the headers of every response."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.headers = SECURITY_HEADERS | (
            {"Strict-Transport-Security": HSTS} if settings.production else {}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = time.perf_counter()
        method, path = scope["method"], path_of(scope)
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if SANE_REQUEST_ID.fullmatch(given) else token_hex(16)
        status, is_replaced = 500, False
        added = {
            "X-Request-ID": request_id,
            "Content-Security-Policy": DOCS_POLICY if path == "/docs" else API_POLICY,
            **self.headers,
        }
        if path.startswith("/api/v1/auth/"):
            added["Cache-Control"] = "no-store"
        # For the response to an unhandled exception, which is sent outside of this middleware.
        scope["added_headers"] = added

        async def send_with_headers(message: Message) -> None:
            nonlocal status, is_replaced
            if is_replaced:
                return
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                if status == 413 and headers.get("content-type", "").startswith("text/plain"):
                    # FastAPI's `max_body_size` answers in plain text.
                    problem = Problem(413, detail="The body is too large.")
                    await problem.response()(scope, receive, send_with_headers)
                    is_replaced = True
                    return
                headers.update(added)
            elif method == "HEAD" and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        if method == "HEAD":
            # FastAPI adds no HEAD to GET routes (RFC 9110, section 9.3.2).
            scope = {**scope, "method": "GET"}
        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            # Load balancers check every few seconds.
            level = logging.DEBUG if path.startswith("/health/") else logging.INFO
            client = scope["client"][0] if scope["client"] else None
            log.log(
                level,
                "request",
                method=method,
                path=path,
                status=status,
                ms=milliseconds,
                client=client,
            )


class CORS(CORSMiddleware):
    """Starlette's, but a refused preflight request is a problem response, too."""

    def preflight_response(self, request_headers: Headers) -> Response:
        response = super().preflight_response(request_headers)
        if response.status_code == 400:
            detail = "This origin, method or header is not allowed."
            return Problem(400, detail=detail, headers={"Vary": "Origin"}).response()
        return response


def name_of(host: str) -> str:
    """The host without the port."""
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


class HostMiddleware:
    """Refuses hosts that are not in ALLOWED_HOSTS, and WebSockets of other origins.

    Starlette's TrustedHostMiddleware answers in plain text.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in settings.allowed_hosts)
        self.origins = frozenset(settings.cors_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        hosts = [host.lower() for host in headers.getlist("host")] or [""]
        is_allowed = "*" in self.hosts or {name_of(host) for host in hosts} <= self.hosts
        # Load balancers check the health of an address, not of a name.
        if not is_allowed and not path_of(scope).startswith("/health/"):
            problem = Problem(400, detail="This host is not one of ALLOWED_HOSTS.")
            return await problem.response()(scope, receive, send)
        # Browsers open WebSockets without asking: CORS does not cover them.
        if scope["type"] == "websocket" and self.is_foreign(headers.get("origin", ""), hosts):
            problem = Problem(403, detail="This origin is not one of CORS_ORIGINS.")
            return await problem.response()(scope, receive, send)
        await self.app(scope, receive, send)

    def is_foreign(self, origin: str, hosts: list[str]) -> bool:
        is_own = not origin or origin.lower().partition("://")[2] in hosts
        return not is_own and not {"*", origin} & self.origins
