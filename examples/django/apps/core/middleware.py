"""Middleware, and a WSGI wrapper that reads request bodies."""

import re
import time
from collections.abc import Callable
from io import BytesIO
from ipaddress import IPv4Address, IPv6Address, ip_address
from secrets import token_hex
from typing import Any

import structlog
from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
)
from django.middleware.common import CommonMiddleware

View = Callable[[HttpRequest], HttpResponseBase]
Address = IPv4Address | IPv6Address

VALID_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
API_CSP = "default-src 'none'; frame-ancestors 'none'"
ADMIN_CSP = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; object-src 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

log = structlog.get_logger()


class RequestMiddleware:
    """Gives each request its id, its client's address and its log line, and sets headers."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        request_id = request.META.get("HTTP_X_REQUEST_ID", "")
        if not VALID_REQUEST_ID.fullmatch(request_id):
            request_id = token_hex(16)
        request.META["REMOTE_ADDR"] = client_address(request)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)

        response = self.get_response(request)

        response.headers["X-Request-ID"] = request_id
        set_headers(request, response)
        # Load balancers ask for the health every few seconds.
        write = log.debug if request.path_info.startswith("/health/") else log.info
        write(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1),
            client=request.META["REMOTE_ADDR"] or None,
        )
        return response


def set_headers(request: HttpRequest, response: HttpResponseBase) -> None:
    headers = response.headers
    is_admin = request.resolver_match and "admin" in request.resolver_match.app_names
    headers.setdefault("Content-Security-Policy", ADMIN_CSP if is_admin else API_CSP)
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    if isinstance(response, HttpResponse):
        headers["Content-Length"] = str(len(response.content))


def client_address(request: HttpRequest) -> str:
    """Return the client's address, as told by trusted proxies; "" for a Unix socket."""
    address = parse_address(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    for hop in reversed(forwarded.split(",")):
        previous = parse_address(hop) if is_trusted(address) else None
        if previous is None:
            break
        address = previous
    return str(address or "")


def parse_address(text: str) -> Address | None:
    """Drop the port and the scope id that may follow, and unwrap IPv4 within IPv6."""
    text = text.strip()
    if text.count(":") == 1 or "]:" in text:
        text = text.rpartition(":")[0]
    try:
        address = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_trusted(address: Address | None) -> bool:
    # The peer of a Unix socket has no address, and is on this machine.
    return address is None or any(address in network for network in settings.FORWARDED_ALLOW_IPS)


class HostMiddleware(CommonMiddleware):
    """Refuses unknown hosts, except for health checks: they may name an address instead."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        is_health_check = request.path_info.startswith("/health/")
        return None if is_health_check else super().process_request(request)


def buffer_body(application: Callable[..., Any]) -> Callable[..., Any]:
    """Read the body before the application runs.

    Django takes a chunked body for an empty one, and gunicorn closes the connection of a client
    whose body was not read.
    """

    def wrapped(environ: dict[str, Any], start_response: Any) -> Any:
        limit = 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        is_delimited = environ.get("wsgi.input_terminated", False)
        if is_delimited and int(environ.get("CONTENT_LENGTH") or 0) <= limit:
            body = environ["wsgi.input"].read(limit)
            environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return application(environ, start_response)

    return wrapped
