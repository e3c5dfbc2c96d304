"""The one place that knows the frameworks: what bounds each, and how that is served."""

from __future__ import annotations

from dataclasses import dataclass

BOUNDS = "benchmarks.apps.bounds"
UVICORN = "uvicorn --host $HOST --port $PORT --workers $WORKERS --no-access-log --no-server-header"

# Threads as the projects have them.
GUNICORN = "gunicorn --bind $HOST:$PORT --workers $WORKERS --no-control-socket --threads"


@dataclass(frozen=True)
class Bounds:
    """Shell lines that serve, as the project is served, what it is compared with.

    `hello` is the framework alone, `raw` the driver alone, `orm` the framework with its ORM, as
    their documentation shows them.

    `packages` are those that the project itself does not depend on.
    """

    hello: str
    raw: str
    orm: str
    packages: tuple[str, ...]


FRAMEWORKS = {
    "fastapi": Bounds(
        hello=f"{UVICORN} {BOUNDS}.fastapi_hello:app",
        raw=f"{UVICORN} {BOUNDS}.raw_asgi:app",
        orm=f"{UVICORN} {BOUNDS}.fastapi_orm:app",
        packages=("asyncpg", "orjson"),
    ),
    "flask": Bounds(
        hello=f"{GUNICORN} 10 {BOUNDS}.flask_hello:app",
        raw=f"{GUNICORN} 10 {BOUNDS}.raw_wsgi:app",
        orm=f"{GUNICORN} 10 {BOUNDS}.flask_orm:app",
        packages=("orjson",),
    ),
    "django": Bounds(
        hello=f"{GUNICORN} 8 {BOUNDS}.django_hello:app",
        raw=f"env COUNTS_APART=1 {GUNICORN} 8 {BOUNDS}.raw_wsgi:app",
        orm=f"{GUNICORN} 8 {BOUNDS}.django_orm:app",
        packages=("orjson",),
    ),
}
