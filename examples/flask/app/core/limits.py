"""Rate limits, counted in memory or, for several processes, in Redis.

Flask-Limiter counts before a route's body is read; here a limit may belong to the account in it.
"""

import math
import time
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Literal, cast

import structlog
from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from app.core.config import Settings
from app.core.errors import Problem

log = structlog.get_logger()

Action = Literal["login", "refresh", "register", "mail", "token"]


@dataclass(frozen=True)
class Rates:
    """The allowed rates of an action: per client IP, per IP and account, and per account.

    The rate per account is the highest: a stranger at one IP reaches the lower rate of the pair
    first, so that the owner of the account can still log in from another IP.
    """

    ip: RateLimitItem
    pair: RateLimitItem
    account: RateLimitItem


RATES: dict[Action, Rates] = {
    "login": Rates(parse("30/minute"), parse("10/minute"), parse("30/minute")),
    "refresh": Rates(parse("60/minute"), parse("60/minute"), parse("60/minute")),
    "register": Rates(parse("20/hour"), parse("3/10 minutes"), parse("10/hour")),
    "mail": Rates(parse("20/hour"), parse("3/10 minutes"), parse("10/hour")),
    "token": Rates(parse("30/minute"), parse("30/minute"), parse("30/minute")),
}


class Limiter:
    def __init__(self, settings: Settings) -> None:
        self.enabled = settings.rate_limits
        storage = storage_from_string(
            settings.rate_limit_storage,
            wrap_exceptions=True,
            socket_connect_timeout=2,
            socket_timeout=2,
        )
        self.window = MovingWindowRateLimiter(cast(Storage, storage))

    def hit(self, action: Action, ip: str, account: str = "") -> None:
        """Count one attempt; raise 429 if there were too many."""
        if not self.enabled:
            return
        rates, ip = RATES[action], network(ip)
        self._hit(rates.ip, action, "ip", ip)
        if account:
            self._hit(rates.pair, action, "pair", ip, account)
            self._hit(rates.account, action, "account", account)

    def _hit(self, rate: RateLimitItem, *key: str) -> None:
        try:
            if self.window.hit(rate, *key):
                return
            window = self.window.get_window_stats(rate, *key)
        except StorageError as error:
            # No unlimited guessing while the storage is down.
            log.error("rate limit storage unavailable", error=str(error))
            raise Problem(503, detail="Try again soon.") from error
        wait = max(1, math.ceil(window.reset_time - time.time()))
        raise Problem(
            429,
            "rate-limited",
            f"Too many attempts. Try again in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )


def init_app(app: Flask, settings: Settings) -> None:
    app.extensions["limiter"] = Limiter(settings)


def limit(action: Action, account: str = "") -> None:
    """Count one attempt of the client at an action, on an account; raise 429 at one too many."""
    limiter: Limiter = current_app.extensions["limiter"]
    limiter.hit(action, client_address(), account)


def client_address() -> str:
    """The client's address; behind a proxy set FORWARDED_ALLOW_IPS."""
    try:
        return plain(request.remote_addr or "")
    except ValueError:
        return ""  # a Unix socket, or a proxy that sends something else


def plain(address: str) -> str:
    """The usual form of an IP address; an IPv6 socket shows 192.0.2.1 as ::ffff:192.0.2.1."""
    ip = ip_address(address.partition("%")[0])
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def network(address: str) -> str:
    """The whole IPv6 /64, which belongs to one customer, counts as one client."""
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
