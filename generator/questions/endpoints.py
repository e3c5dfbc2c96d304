"""Endpoints of a resource beside the five that each has: POST /books/{id}/publish."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.errors import UsageError, did_you_mean
from generator.questions.facts import TakenNames

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
MAX_NAME = 20  # so that every rendered line fits, formatted, into 100 columns
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Endpoint:
    """What can be done with one object of a resource, or with the `collection` of all."""

    name: str
    method: str
    collection: bool = False

    def option(self) -> str:
        """Return the endpoint as --resource takes it."""
        return f"{self.name}:{self.method}{':collection' if self.collection else ''}"

    def answer(self) -> dict[str, Any]:
        """Return the endpoint as the `resources` answer has it: without what is off."""
        entry: dict[str, Any] = {"name": self.name, "method": self.method}
        return {**entry, "collection": True} if self.collection else entry


def parse_endpoint(text: str) -> Endpoint | None:
    """Parse `name:METHOD[:collection]`; None for text of another form, such as that of a field.

    Raises `UsageError` for a modifier that there is not.
    """
    name, _, rest = text.partition(":")
    method, *modifiers = rest.split(":")
    if method not in METHODS:
        return None
    if modifiers not in ([], ["collection"]):
        what = f"Endpoint {text!r} has a modifier that there is not."
        raise UsageError(what, f"Write {name}:{method} or {name}:{method}:collection.")
    return Endpoint(name, method, bool(modifiers))


def endpoint_from_answer(keys: Mapping[str, Any]) -> Endpoint:
    """Return the endpoint of an answer; raises `UsageError` for values of the wrong type."""
    name, method, collection = (keys.get(key, "") for key in ("name", "method", "collection"))
    if not isinstance(name, str) or not isinstance(method, str):
        raise UsageError("An endpoint has a name and a method.", "Write both as text, in quotes.")
    if collection not in ("", False, True):
        raise UsageError(
            f"Endpoint {name!r}: collection must be true or false.", "See scaffold schema --json."
        )
    return Endpoint(name, method, bool(collection))


def check_endpoints(
    resource: str, endpoints: Sequence[Endpoint], taken: Iterable[TakenNames]
) -> None:
    """Refuse endpoints that could not work; raises `UsageError` that names the cure."""
    reserved, seen = tuple(taken), set[str]()
    for endpoint in endpoints:
        where = f"{resource}.{endpoint.name[:80]}"
        if endpoint.method not in METHODS:
            hint = did_you_mean(endpoint.method, list(METHODS))
            raise UsageError(f"{where}: there is no method {endpoint.method!r}.", hint)
        if endpoint.name in seen:
            what = f"{where}: there are two endpoints of that name."
            raise UsageError(what, "Choose another name.")
        seen.add(endpoint.name)
        if reason := _refused(endpoint.name, reserved):
            what = f"{where} cannot be the name of an endpoint: {reason}."
            raise UsageError(what, "Choose another name.")


def refused_names(taken: Iterable[TakenNames]) -> set[str]:
    """Return the names that no endpoint has although they are well-formed."""
    names = {*keyword.kwlist, *(name for group in taken for name in group.names)}
    return {name for name in names if NAME.fullmatch(name)}


def _refused(name: str, taken: Iterable[TakenNames]) -> str | None:
    if not NAME.fullmatch(name):
        return "use lower-case letters, digits and single underscores, starting with a letter"
    if len(name) > MAX_NAME:
        return f"it is longer than {MAX_NAME} characters"
    if keyword.iskeyword(name):
        return "it is a keyword of the Python language"
    return next((group.reason for group in taken if name in group.names), None)
