"""The one place that knows the frameworks: what bounds each, and how that is served."""

from __future__ import annotations

from dataclasses import dataclass

BOUNDS = "benchmarks.apps.bounds"
UVICORN = "uvicorn --host $HOST --port $PORT --workers $WORKERS --no-access-log --no-server-header"


@dataclass(frozen=True)
class Bounds:
    """Shell lines that serve the framework alone, and the driver alone, as the project is served.

    `packages` are those that the project itself does not depend on.
    """

    hello: str
    raw: str
    packages: tuple[str, ...]


FRAMEWORKS = {
    "fastapi": Bounds(
        hello=f"{UVICORN} {BOUNDS}.fastapi_hello:app",
        raw=f"{UVICORN} {BOUNDS}.raw_asgi:app",
        packages=("asyncpg", "orjson"),
    ),
}
