"""Which names a project may have, and why others may not."""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata

from generator.errors import UsageError

MAX_LENGTH = 63  # of a DNS label
PATTERN = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

# Distributions that the templates install or build with: a project of the same name cannot.
DEPENDENCIES = frozenset(
    "aiosqlite alembic anyio apiflask argon2 asyncpg authlib celery click copier coverage "
    "django djangorestframework drf-spectacular email-validator factory-boy fastapi flask "
    "flask-admin flask-alembic flask-limiter flask-sqlalchemy granian greenlet gunicorn "
    "httptools httpx httpx2 hypothesis jinja jinja2 limits mypy pip poe poethepoet prek "
    "prometheus-client psycopg pwdlib pydantic pydantic-settings pyjwt pyotp pytest "
    "pytest-cov pytest-django pytest-randomly redis ruff schemathesis setuptools sqlalchemy "
    "starlette starlette-admin structlog taskiq types-zxcvbn typing typing-extensions uv "
    "uvicorn uvloop webauthn werkzeug wheel whitenoise zxcvbn".split()
)
YAML_VALUES = frozenset("false no none null off on true yes".split())
# Packages and folders inside every project, or names that mean something else to its tools.
INSIDE = frozenset("app apps config docs migrations scaffold site static test tests venv".split())
WINDOWS_DEVICES = frozenset(
    ["aux", "con", "nul", "prn", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(10))]
)


def check_project_name(name: str) -> str:
    """Return `name` when a folder, a distribution and a domain label may be called so.

    Raises `UsageError` that says why not, with a better name where there is one nearby.
    """
    reason = _refusal(name)
    if reason is None:
        return name
    suggestion = _suggest(name)
    hint = f"Try {suggestion}." if suggestion else "A good name: my-service."
    raise UsageError(f"{name[:80]!r} cannot be the project's name: {reason}.", hint)


def _refusal(name: str) -> str | None:
    if not name:
        return "it is empty"
    if "/" in name or "\\" in name or name in {".", ".."}:
        return "it is a path; the project is made in the current folder"
    if len(name) > MAX_LENGTH:
        return f"it is longer than {MAX_LENGTH} characters"
    if not PATTERN.fullmatch(name):
        return "use lower-case letters, digits and single hyphens, starting with a letter"
    module = name.replace("-", "_")
    if keyword.iskeyword(module) or keyword.issoftkeyword(module):
        return "it is a word of the Python language"
    if module in sys.stdlib_module_names:
        return "Python's standard library has a module of that name"
    if name in DEPENDENCIES:
        return "the project would depend on a library of that name"
    if name in INSIDE:
        return "the name has a meaning inside the project"
    if name in YAML_VALUES:
        return "YAML files would read it as a value"
    if name in WINDOWS_DEVICES:
        return "Windows keeps the name for a device"
    return None


def _suggest(name: str) -> str | None:
    """Return the legal name that a person most likely meant, if any."""
    last = re.split(r"[/\\]", name.strip().rstrip("/\\"))[-1]
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", last)
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-0123456789")[:MAX_LENGTH].strip("-")
    for candidate in (words, f"my-{words}"):
        if words and _refusal(candidate) is None:
            return candidate
    return None
