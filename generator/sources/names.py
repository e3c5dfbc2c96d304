"""Makes the names of tables and columns fit those of resources and fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from generator.errors import UsageError
from generator.questions import name_rules
from generator.questions.facts import ReservedNames
from generator.questions.plurals import pluralize, singularize, singulars
from generator.questions.resources import MAX_FIELD_NAME, MAX_NAME, MAX_PLURAL, Field, Resource
from generator.sources.tables import Table


def snake(name: str) -> str:
    """Return a name as lower-case words joined by underscores: `InvoiceLine`, `invoice_line`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", plain)
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words)
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def camel(name: str) -> str:
    """Return the name that a class of ours has for a resource."""
    return "".join(word.capitalize() for word in name.split("_"))


def resource_names(table: Table, reserved: ReservedNames) -> Iterator[tuple[str, str]]:
    """Yield names and plurals that the table's resource can have, the most fitting first."""
    word = re.sub(r"_*[0-9]+", "", snake(table.name))
    name, plural = word if table.is_class else singularize(word), snake(table.plural)
    if table.is_class:  # "AB" is the class of a_b, and of ab
        alike = [one for one in sorted(singulars(plural)) if camel(one) == table.name]
        name = alike[0] if alike else word
    for ending in ("", "_entry", "_record"):
        short = _cut(name, MAX_NAME - len(ending)) + ending
        plurals = [plural] if plural and not ending else []
        for many in (*plurals, _cut(pluralize(short), MAX_PLURAL)):
            try:
                name_rules.check_resource_name(Resource(short, many, ()), reserved.resources)
            except UsageError:
                continue
            yield short, many


def field_names(name: str, kind: str, resource: str, reserved: ReservedNames) -> Iterator[str]:
    """Yield names that the field of the column `name` can have, the most fitting first."""
    word = snake(name)
    if kind == "ref":
        word = word.removesuffix("_id")
    for start, ending in (("", ""), (f"{resource}_", ""), ("", "_value")):
        short = _cut(start + word, MAX_FIELD_NAME - len(ending)) + ending
        try:
            name_rules.check_field_name(Field(short, kind), resource, reserved.fields)
        except UsageError:
            continue
        yield short


def _cut(name: str, length: int) -> str:
    """Return as many whole words of a name as fit, or the beginning of a single long one."""
    if len(name) <= length:
        return name
    words = name[: length + 1].rpartition("_")[0]
    return words or name[:length]
