"""The questions as JSON Schema, for programs that fill in an answers file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.questions import names, resources
from generator.questions.catalog import Question

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def answers_schema(questions: Mapping[str, Question]) -> dict[str, Any]:
    """Return the schema of an answers file (`scaffold new --answers FILE`)."""
    return {
        "$schema": DIALECT,
        "title": "Answers for scaffold new",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _property(question) for name, question in questions.items()},
        # copier's own notes, which scaffold ignores: where the project came from
        "patternProperties": {"^_": {}},
    }


def _property(question: Question) -> dict[str, Any]:
    schema: dict[str, Any] = {"description": question.help}
    if question.default is not None:
        schema["default"] = question.default
    if question.name == "resources":
        return {**schema, **_resources()}
    if question.name == "project_name":
        pattern = f"^{names.PATTERN.pattern}$"
        return {**schema, "type": "string", "pattern": pattern, "maxLength": names.MAX_LENGTH}
    if question.type == "bool":
        return {**schema, "type": "boolean"}
    schema["type"] = "string"
    if question.choices:
        schema["oneOf"] = [{"const": c.value, "title": c.label} for c in question.choices]
    return schema


def _resources() -> dict[str, Any]:
    def word(pattern: str, length: int) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^({pattern})$", "maxLength": length}

    resource_name = resources.RESOURCE_NAME.pattern
    field = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "type"],
        "properties": {
            "name": word(resources.FIELD_NAME.pattern, resources.MAX_FIELD_NAME),
            "type": {"enum": list(resources.TYPES)},
            "choices": {
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": word(resources.CHOICE.pattern, resources.MAX_FIELD_NAME),
            },
            "target": word(resource_name, resources.MAX_NAME),
            **{modifier: {"type": "boolean"} for modifier in resources.MODIFIERS},
        },
    }
    return {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name", "fields"],
            "properties": {
                "name": word(resource_name, resources.MAX_NAME),
                "plural": word(resource_name, resources.MAX_PLURAL),
                "fields": {"type": "array", "minItems": 1, "items": field},
            },
        },
    }
