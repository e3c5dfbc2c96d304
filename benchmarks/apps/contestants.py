"""What is compared in each framework, and how each is served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PEERS = "benchmarks.apps.peers"
UVICORN = f"uvicorn --host $HOST --port $PORT {PEERS}."
# The threads of the generated projects.
GUNICORN = "gunicorn --bind $HOST:$PORT --no-control-socket --worker-class gthread --threads"
FLASK, DJANGO = f"{GUNICORN} 10 {PEERS}.", f"{GUNICORN} 8 {PEERS}."

PSYCOPG = "psycopg[binary]"
SESSION = {"sub": "{session}"}
USER = {"sub": "{user}"}


@dataclass(frozen=True)
class Peer:
    """An application of `peers/`, the line of shell that serves it, and what it imports.

    One of Node imports what the generated project does. `claims` are those of its access token, a
    JWT; without any, the token is the session's id.
    """

    name: str
    serve: str
    packages: tuple[str, ...] = ()
    claims: Mapping[str, str] = field(default_factory=lambda: SESSION)


FRAMEWORKS = {
    "fastapi": (
        Peer(
            "FastAPI with SQLAlchemy",
            f"{UVICORN}fastapi_minimal:app --no-access-log",
            ("fastapi", "uvicorn[standard]", "sqlalchemy[asyncio]", PSYCOPG, "pyjwt"),
        ),
        Peer(
            "full-stack-fastapi-template",
            f"{UVICORN}fastapi_full_stack:app",
            ("fastapi", "uvicorn[standard]", "sqlmodel", PSYCOPG, "pyjwt", "email-validator"),
            USER,
        ),
        Peer(
            "fastapi_template (s3rius)",
            f"{UVICORN}fastapi_s3rius:app",
            ("fastapi", "uvicorn[standard]", "fastapi-users[sqlalchemy]", "asyncpg"),
            USER | {"aud": "fastapi-users:auth"},
        ),
    ),
    "flask": (
        Peer(
            "Flask with SQLAlchemy",
            f"{FLASK}flask_minimal:app",
            ("flask", "gunicorn", "sqlalchemy", "pydantic", PSYCOPG, "pyjwt"),
        ),
        Peer(
            "microblog-api",
            f"{FLASK}flask_microblog:app --access-logfile -",
            (
                *("flask", "gunicorn", "alchemical", "apifairy", "flask-httpauth", "flask-cors"),
                *("flask-sqlalchemy", "flask-marshmallow", "marshmallow-sqlalchemy"),
                *(PSYCOPG, "pyjwt"),
            ),
        ),
    ),
    "express": (
        Peer("Express with pg", "node express_pg.ts"),
        Peer("Express with MikroORM", "node express_mikro_orm.ts"),
    ),
    "django": (
        Peer(
            "Django REST framework",
            f"{DJANGO}django_rest:app",
            ("django", "gunicorn", "djangorestframework", PSYCOPG),
            {},
        ),
        Peer(
            "cookiecutter-django",
            f"{DJANGO}django_cookiecutter:app",
            ("django", "gunicorn", "djangorestframework", "django-cors-headers", PSYCOPG),
            {},
        ),
        Peer(
            "django-ninja",
            f"{DJANGO}django_ninja:app",
            ("django", "gunicorn", "django-ninja", PSYCOPG, "pyjwt"),
        ),
    ),
}
