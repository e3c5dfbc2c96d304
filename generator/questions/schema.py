"""The questions as JSON Schema, for programs that fill in an answers file.

It describes answers as scaffold records them; `scaffold new` also takes "yes" for true, numbers
where there are choices, and resources as YAML text. What no schema can say, `rules` alone refuses:
two fields or resources of one name, a ref to a resource that is not there or cannot be seen, limits
that leave no room, and a pattern that languages read differently.
"""

from __future__ import annotations

from typing import Any

from generator.questions import (
    defaults,
    endpoints,
    existing,
    limit_schemas,
    names,
    relations,
    resources,
)
from generator.questions.access import OPTIONS
from generator.questions.catalog import Catalog, Question
from generator.questions.facts import ProjectNames, ReservedNames
from generator.questions.name_rules import (
    LIBRARY_PREFIX,
    refused_field_names,
    refused_resource_names,
)
from generator.questions.plurals import singulars
from generator.questions.resources import UNORDERED

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Control characters other than tab and line feed.
PLAIN_TEXT = r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*$"

Schema = dict[str, Any]


def answers_schema(catalog: Catalog) -> Schema:
    """Return the schema of an answers file (`scaffold new --answers FILE`)."""
    manifest = catalog.manifest
    schema = {
        "$schema": DIALECT,
        "title": "Answers for scaffold new",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: _property(question, manifest.project_names)
            for name, question in catalog.questions.items()
        },
        # copier's own notes, which scaffold ignores: where the project came from
        "patternProperties": {"^_": {}},
    }
    if "resources" in catalog.questions:
        schema["allOf"] = [_reserved(manifest.common.reserved), *_conditions(catalog)]
    return schema


def _property(question: Question, unavailable: ProjectNames) -> Schema:
    schema: Schema = {"description": question.help}
    if question.default is not None:
        schema["default"] = question.default
    if question.name == "resources":
        return {**schema, **_resources()}
    if question.name == "project_name":
        word = _word(names.PATTERN.pattern, names.MAX_LENGTH)
        return {**schema, **word, "not": {"enum": names.refused_names(unavailable)}}
    if question.type == "bool":
        return {**schema, "type": "boolean"}
    schema["type"] = "string"
    if question.choices:
        schema["oneOf"] = [{"const": c.value, "title": c.label} for c in question.choices]
    else:
        schema["pattern"] = PLAIN_TEXT
    return schema


def _word(pattern: str, length: int) -> Schema:
    # In some languages, $ also matches before a line feed at the end.
    return {"type": "string", "pattern": rf"^({pattern})(?!\n)$", "maxLength": length}


