"""The OpenAPI documents of one project for each framework, in a form in which they can be compared.

A document is asked for once, and remembered by all that it was made of.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock
from httpx2 import get

from generator.validate import known
from generator.validate.kept import sweep, used
from generator.validate.known import Tree
from tests.contract.server import Project, running

from .live import live
from .machine import CACHE
from .steps import read_by

DOCUMENTS = CACHE / "documents"
METHODS = ("get", "post", "put", "patch", "delete")
# Words for people, which may differ, and what repeats the name of a field.
WORDS = {"title", "summary", "description", "example", "examples"}
# What says no more than a bound or a format beside it, or nothing about JSON.
REDUNDANT = {"readOnly", "writeOnly", "discriminator"}
WIDTHS = {"int32", "int64", "float", "double", "decimal"}

Document = dict[str, Any]


def document(tree: Tree, programs: Path) -> Document:
    """Return what a project with these files answers at /openapi.json."""
    files = live(tree)
    environment = known.frozen(programs)
    name = known.key(
        "document", tree=files, environment=environment, suite=read_by("drift"), server="sqlite"
    )
    file = DOCUMENTS / f"{name}.json"
    DOCUMENTS.mkdir(parents=True, exist_ok=True)
    with FileLock(DOCUMENTS / f"{name}.lock"):
        if not file.exists():
            sweep(DOCUMENTS)
            file.write_text(json.dumps(_ask(files, programs)), "utf-8")
        used(file)
        return dict(json.loads(file.read_text("utf-8")))


def _ask(tree: Tree, programs: Path) -> Document:
    with tempfile.TemporaryDirectory(prefix="document-") as name:
        folder = Path(name)
        for path, content in tree.items():
            (folder / "shop" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "shop" / path).write_bytes(content)
        project = Project(folder / "shop", programs)
        url = f"sqlite:///{folder / 'shop.db'}"
        with running(project, database_url=url, directory=folder / "run") as server:
            return dict(get(f"{server.url}/openapi.json").raise_for_status().json())


def normalized(content: Document) -> Document:
    """Return what a document says, without the ways in which JSON Schema can say it."""
    components = content["components"]
    return {
        "operations": {
            f"{method.upper()} {path}": _operation(content, item, item[method])
            for path, item in content["paths"].items()
            for method in METHODS
            if method in item
        },
        "schemas": {name: _schema(schema) for name, schema in components["schemas"].items()},
        "security": {
            name: _schema(scheme) for name, scheme in components.get("securitySchemes", {}).items()
        },
    }


def _operation(content: Document, item: Document, operation: Document) -> Document:
    parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
    body = _resolved(content, operation.get("requestBody", {}))
    security = operation.get("security", content.get("security")) or []
    return {
        "id": operation.get("operationId"),
        "parameters": {
            f"{parameter['in']} {parameter['name']}": {
                "required": parameter.get("required", False),
                "schema": _without_key("null", _schema(parameter.get("schema", {}))),
            }
            for parameter in (_resolved(content, given) for given in parameters)
        },
        "body": {
            "required": body.get("required", False),
            "content": _content(body),
        },
        "responses": {
            status: {
                "headers": sorted(map(str.lower, _resolved(content, response).get("headers", {}))),
                "content": _content(_resolved(content, response)),
            }
            for status, response in operation["responses"].items()
        },
        "signed in": any(security),
    }


def _without_key(key: str, schema: Document) -> Document:
    """Drop what a parameter cannot have: null, which no query and no header can write."""
    return {name: value for name, value in schema.items() if name != key}


def _content(holder: Document) -> Document:
    found = holder.get("content", {})
    return {media: _schema(value.get("schema", {})) for media, value in found.items()}


def _resolved(content: Document, value: Document) -> Document:
    while "$ref" in value:
        target: Any = content
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        value = target
    return value


def _schema(schema: Any) -> Any:
    """Return a schema as it would be written by one hand."""
    if not isinstance(schema, dict):
        return schema
    plain = {k: v for k, v in schema.items() if k not in WORDS | REDUNDANT}
    if len(whole := plain.get("allOf", [])) == 1:  # how a reference gets a description
        plain = {**plain, **whole[0]}
        del plain["allOf"]
    if "const" in plain:
        plain["enum"] = [plain.pop("const")]
    # Each framework has its own way to write the same of a decimal.
    if "pattern" in plain and plain.get("format") == "decimal":
        plain["pattern"] = True
    if plain.get("format") in WIDTHS:
        del plain["format"]
    if "default" in plain and plain["default"] is None:  # what leaving it out means anyway
        del plain["default"]
    if plain.get("additionalProperties") in (True, {}):  # unknown fields are ignored
        del plain["additionalProperties"]
    plain = {key: _member(key, value) for key, value in plain.items()}
    return _without_null(plain)


def _member(key: str, value: Any) -> Any:
    if key == "properties":
        return {name: _schema(inner) for name, inner in value.items()}
    if key in ("anyOf", "oneOf", "allOf"):
        return [_schema(inner) for inner in value]
    if key == "items":
        return _schema(value)
    if key == "required":
        return sorted(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _without_null(schema: Document) -> Document:
    """Take null out of types, choices and alternatives, and note that it may be null."""
    null = {"type": "null"}
    nullable = schema.pop("nullable", False)
    for key in ("anyOf", "oneOf"):
        choices = schema.pop(key, None)
        if choices is None:
            continue
        left = [choice for choice in choices if choice not in (null, {"enum": [None]})]
        nullable |= len(left) < len(choices)
        if len(left) == 1:
            nullable |= bool(left[0].get("null"))
            schema = {**schema, **left[0]}
        else:
            schema["anyOf"] = sorted(left, key=str)
    if isinstance(kinds := schema.get("type"), list):
        nullable |= "null" in kinds
        left = sorted(kind for kind in kinds if kind != "null")
        schema["type"] = left[0] if len(left) == 1 else left
    if None in schema.get("enum", []):
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    # Without a type, any value is allowed, null included.
    has_type = schema.keys() & {"type", "$ref", "enum", "anyOf", "oneOf"}
    return {**schema, "null": True} if nullable and has_type else schema


def differences(one: Any, other: Any, place: str = "") -> Iterator[str]:
    """Yield each place where two normalized documents say something else."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            inner = f"{place} / {key}".removeprefix(" / ")
            if key not in one:
                yield f"{inner}: only the second has {_short(other[key])}"
            elif key not in other:
                yield f"{inner}: only the first has {_short(one[key])}"
            else:
                yield from differences(one[key], other[key], inner)
    elif one != other:
        yield f"{place}: {_short(one)} and {_short(other)}"


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:160]
