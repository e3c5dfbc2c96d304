"""Rate limits, counted in memory or, for several processes, in Redis."""

import math
import time
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Annotated, Literal, cast

import structlog
from fastapi import Depends, Request
from limits import RateLimitItem, parse
from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

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
        url = settings.rate_limit_storage
        options: dict[str, str | int] = {}
        if not url.startswith("memory"):
            # The defaults for Redis would be coredis, another client, and no limits of time.
            options = {
                "implementation": "redispy",
                "socket_connect_timeout": 2,
                "socket_timeout": 2,
            }
        storage = storage_from_string(f"async+{url}", wrap_exceptions=True, **options)
        self.window = MovingWindowRateLimiter(cast(Storage, storage))

    async def hit(self, action: Action, ip: str, account: str = "") -> None:
        """Count one attempt; raise 429 if there were too many."""
        if not self.enabled:
            return
        rates, ip = RATES[action], network(ip)
        await self._hit(rates.ip, action, "ip", ip)
        if account:
            await self._hit(rates.pair, action, "pair", ip, account)
            await self._hit(rates.account, action, "account", account)

    async def _hit(self, rate: RateLimitItem, *key: str) -> None:
        try:
            if await self.window.hit(rate, *key):
                return
            window = await self.window.get_window_stats(rate, *key)
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


async def get_limiter(request: Request) -> Limiter:
    return cast(Limiter, request.app.state.limiter)


async def get_client_ip(request: Request) -> str:
    """The client's IP address; behind a proxy, FORWARDED_ALLOW_IPS decides."""
    try:
        return plain(request.client.host if request.client else "")
    except ValueError:
        return ""  # a Unix socket, or a proxy that sends no address


def plain(address: str) -> str:
    """The usual form of an IP address; an IPv6 socket shows 192.0.2.1 as ::ffff:192.0.2.1."""
    ip = ip_address(address.partition("%")[0])
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def network(address: str) -> str:
    """The whole IPv6 /64, which belongs to one customer, counts as one client."""
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address


RateLimiter = Annotated[Limiter, Depends(get_limiter)]
ClientIP = Annotated[str, Depends(get_client_ip)]
