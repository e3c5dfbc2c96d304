"""Read and check environment variables; an error names the variable."""

import os
import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ORIGIN = re.compile(r"\*|[a-z][a-z0-9+.-]*://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]+)?")


def read(name: str, parse: Callable[[str], Any] = str, default: str | None = None) -> Any:
    """Return the parsed value of a variable, or of the default if the variable is empty."""
    value = os.environ.get(name) or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set (see .env.example)")
    try:
        return parse(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} {error} (see .env.example)") from None


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value

    return parse


def boolean(value: str) -> bool:
    true, false = ("true", "on", "yes", "1"), ("false", "off", "no", "0")
    return one_of(*true, *false)(value.lower()) in true


def positive(value: str) -> int:
    if not value.isdecimal() or int(value) == 0:
        raise ValueError("must be a positive number")
    return int(value)


def comma_separated(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def origins(value: str) -> list[str]:
    for origin in comma_separated(value):
        if not ORIGIN.fullmatch(origin):
            raise ValueError(f"must be a list of scheme://host[:port]; {origin!r} is not")
    return comma_separated(value)


def networks(value: str) -> list[IPv4Network | IPv6Network]:
    """Parse addresses and networks; `*` means all."""
    return [ip_network(name) for name in comma_separated(value.replace("*", "0.0.0.0/0,::/0"))]


def path_prefix(value: str) -> str | None:
    """Return a path with a slash before it and none after it, or None for the root."""
    return f"/{value.strip('/')}" if value.strip("/") else None


def url(*schemes: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or parts.port == 0:
            raise ValueError(f"must be a URL that begins with {': or '.join(schemes)}:")
        return value

    return parse


def secret_key(value: str) -> str:
    # RFC 7518, section 3.2: an HS256 key has at least 256 bits.
    if len(value.encode()) < 32:
        raise ValueError("must be at least 32 bytes long")
    if value.startswith("change-me"):
        raise ValueError("is the example value; generate one with `openssl rand -hex 32`")
    return value


def database(url: str, seconds: float = 30) -> dict[str, Any]:
    """Turn a database URL into an entry of DATABASES."""
    config: dict[str, Any] = environ.Env.db_url_config(url) if "://" in url else {}
    match config.get("ENGINE"):
        case "django.db.backends.sqlite3":
            # A transaction that reads first and writes later fails at once if another one wrote
            # in between; one that takes the write lock from the start waits for its turn.
            config["OPTIONS"] = {
                "transaction_mode": "IMMEDIATE",
                "timeout": seconds,
                "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
            }
        case "django.db.backends.postgresql":
            options = {"connect_timeout": 5} | config.get("OPTIONS", {})
            # Each thread keeps its connection, and replaces it when it was closed meanwhile.
            config |= {"OPTIONS": options, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
        case _:
            raise ValueError("must begin with sqlite:/// or postgresql://")
    return config
