"""One plain ASGI layer around every request: its id, its log line, its headers, its last resort.

Starlette's BaseHTTPMiddleware would halve the throughput.
"""

import re
import time
from secrets import token_hex

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.config import Settings
from app.core.errors import Problem

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
DOCS_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src data: https://fastapi.tiangolo.com; "
    "script-src 'unsafe-inline' https://cdn.jsdelivr.net; "
    "style-src 'unsafe-inline' https://cdn.jsdelivr.net; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=31536000; includeSubDomains"

log = structlog.get_logger("app.request")


class RequestMiddleware:
    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = frozenset(settings.allowed_hosts)
        self.max_body_bytes = settings.max_body_bytes
        self.headers = SECURITY_HEADERS | (
            {"Strict-Transport-Security": HSTS} if settings.production else {}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = time.perf_counter()
        path: str = scope["path"]
        request_headers = Headers(scope=scope)
        given = request_headers.get("x-request-id", "")
        request_id = given if SANE_REQUEST_ID.fullmatch(given) else token_hex(16)
        status = received = 0

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_body_bytes:
                raise HTTPException(413)
            return message

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                headers["Content-Security-Policy"] = DOCS_POLICY if path == "/docs" else API_POLICY
                headers.update(self.headers)
                if path.startswith("/api/v1/auth"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            problem = self.refuse(request_headers, path)
            app = problem.response() if problem else self.app
            await app(scope, receive_within_limit, send_with_headers)
        except Exception:
            log.exception("request failed", method=scope["method"], path=path)
            if status:
                raise  # the answer has begun; only cutting the connection tells the client
            await Problem(500).response()(scope, receive, send_with_headers)
        finally:
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            log.info("request", method=scope["method"], path=path, status=status, ms=milliseconds)

    def refuse(self, headers: Headers, path: str) -> Problem | None:
        """What is wrong with a request before anything of it is read."""
        host = headers.get("host", "").lower()
        name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
        # Load balancers ask for the health of an address, not of a name.
        if not ({"*", name} & self.hosts or path.startswith("/health/")):
            return Problem(400, detail="This host is not one of ALLOWED_HOSTS.")
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self.max_body_bytes:
            return Problem(413, detail="The body is too large.")
        return None
