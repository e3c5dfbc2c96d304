"""Rate limits, counted in memory or, for several processes, in Redis."""

import math
import time
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_network

import structlog
from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from rest_framework.request import Request

from apps.core.errors import Problem


@dataclass(frozen=True)
class Limit:
    """Limits for one IP, for one IP on one account, and for all IPs on one account.

    An account's own limit is the widest: an attacker at one IP reaches the narrow limit for that
    pair first, so that the account's owner can still log in from elsewhere.
    """

    ip: RateLimitItem
    pair: RateLimitItem
    account: RateLimitItem


LIMITS = {
    "login": Limit(parse("30/minute"), parse("10/minute"), parse("30/minute")),
    "refresh": Limit(parse("60/minute"), parse("60/minute"), parse("60/minute")),
    "register": Limit(parse("20/hour"), parse("3/10 minutes"), parse("10/hour")),
    "mail": Limit(parse("20/hour"), parse("3/10 minutes"), parse("10/hour")),
    "token": Limit(parse("30/minute"), parse("30/minute"), parse("30/minute")),
}


@cache
def get_limiter(storage: str) -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(
        storage_from_string(
            storage, wrap_exceptions=True, socket_connect_timeout=2, socket_timeout=2
        )
    )


def count_attempt(action: str, request: HttpRequest | Request, account: str = "") -> None:
    """Count one attempt; raise 429 when there were too many."""
    if not settings.RATE_LIMITS:
        return
    limit, account = LIMITS[action], account.lower()
    ip = client_network(request.META["REMOTE_ADDR"])
    check(limit.ip, action, "ip", ip)
    if account:
        check(limit.pair, action, "pair", ip, account)
        check(limit.account, action, "account", account)


def check(limit: RateLimitItem, *key: str) -> None:
    limiter = get_limiter(settings.RATE_LIMIT_STORAGE)
    try:
        if limiter.hit(limit, *key):
            return
        reset = limiter.get_window_stats(limit, *key).reset_time
    except StorageError as error:
        # Guessing must not become possible while the storage is away.
        structlog.get_logger().error("rate limit storage unavailable", error=str(error))
        raise Problem(503, detail="Try again soon.") from error
    wait = max(1, math.ceil(reset - time.time()))
    raise Problem(
        429,
        "rate-limited",
        f"Too many attempts. Try again in {wait} seconds.",
        headers={"Retry-After": str(wait)},
    )


def client_network(ip: str) -> str:
    """An IPv6 client controls a whole /64, which counts as one IP."""
    return str(ip_network(f"{ip}/64", strict=False)) if ":" in ip else ip
