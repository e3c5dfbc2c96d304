"""What a project imports against what it declares."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

OWN = {"app", "tests", "migrations", "conftest", "config", "apps", "manage"}
DISTRIBUTIONS = {
    "jwt": "pyjwt",
    "dotenv": "python-dotenv",
    "corsheaders": "django-cors-headers",
    "environ": "django-environ",
    "rest_framework": "djangorestframework",
    "storages": "django-storages",
}
# The packages that share the name `opentelemetry`, by the beginning of their modules' names.
TELEMETRY = {
    "opentelemetry.exporter.otlp.proto.http": "opentelemetry-exporter-otlp-proto-http",
    "opentelemetry.exporter.prometheus": "opentelemetry-exporter-prometheus",
    "opentelemetry.sdk": "opentelemetry-sdk",
    "opentelemetry": "opentelemetry-api",
}
# Django imports what these settings name.
DJANGO_IMPORTS = {"INSTALLED_APPS", "MIDDLEWARE"}
NOT_IMPORTED = {
    "aiosqlite": "driver that SQLAlchemy loads by the database's URL",
    "uvloop": "event loop that uvicorn takes when it is there",
    "httptools": "parser that uvicorn takes when it is there",
    "fastapi-offline": "files of Swagger UI, which are served",
    "flask-swagger-ui": "files of Swagger UI, which are served",
    "python-multipart": "parser of forms that FastAPI takes",
    "redis": "behind limits, for storage at redis://",
    "anyio": "plugin of pytest",
    "ipython": "command",
    "mypy": "command",
    "poethepoet": "command",
    "prek": "command",
    "ruff": "command",
    "pytest-cov": "plugin of pytest",
    "pytest-randomly": "plugin of pytest",
}


@dataclass(frozen=True)
class Names:
    """What the running project needs, and what only its tests and tools need."""

    runtime: frozenset[str]
    tools: frozenset[str]


@cache
def declared(pyproject: str) -> Names:
    """Return the dependencies in a `pyproject.toml`; stubs of types are left out."""
    data = tomllib.loads(pyproject)
    runtime = data["project"]["dependencies"]
    tools = [entry for group in data["dependency-groups"].values() for entry in group]
    return Names(
        frozenset(map(_name, runtime)),
        frozenset(name for name in map(_name, tools) if not _is_stubs(name)),
    )


def imported(files: Mapping[str, str]) -> Names:
    """Return the distributions whose modules are imported."""
    sides: tuple[set[str], set[str]] = (set(), set())
    for path, text in files.items():
        if path.endswith(".py"):
            sides[is_test(path)].update(_module(text).distributions)
    return Names(frozenset(sides[0]), frozenset(sides[1]))


def missing(declared: Names, imported: Names) -> frozenset[str]:
    """Return what is imported and not declared, or only for the tests."""
    everything = declared.runtime | declared.tools
    return (imported.runtime - declared.runtime) | (imported.tools - everything)


def unused(declared: Names, imported: Names) -> frozenset[str]:
    """Return what is declared and not imported."""
    anywhere = imported.runtime | imported.tools
    return (declared.runtime - imported.runtime) | (declared.tools - anywhere)


def unresolved(files: Mapping[str, str]) -> Iterator[str]:
    """Yield what a project imports from its own modules and what is not there."""
    modules = {path: text for path, text in files.items() if path.endswith(".py")}
    for path, text in modules.items():
        for module, name in _module(text).own:
            folder = module.replace(".", "/")
            home = next((f for f in (f"{folder}.py", f"{folder}/__init__.py") if f in modules), "")
            inside = {f"{folder}/{name}.py", f"{folder}/{name}/__init__.py"} & modules.keys()
            if not inside and name not in (_module(modules[home]).defined if home else ()):
                yield f"{path} imports {module}.{name}"


@dataclass(frozen=True)
class Module:
    """What a module imports: distributions, names of the project's own modules; what it defines."""

    distributions: frozenset[str]
    own: frozenset[tuple[str, str]]
    defined: frozenset[str]


@cache
def _module(text: str) -> Module:
    statements = list(_statements(ast.parse(text)))
    return Module(_imports(statements), _own_imports(statements), _defined(statements))


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield all statements inside; most of a module are expressions, which import nothing."""
    for block in ("body", "orelse", "finalbody", "handlers", "cases"):
        for inner in getattr(node, block, ()):
            if isinstance(inner, ast.stmt):
                yield inner
            yield from _statements(inner)


def _own_imports(statements: Iterable[ast.stmt]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (node.module, alias.name)
        for node in statements
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
        if node.module.partition(".")[0] in OWN
        for alias in node.names
        if alias.name != "*"
    )


def _defined(statements: Iterable[ast.stmt]) -> frozenset[str]:
    """Return the names that a module defines, at its top or deeper."""
    found: set[str] = set()
    for node in statements:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            parts = (part for target in targets for part in ast.walk(target))
            found |= {part.id for part in parts if isinstance(part, ast.Name)}
    return frozenset(found)


def is_test(path: str) -> bool:
    return "tests" in path.split("/") or path.endswith(("/tests.py", "conftest.py"))


def _imports(statements: Iterable[ast.stmt]) -> frozenset[str]:
    modules: set[str] = set()
    for node in statements:
        if isinstance(node, ast.Import):
            modules |= {_package(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.add(_package(node.module))
        elif isinstance(node, ast.Assign | ast.AugAssign) and _target(node) in DJANGO_IMPORTS:
            modules |= {text.partition(".")[0] for text in _strings(node.value)}
    outside = modules - OWN - set(sys.stdlib_module_names)
    return frozenset(DISTRIBUTIONS.get(m) or m.replace("_", "-") for m in outside)


def _package(module: str) -> str:
    """Return what tells the distribution of a module: its first name, or the whole one."""
    shared = (name for start, name in TELEMETRY.items() if f"{module}.".startswith(f"{start}."))
    return next(shared, module.partition(".")[0])


def _target(node: ast.Assign | ast.AugAssign) -> str | None:
    target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
    return target.id if isinstance(target, ast.Name) else None


def _strings(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _is_stubs(name: str) -> bool:
    return name.startswith("types-") or name.endswith("-stubs")


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match, requirement
    return match[0].lower()