def _resources() -> Schema:
    resource_name = resources.RESOURCE_NAME.pattern
    return {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name", "fields"],
            "properties": {
                "name": _word(resource_name, resources.MAX_NAME),
                # scaffold makes the plural where it is empty
                "plural": _word(f"({resource_name})?", resources.MAX_PLURAL),
                **{option: {"enum": list(values)} for option, values in OPTIONS.items()},
                # what a renamed resource is called by in migrations
                "label": _word(f"({resource_name})?", resources.MAX_PLURAL),
                **{word: _word(f"({existing.NAME.pattern})?", 40) for word in existing.OPTIONS},
                "endpoints": {"type": "array", "items": _endpoint()},
                "fields": {"type": "array", "minItems": 1, "items": _field()},
                "unique": {"type": "array", "items": _field_names()},
            },
            **_where(
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
            "name": _word(endpoints.NAME.pattern, endpoints.MAX_NAME),
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
                **_word(name, resources.MAX_FIELD_NAME),
                "not": {"pattern": f"^{LIBRARY_PREFIX}"},
            },
            "type": {"enum": list(resources.TYPES)},
            "choices": {
                "type": "array",
                "uniqueItems": True,
                "items": _word(resources.CHOICE.pattern, resources.MAX_CHOICE),
            },
            "target": _word(f"({target})?", resources.MAX_NAME),
            # scaffold makes the singular where it is empty
            "singular": _word(f"({name})?", resources.MAX_FIELD_NAME),
            "on_delete": {"enum": ["", *relations.ON_DELETE.values()]},
            "column": _word(f"({existing.NAME.pattern})?", 40),
            **{modifier: {"type": "boolean"} for modifier in resources.MODIFIERS},
            "default": {},
            **limit_schemas.PROPERTIES,
        },
        "allOf": [
            _where(
                {"type": {"const": "enum"}},
                {"choices": {"minItems": 1}, "unique": {"const": False}},
                required=["choices"],
                otherwise={"choices": {"maxItems": 0}},
            ),
            _where(
                {"type": {"enum": list(relations.REFERENCES)}},
                {"target": {"minLength": 1}},
                required=["target"],
                otherwise={"target": {"maxLength": 0}, "on_delete": {"const": ""}},
            ),
            _where({"type": {"const": "ref"}}, {"name": {"not": {"pattern": r"_id(?!\n)$"}}}),
            _where(
                {"type": {"const": "refs"}},
                {
                    "name": {"not": {"pattern": r"_ids?(?!\n)$"}},
                    "target": {"not": {"const": "user"}},
                    "on_delete": {"const": ""},
                    **{modifier: {"const": False} for modifier in relations.OF_MANY},
                },
                otherwise={"singular": {"maxLength": 0}},
            ),
            _where(
                {"on_delete": {"const": "set_null"}},
                {"optional": {"const": True}},
                required=["optional"],
            ),
            _where(
                {"type": {"enum": sorted(UNORDERED)}},
                {"unique": {"const": False}, "index": {"const": False}},
            ),
            _where({"target": {"const": "user"}}, {"unique": {"const": False}}),
            *(
                _where({"type": {"const": kind}}, {"default": defaults.SCHEMAS.get(kind, False)})
                for kind in resources.TYPES
            ),
            _where({"default": {}}, {"optional": {"const": False}, "unique": {"const": False}}),
            *limit_schemas.CONDITIONS,
        ],
    }


def _where(
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


def _conditions(catalog: Catalog) -> list[Schema]:
    """Return what holds of the resources by the answers to other questions."""
    found = []
    if "auth" in catalog.questions:
        no_user = {"properties": {"target": {"not": {"const": "user"}}}}
        condition = _answered(catalog.questions["auth"], "none")
        private = {option: {"const": values[0]} for option, values in OPTIONS.items()}
        then = _each_resource({**private, "fields": {"items": no_user}})
        found.append({**condition, "then": then})
    common = catalog.manifest.common.reserved
    for framework, facts in catalog.manifest.frameworks.items():
        if facts.reserved != common:
            condition = _answered(catalog.questions["framework"], framework)
            found.append({**condition, "then": _reserved(facts.reserved, besides=common)})
    return found


def _answered(question: Question, value: str) -> Schema:
    """Return the condition that `question` is answered by `value`, as it is by its default."""
    required = [] if question.default == value else [question.name]
    return {"if": {"properties": {question.name: {"const": value}}, "required": required}}


def _reserved(reserved: ReservedNames, besides: ReservedNames | None = None) -> Schema:
    """Return a schema of answers whose resources and fields have no reserved name.

    Names that are reserved in `besides` are left out.
    """
    words = refused_resource_names(reserved.resources)
    fields = refused_field_names(reserved.fields)
    if besides:
        words -= refused_resource_names(besides.resources)
        fields -= refused_field_names(besides.fields)
    without_plural = {word for plural in words for word in singulars(plural)}
    columns = {name.removesuffix("_id") for name in fields if name.endswith("_id")}
    field = {
        "properties": {"name": _none_of(fields)},
        **_where({"type": {"const": "ref"}}, {"name": _none_of(columns)}),
    }
    actions = endpoints.refused_names(reserved.endpoints)
    if besides:
        actions -= endpoints.refused_names(besides.endpoints)
    resource = {
        "name": _none_of(words),
        "plural": _none_of(words),
        "label": _none_of(words),
        "endpoints": {"items": {"properties": {"name": _none_of(actions)}}},
        "fields": {"items": field},
    }
    unless_given = {
        "if": {"properties": {"plural": {"const": ""}}},
        "then": {"properties": {"name": _none_of(without_plural)}},
    }
    return _each_resource(resource, **unless_given)


def _none_of(words: set[str]) -> Schema:
    return {"not": {"enum": sorted(words)}}


def _each_resource(properties: Schema, **more: Schema) -> Schema:
    return {"properties": {"resources": {"items": {"properties": properties, **more}}}}
