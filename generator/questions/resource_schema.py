"""The resources of an answers file as JSON Schema: their options, fields and endpoints."""

from __future__ import annotations

from typing import Any

from generator.questions import defaults, endpoints, existing, limit_schemas, relations, resources
from generator.questions.access import OPTIONS
from generator.questions.name_rules import LIBRARY_PREFIX
from generator.questions.resources import UNORDERED

Schema = dict[str, Any]


def word_of(pattern: str, length: int) -> Schema:
    """Return the schema of text of that pattern with up to `length` characters."""
    # In some languages, $ also matches before a line feed at the end.
    return {"type": "string", "pattern": rf"^({pattern})(?!\n)$", "maxLength": length}


def resource_list() -> Schema:
    """Return the schema of the answer `resources`."""
    resource_name = resources.RESOURCE_NAME.pattern
    return {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name", "fields"],
            "properties": {
                "name": word_of(resource_name, resources.MAX_NAME),
                # scaffold makes the plural where it is empty
                "plural": word_of(f"({resource_name})?", resources.MAX_PLURAL),
                **{option: {"enum": list(values)} for option, values in OPTIONS.items()},
                # what a renamed resource is called by in migrations
                "label": word_of(f"({resource_name})?", resources.MAX_PLURAL),
                **{word: word_of(f"({existing.NAME.pattern})?", 40) for word in existing.OPTIONS},
                "endpoints": {"type": "array", "items": _endpoint()},
                "fields": {"type": "array", "minItems": 1, "items": _field()},
                "unique": {"type": "array", "items": _field_names()},
            },
            **where(
                {"owner": {"const": "none"}},
                {name: {"enum": list(OPTIONS[name][1:])} for name in ("read", "write")},
                required=["read", "write"],
                otherwise={"write": {"const": "owner"}},
            ),
        },
    }


def _field_names() -> Schema:
    """Return the schema of a set of fields that are unique together."""
    name = {"type": "string"}
    return {"type": "array", "minItems": 2, "uniqueItems": True, "items": name}


def _endpoint() -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "method"],
        "properties": {
            "name": word_of(endpoints.NAME.pattern, endpoints.MAX_NAME),
            "method": {"enum": list(endpoints.METHODS)},
            "collection": {"type": "boolean"},
        },
    }


def _field() -> Schema:
    name, target = resources.FIELD_NAME.pattern, resources.RESOURCE_NAME.pattern
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "type"],
        "properties": {
            "name": {
                **word_of(name, resources.MAX_FIELD_NAME),
                "not": {"pattern": f"^{LIBRARY_PREFIX}"},
            },
            "type": {"enum": list(resources.TYPES)},
            "choices": {
                "type": "array",
                "uniqueItems": True,
                "items": word_of(resources.CHOICE.pattern, resources.MAX_CHOICE),
            },
            "target": word_of(f"({target})?", resources.MAX_NAME),
            # scaffold makes the singular where it is empty
            "singular": word_of(f"({name})?", resources.MAX_FIELD_NAME),
            "on_delete": {"enum": ["", *relations.ON_DELETE.values()]},
            "column": word_of(f"({existing.NAME.pattern})?", 40),
            **{modifier: {"type": "boolean"} for modifier in resources.MODIFIERS},
            "default": {},
            **limit_schemas.PROPERTIES,
        },
        "allOf": [
            where(
                {"type": {"const": "enum"}},
                {"choices": {"minItems": 1}, "unique": {"const": False}},
                required=["choices"],
                otherwise={"choices": {"maxItems": 0}},
            ),
            where(
                {"type": {"enum": list(relations.REFERENCES)}},
                {"target": {"minLength": 1}},
                required=["target"],
                otherwise={"target": {"maxLength": 0}, "on_delete": {"const": ""}},
            ),
            where({"type": {"const": "ref"}}, {"name": {"not": {"pattern": r"_id(?!\n)$"}}}),
            where(
                {"type": {"const": "refs"}},
                {
                    "name": {"not": {"pattern": r"_ids?(?!\n)$"}},
                    "target": {"not": {"const": "user"}},
                    "on_delete": {"const": ""},
                    **{modifier: {"const": False} for modifier in relations.OF_MANY},
                },
                otherwise={"singular": {"maxLength": 0}},
            ),
            where(
                {"on_delete": {"const": "set_null"}},
                {"optional": {"const": True}},
                required=["optional"],
            ),
            where(
                {"type": {"enum": sorted(UNORDERED)}},
                {"unique": {"const": False}, "index": {"const": False}},
            ),
            where({"target": {"const": "user"}}, {"unique": {"const": False}}),
            *(
                where({"type": {"const": kind}}, {"default": defaults.SCHEMAS.get(kind, False)})
                for kind in resources.TYPES
            ),
            where({"default": {}}, {"optional": {"const": False}, "unique": {"const": False}}),
            *limit_schemas.CONDITIONS,
        ],
    }


def where(
    condition: Schema,
    properties: Schema,
    *,
    required: list[str] | None = None,
    otherwise: Schema | None = None,
) -> Schema:
    """Return a schema of objects: `properties`, where there are others as in `condition`."""
    schema: Schema = {
        "if": {"properties": condition, "required": list(condition)},
        "then": {"properties": properties, "required": required or []},
    }
    return {**schema, "else": {"properties": otherwise}} if otherwise else schema
