"""Reads the schemas of an API that OpenAPI describes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from generator.errors import UsageError
from generator.questions import limits
from generator.questions.plurals import singularize
from generator.sources import limiting, openapi_paths
from generator.sources.names import snake
from generator.sources.tables import OWN_COLUMNS, Column, Reading, Table, text_type

FORMATS = {
    "date": "date",
    "date-time": "datetime",
    "decimal": "decimal",
    "email": "email",
    "uri": "url",
    "url": "url",
    "uuid": "uuid",
}
TYPES = {
    "array": "json",
    "boolean": "bool",
    "integer": "int",
    "number": "float",
    "object": "json",
}

MOST_REFERENCES = 20  # one behind the other; more are a circle


def read(file: Path) -> Reading:
    """Return the resources of the API that `file` describes; raises `UsageError`.

    They are the bodies of POST to each collection, or all schemas where there is no collection.
    """
    try:
        data = yaml.safe_load(file.read_bytes())
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Name a file.") from error
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise UsageError(f"{file} is neither JSON nor YAML.", "Name a description.") from error
    if not isinstance(data, Mapping) or not {"openapi", "swagger"} & data.keys():
        raise UsageError(f"{file} describes no API by OpenAPI.", "It has no key openapi.")
    document, reading = _Document(data), Reading()
    found = list(document.collections())
    schemas = {name: schema for _, name, schema in found} or dict(document.components())
    paths = {path: name for path, name, _ in found}
    endpoints = openapi_paths.endpoints(document.paths, paths, reading)
    openapi_paths.guard_remarks(document.paths, data.get("security"), paths, reading)
    known = {singularize(snake(name)): name for name in schemas}
    for name, schema in schemas.items():
        columns = tuple(document.columns(name, schema, known, reading))
        own = endpoints.get(name, ())
        reading.tables.append(Table(name, name, columns, endpoints=own))
    return reading


@dataclass(frozen=True)
class _Document:
    data: Mapping[Any, Any]

    @property
    def paths(self) -> dict[str, Mapping[str, Any]]:
        items = _mapping(self.data.get("paths")).items()
        return {str(path).rstrip("/"): _mapping(item) for path, item in items}

    def collections(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Yield each path that lists objects and makes them, its name, and the body of POST."""
        for path, item in self.paths.items():
            name = path.rpartition("/")[2]
            if "{" in name or not {"get", "post"} <= item.keys():
                continue
            body = self.resolved(_mapping(item["post"]).get("requestBody"))
            for kind, media in _mapping(body.get("content")).items():
                schema = self.resolved(_mapping(media).get("schema"))
                if "json" in str(kind) and schema.get("properties"):
                    yield path, name, schema

    def components(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield each schema of an object, by its name."""
        schemas = _mapping(self.data.get("components")).get("schemas") or self.data.get(
            "definitions"
        )
        for name, schema in _mapping(schemas).items():
            if (found := self.resolved(schema)).get("properties"):
                yield str(name), found

    def resolved(self, schema: Any, depth: int = 0) -> Mapping[str, Any]:
        """Return a schema without references, with the parts of `allOf` put together."""
        node = _mapping(schema)
        if depth > MOST_REFERENCES:
            return {}
        if isinstance(reference := node.get("$ref"), str):
            found: Any = self.data
            for word in reference.removeprefix("#/").split("/"):
                found = _mapping(found).get(word.replace("~1", "/").replace("~0", "~"))
            return self.resolved(found, depth + 1)
        parts = [self.resolved(part, depth + 1) for part in _list(node.get("allOf"))]
        merged: dict[str, Any] = {}
        for part in (*parts, node):
            properties = {**merged.get("properties", {}), **_mapping(part.get("properties"))}
            required = [*merged.get("required", []), *_list(part.get("required"))]
            merged |= {**part, "properties": properties, "required": required}
        return merged if parts else dict(node)

    def columns(
        self, name: str, schema: Mapping[str, Any], known: Mapping[str, str], reading: Reading
    ) -> Iterator[Column]:
        """Yield a column for each property; a reference is found by its name."""
        required = _list(schema.get("required"))
        for word, given in _mapping(schema.get("properties")).items():
            where, field = f"{name}.{word}", str(word)
            kinds, is_null = self._kinds(given)
            if field in OWN_COLUMNS:
                continue
            if len(kinds) != 1:
                reading.remark(where, "the property is left out: it is of several types.")
                continue
            choices = tuple(one for one in _list(kinds[0].get("enum")) if one is not None)
            kind, target = self._type(kinds[0], choices), known.get(_target(field, given), "")
            if not kind:
                reading.remark(where, "the property is left out: its type is not known.")
                continue
            if kind == "json" and not target:
                reading.remark(where, "the property is kept as JSON.")
            is_ref = bool(target) and kind in {"uuid", "int", "str", "json"}
            default = _mapping(given).get("default")
            yield Column(
                field,
                "ref" if is_ref else kind,
                where,
                tuple(map(str, choices)) if kind == "enum" else (),
                target if is_ref else "",
                optional=is_null or (field not in required and default is None),
                default=default if isinstance(default, str | int | float) else None,
                limits=limits.NONE
                if is_ref
                else limiting.stated(kind, _limits(kinds[0]), partial(reading.remark, where)),
            )

    def _kinds(self, given: Any) -> tuple[list[Mapping[str, Any]], bool]:
        """Return the schemas that a property can have, and whether it can be null."""
        node = self.resolved(given)
        options = [self.resolved(one) for one in _list(node.get("anyOf") or node.get("oneOf"))]
        types = node.get("type")
        if isinstance(types, list):
            options = [{**node, "type": one} for one in types]
        kinds = [one for one in options or [node] if one.get("type") != "null"]
        return kinds, len(kinds) < len(options) or bool(node.get("nullable"))

    def _type(self, schema: Mapping[str, Any], choices: tuple[Any, ...]) -> str:
        if choices and all(isinstance(choice, str) for choice in choices):
            return "enum"
        kind, form = (
            schema.get("type", "object" if "properties" in schema else ""),
            schema.get("format"),
        )
        if kind == "string":
            length = schema.get("maxLength")
            text = text_type(length if isinstance(length, int) else None, has_index=False)
            return FORMATS.get(str(form), text)
        return "decimal" if form == "decimal" else TYPES.get(str(kind), "")


def _limits(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the limits that a schema states, by the names that fields have for them."""
    return {
        "min": schema.get("minimum", schema.get("formatMinimum")),
        "max": schema.get("maximum", schema.get("formatMaximum")),
        "min_length": schema.get("minLength"),
        "max_length": schema.get("maxLength"),
        "pattern": schema.get("pattern") if schema.get("format") is None else None,
    }


def _target(field: str, given: Any) -> str:
    """Return the name of the resource that a property may refer to: by `author_id`, or by $ref."""
    reference = str(_mapping(given).get("$ref", "")).rpartition("/")[2]
    if reference:
        return singularize(snake(reference))
    word = snake(field)
    return word.removesuffix("_id") if word.endswith("_id") else ""


def _mapping(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
