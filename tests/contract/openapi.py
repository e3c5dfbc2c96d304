"""What a server's OpenAPI document says of its routes and resources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from . import samples
from .access import Access
from .client import API

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    spec: dict[str, Any]


class Document:
    """A document, and what else is known of the project.

    `ownerless` are the resources whose rows have no owner. `targets` has what a reference is to, by
    its resource and its name without `_id`.
    """

    def __init__(
        self,
        content: dict[str, Any],
        ownerless: frozenset[str] = frozenset(),
        targets: Mapping[tuple[str, str], str] = MappingProxyType({}),
    ) -> None:
        self.content, self.ownerless, self.targets = content, ownerless, targets
        servers = content.get("servers") or [{"url": ""}]
        base = urlsplit(servers[0]["url"]).path.rstrip("/")
        self.paths = {base + path: item for path, item in content["paths"].items()}

    @cached_property
    def operations(self) -> list[Operation]:
        return [
            Operation(method.upper(), path, item[method])
            for path, item in self.paths.items()
            for method in METHODS
            if method in item
        ]

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that a request to a path reaches; fixed parts before templates."""
        fitting = [
            operation
            for operation in self.operations
            if operation.method == method and _pattern(operation.path).fullmatch(path)
        ]
        return min(fitting, key=lambda operation: operation.path.count("{"), default=None)

    def resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            target: Any = self.content
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
        if len(whole := schema.get("allOf", [])) == 1:
            return {**self.resolve(whole[0]), **schema}
        return schema

    def body(self, operation: Operation) -> dict[str, Any] | None:
        """The schema of an operation's JSON body."""
        content = operation.spec.get("requestBody", {})
        content = self.resolve(content).get("content", {})
        media = content.get("application/json")
        return self.resolve(media["schema"]) if media else None

    def response(self, operation: Operation, status: int) -> dict[str, Any] | None:
        responses = operation.spec.get("responses", {})
        found = responses.get(str(status))
        return None if found is None else self.resolve(found)

    @property
    def has_auth(self) -> bool:
        return f"{API}/auth/login" in self.paths

    @cached_property
    def resources(self) -> list[str]:
        """The collections of the project: /books for /api/v1/books, users and auth not counted.

        Those that only administrators write come last.
        """
        found = sorted(
            path.removeprefix(API)
            for path, item in self.paths.items()
            if re.fullmatch(rf"{API}/[^/{{}}]+", path)
            and "post" in item
            and "multipart/form-data" not in item["post"].get("requestBody", {}).get("content", {})
            and any(_pattern(other).fullmatch(f"{path}/x") for other in self.paths)
            and path not in (f"{API}/auth", f"{API}/users")
            and not self.is_numbered(path)
        )
        return sorted(found, key=lambda path: self.access(path).write == "admin")

    def is_numbered(self, path: str) -> bool:
        """Tell whether the ids below a path are numbers: its table existed before the project."""
        one = self.find("GET", path + "/{id}")
        schemas = (
            [p["schema"] for p in one.spec.get("parameters", []) if p["in"] == "path"]
            if one
            else []
        )
        return any(schema.get("type") == "integer" for schema in schemas)

    def access(self, resource: str) -> Access:
        """Who reads and writes a resource; rows without an owner look like private ones here."""
        path = API + resource
        read, made = self.find("GET", path), self.find("POST", path)
        assert read is not None
        assert made is not None
        if not self.has_auth:
            return Access("all", "all")
        answer = (self.response(made, 201) or {}).get("content", {}).get("application/json", {})
        is_shared = "owner_id" in self.resolve(answer.get("schema", {})).get("properties", {})
        if self.response(made, 403) is not None:
            write = "admin"
        else:
            write = "users" if resource in self.ownerless else "owner"
        if not any(read.spec.get("security", [])):
            return Access("all", "owner" if is_shared else "users" if write == "owner" else write)
        return Access("users" if is_shared or write != "owner" else "owner", write)

    def endpoints(self, resource: str) -> Iterator[Operation]:
        """What can be done with a collection or its objects besides what every resource has."""
        for operation in self.operations:
            rest = operation.path.removeprefix(f"{API}{resource}/")
            is_own = rest != operation.path and re.fullmatch(r"(\{\w+\}/)?[^/{}]+", rest)
            if is_own and self.response(operation, 200):
                yield operation

    def fields(self, resource: str, method: str = "POST") -> dict[str, Field]:
        path = API + resource
        if method == "PATCH":
            path = next(p for p in self.paths if _pattern(p).fullmatch(f"{path}/x"))
        operation = self.find(method, path)
        assert operation is not None
        schema = self.body(operation)
        assert schema is not None, f"{method} {path} declares no JSON body"
        required = schema.get("required", [])
        return {
            name: Field(name, self._plain(spec), self._nullable(spec), name in required)
            for name, spec in schema["properties"].items()
        }

    def included(self, resource: str) -> list[str]:
        """The names that `include` takes, in a list of the resource and in reading one."""
        path = API + resource
        one = next(p for p in self.paths if _pattern(p).fullmatch(f"{path}/x"))
        in_list, in_one = (self._included(self.paths[place]["get"]) for place in (path, one))
        assert in_list == in_one
        return in_list

    def _included(self, operation: dict[str, Any]) -> list[str]:
        for parameter in operation.get("parameters", ()):
            if parameter["name"] == "include":
                names = self.resolve(parameter["schema"]["items"])
                return list(names["enum"] if "enum" in names else [names["const"]])
        return []

    def _plain(self, spec: dict[str, Any]) -> dict[str, Any]:
        """The schema of a field without its null."""
        spec = self.resolve(spec)
        choices = [self.resolve(choice) for choice in spec.get("anyOf", spec.get("oneOf", []))]
        choices = [choice for choice in choices if choice.get("type") != "null"]
        plain = {**spec, **self._plain(choices[0])} if choices else dict(spec)
        if isinstance(plain.get("type"), list):
            plain["type"] = next(kind for kind in plain["type"] if kind != "null")
        return plain

    def _nullable(self, spec: dict[str, Any]) -> bool:
        spec = self.resolve(spec)
        if spec.get("nullable") or "null" in spec.get("type", ()):
            return True
        return any(
            self._nullable(choice) for choice in (*spec.get("anyOf", ()), *spec.get("oneOf", ()))
        )


