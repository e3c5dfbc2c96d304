"""The questions as JSON Schema, for programs that fill in an answers file.

It describes answers as scaffold records them; `scaffold new` also takes "yes" for true, numbers
where there are choices, and resources as YAML text. What no schema can say, `rules` alone refuses:
two fields or resources of one name, a ref to a resource that is not there or cannot be seen, limits
that leave no room, and a pattern that languages read differently.
"""

from __future__ import annotations

from generator.questions import endpoints, names
from generator.questions.access import OPTIONS
from generator.questions.catalog import Catalog, Question
from generator.questions.facts import ProjectNames, ReservedNames
from generator.questions.name_rules import refused_field_names, refused_resource_names
from generator.questions.plurals import singulars
from generator.questions.resource_schema import Schema, resource_list, where, word_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Control characters other than tab and line feed.
PLAIN_TEXT = r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*$"


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
        always = manifest.common.reserved.given({})
        schema["allOf"] = [_reserved(always), *_conditions(catalog)]
    return schema


def _property(question: Question, unavailable: ProjectNames) -> Schema:
    schema: Schema = {"description": question.help}
    if question.default is not None:
        schema["default"] = question.default
    if question.name == "resources":
        return {**schema, **resource_list()}
    if question.name == "project_name":
        word = word_of(names.PATTERN.pattern, names.MAX_LENGTH)
        return {**schema, **word, "not": {"enum": names.refused_names(unavailable)}}
    if question.type == "bool":
        return {**schema, "type": "boolean"}
    schema["type"] = "string"
    if question.choices:
        schema["oneOf"] = [{"const": c.value, "title": c.label} for c in question.choices]
    else:
        schema["pattern"] = PLAIN_TEXT
    return schema


def _conditions(catalog: Catalog) -> list[Schema]:
    """Return what holds of the resources by the answers to other questions."""
    found = []
    if "auth" in catalog.questions:
        no_user = {"properties": {"target": {"not": {"const": "user"}}}}
        condition = _answered(catalog.questions["auth"], "none")
        private = {option: {"const": values[0]} for option, values in OPTIONS.items()}
        then = _each_resource({**private, "fields": {"items": no_user}})
        found.append({**condition, "then": then})
    if "storage" in catalog.questions:
        found += _of_files(catalog.questions["storage"])
    common = catalog.manifest.common.reserved
    for names_taken in common.resources:
        for question, value in names_taken.when.items():
            if question in catalog.questions:
                condition = _answered(catalog.questions[question], value)
                then = _reserved(ReservedNames((names_taken,)), besides=ReservedNames())
                found.append({**condition, "then": then})
    for framework, facts in catalog.manifest.frameworks.items():
        if facts.reserved != common:
            condition = _answered(catalog.questions["framework"], framework)
            found.append({**condition, "then": _reserved(facts.reserved, besides=common)})
    return found


def _of_files(question: Question) -> list[Schema]:
    """Return that fields refer to files where there are any, or a resource of that name."""
    no_file = {"properties": {"target": {"not": {"const": "file"}}}}
    without = _answered(question, "none")
    called_so = {"properties": {"name": {"const": "file"}}, "required": ["name"]}
    without["if"]["properties"]["resources"] = {"not": {"contains": called_so}}
    of_many = where({"type": {"const": "refs"}}, no_file["properties"])
    return [
        {**without, "then": _each_resource({"fields": {"items": no_file}})},
        {**_answered(question, "files"), "then": _each_resource({"fields": {"items": of_many}})},
    ]


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
        **where({"type": {"const": "ref"}}, {"name": _none_of(columns)}),
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
