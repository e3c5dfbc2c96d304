"""The one place that knows the frameworks: what bounds each, and how that is served."""

from __future__ import annotations

from dataclasses import dataclass

BOUNDS = "benchmarks.apps.bounds"
UVICORN = "uvicorn --host $HOST --port $PORT --workers $WORKERS --no-access-log --no-server-header"

# Threads as the projects have them.
GUNICORN = "gunicorn --bind $HOST:$PORT --workers $WORKERS --no-control-socket --threads"


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
    "flask": Bounds(
        hello=f"{GUNICORN} 10 {BOUNDS}.flask_hello:app",
        raw=f"{GUNICORN} 10 {BOUNDS}.raw_wsgi:app",
        packages=("orjson",),
    ),
    "django": Bounds(
        hello=f"{GUNICORN} 8 {BOUNDS}.django_hello:app",
        raw=f"{GUNICORN} 8 {BOUNDS}.raw_wsgi:app",
        packages=("orjson",),
    ),
}
