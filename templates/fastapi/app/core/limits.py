"""Rate limits, counted in memory or, for several processes, in Redis."""

import math
import time
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Annotated, cast

import structlog
from fastapi import Depends, Request
from limits import RateLimitItem, parse
from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from app.core.config import Settings
from app.core.errors import Problem


@dataclass(frozen=True)
class Limit:
    """How often one address may do a thing, to one account, and all addresses to one account.

    An account's own limit is the wide one: a stranger at one address reaches the narrow limit of
    that address first, so that the account's owner can still log in from another.
    """

    address: RateLimitItem
    pair: RateLimitItem
    account: RateLimitItem


LIMITS = {
    "login": Limit(parse("30/minute"), parse("10/minute"), parse("30/minute")),
    "refresh": Limit(parse("60/minute"), parse("60/minute"), parse("60/minute")),
    "register": Limit(parse("20/hour"), parse("3/10 minutes"), parse("10/hour")),
    "mail": Limit(parse("20/hour"), parse("3/10 minutes"), parse("10/hour")),
    "token": Limit(parse("30/minute"), parse("30/minute"), parse("30/minute")),
}


class Limiter:
    def __init__(self, settings: Settings) -> None:
        self.enabled = settings.rate_limits == "on"
        url = settings.rate_limit_storage
        options = {} if url.startswith("memory") else {"implementation": "redispy"}
        storage = storage_from_string(f"async+{url}", wrap_exceptions=True, **options)
        self.window = MovingWindowRateLimiter(cast(Storage, storage))

    async def hit(self, action: str, address: str, account: str = "") -> None:
        """Count one attempt; raise 429 when it is one too many."""
        if not self.enabled:
            return
        limit, account, address = LIMITS[action], account.lower(), network(address)
        await self._hit(limit.address, action, "address", address)
        if account:
            await self._hit(limit.pair, action, "pair", address, account)
            await self._hit(limit.account, action, "account", account)

    async def _hit(self, limit: RateLimitItem, *key: str) -> None:
        try:
            if await self.window.hit(limit, *key):
                return
            reset = (await self.window.get_window_stats(limit, *key)).reset_time
        except StorageError as error:
            # Guessing must not become possible because the counter is away.
            structlog.get_logger().error("rate limit storage unavailable", error=str(error))
            raise Problem(503, detail="Try again soon.") from error
        wait = max(1, math.ceil(reset - time.time()))
        raise Problem(
            429,
            "rate-limited",
            f"Too many attempts. Try again in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )


async def get_limiter(request: Request) -> Limiter:
    limiter: Limiter = request.app.state.limiter
    return limiter


async def get_address(request: Request) -> str:
    """The client's address; behind a proxy set FORWARDED_ALLOW_IPS, which uvicorn reads."""
    try:
        return str(ip_address(request.client.host if request.client else ""))
    except ValueError:
        return ""  # a Unix socket, or a proxy that sends something else


def network(address: str) -> str:
    """Whose address it is: who has one of IPv6 has the 2^64 around it as well."""
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address


Limits = Annotated[Limiter, Depends(get_limiter)]
Address = Annotated[str, Depends(get_address)]
