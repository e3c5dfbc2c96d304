"""The commands `list` and `schema`: what can be chosen, and what can be answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.cli import config
from generator.cli.output import print_json, say
from generator.cli.wizard import ASKED, RESOURCES
from generator.questions.catalog import Catalog, Question
from generator.questions.resource_answers import resources_from_answer
from generator.questions.schema import answers_schema
from generator.questions.user import UserSettings
from generator.render.backend import backend_of
from generator.text import shown
from generator.versions.locate import template_root


def list_(*, no_config: bool, as_json: bool) -> None:
    """Print what can be chosen."""
    catalog = backend_of(template_root()).catalog()
    user = config.load(catalog, ignore=no_config)
    if as_json:
        print_json(_described(catalog, user))
    else:
        config.announce(user)
        _show(catalog, user)


def schema(*, as_json: bool) -> None:
    """Print every question: as JSON Schema, or as lines to read."""
    catalog = backend_of(template_root()).catalog()
    if as_json:
        print_json(answers_schema(catalog))
        return
    for question in catalog.questions.values():
        kind = "|".join(question.values) or question.type
        say(f"{question.name} [{kind}]", "bold")
        say(f"  {question.help}")
        if question.default not in (None, ""):
            say(f"  Default: {shown(question.default)}")


def _described(catalog: Catalog, user: UserSettings) -> dict[str, Any]:
    questions = [catalog.questions[name] for name in ASKED]
    return {
        "choices": {
            question.name: [vars(choice) for choice in question.choices] or [True, False]
            for question in questions
        },
        "defaults": {q.name: user.defaults.get(q.name, q.default) for q in questions},
        "presets": {**catalog.manifest.presets, **user.presets},
        "exclusions": [vars(exclusion) for exclusion in catalog.manifest.exclusions],
        "config": str(user.path) if user.path else None,
    }


def _show(catalog: Catalog, user: UserSettings) -> None:
    for question in (catalog.questions[name] for name in ASKED):
        say(f"{question.help} (--{question.name})", "bold")
        _show_choices(question, shown(user.defaults.get(question.name, question.default)))
    presets = {**catalog.manifest.presets, **user.presets}
    say("Presets (--preset)", "bold")
    width = max(9, *map(len, presets))
    for name, answers in presets.items():
        say(f"  {name:{width}} {_in_words(answers)}{' (yours)' if name in user.presets else ''}")
    say("Exclusions", "bold")
    for rule in catalog.manifest.exclusions:
        say(f"  {rule.choice} excludes {rule.excludes}: {rule.reason}")


def _show_choices(question: Question, default: str) -> None:
    pairs = [(choice.value, choice.label) for choice in question.choices]
    if question.type == "bool":
        pairs = [("yes", f"--{question.name}"), ("no", f"--no-{question.name}")]
    for value, label in pairs:
        say(f"  {value:10}{label}{' (default)' if value == default else ''}")


def _in_words(answers: Mapping[str, Any]) -> str:
    """Return a preset's answers as options take them."""
    resources = [
        resource.option() for resource in resources_from_answer(answers.get(RESOURCES, []))
    ]
    words = [f"{key}={shown(value)}" for key, value in answers.items() if key != RESOURCES]
    return ", ".join([*words, *(f'resource="{text}"' for text in resources)])