@dataclass(frozen=True)
class Field:
    name: str
    schema: dict[str, Any]
    nullable: bool
    required: bool

    @property
    def kind(self) -> str:
        if not self.schema.get("type") and not self.schema.get("enum"):
            return "any"
        return str(self.schema.get("type", "string"))

    @property
    def format(self) -> str:
        return str(self.schema.get("format", ""))

    @property
    def is_reference(self) -> bool:
        return self.format == "uuid" and self.name.endswith("_id")

    @property
    def is_many(self) -> bool:
        return self.kind == "array" and self.name.endswith("_ids")

    @property
    def filter(self) -> str:
        """The parameter of a list by which objects with this value are found."""
        return self.name.removesuffix("s") if self.is_many else self.name

    @property
    def is_text(self) -> bool:
        plain = not self.format and not self.schema.get("enum") and not self.schema.get("pattern")
        return self.kind == "string" and plain

    def sample(self) -> Any:
        """A valid value, another one each time where the type has room for it."""
        return samples.sample(self.kind, self.schema)

    def edges(self) -> list[tuple[Any, Any]]:
        """The last value that each limit allows, with one beyond it."""
        return list(samples.edges(self.kind, self.schema))


def body_of(operation: Operation) -> dict[str, Any]:
    """What a request to an endpoint sends: it changes nothing."""
    return {"json": {}} if "requestBody" in operation.spec else {}


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]+\}", template)
    return re.compile("[^/]+".join(map(re.escape, parts)))
