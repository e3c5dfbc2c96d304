"""From options, files and presets to one complete, checked set of answers."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.errors import ScaffoldError, UsageError, did_you_mean
from generator.questions.catalog import PRESETS, Question
from generator.questions.names import check_project_name
from generator.questions.resources import parse_resource, resources_from_answer
from generator.questions.rules import check_resources

WORDS = {"yes": True, "true": True, "no": False, "false": False}


def assignments(pairs: Sequence[str]) -> dict[str, str]:
    """Return `KEY=VALUE` strings as a mapping."""
    result: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(f"{pair!r} has no value.", "Write KEY=VALUE.")
        if result.get(key, value) != value:
            raise UsageError(f"{key} is given twice.", "Keep one of them.")
        result[key] = value
    return result


def read_answers_file(path: Path) -> dict[str, Any]:
    """Return the answers in a YAML or JSON file, such as another project's `.copier-answers.yml`.

    Keys that start with an underscore are copier's own notes and are left out.
    """
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Check --answers.") from error
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        reason = str(error).replace("\n", " ")[:200]
        raise UsageError(
            f"{path} is not valid YAML or JSON: {reason}", "Check --answers."
        ) from error
    if not isinstance(data, dict):
        raise UsageError(f"{path} contains no answers.", "Write KEY: VALUE lines.")
    return {str(key): value for key, value in data.items() if not str(key).startswith("_")}


def complete(
    questions: Mapping[str, Question],
    name: str,
    *,
    options: Mapping[str, Any],
    assigned: Mapping[str, str],
    file: Mapping[str, Any],
    preset: str | None = None,
    resources: Sequence[str] = (),
) -> dict[str, Any]:
    """Return an answer to each of `questions`, in their order.

    What is given explicitly (`options` that are not None, `assigned` by --set, `resources`) wins
    over `file`, that over `preset`, that over the defaults. Raises `UsageError`.
    """
    if preset is not None and preset not in PRESETS:
        raise UsageError(f"There is no preset {preset!r}.", did_you_mean(preset, list(PRESETS)))
    explicit = {key: value for key, value in options.items() if value is not None}
    for key in assigned:
        if key == "project_name":
            raise UsageError("--set project_name: the name is an argument.", "scaffold new NAME")
        if key in explicit or (key == "resources" and resources):
            raise UsageError(f"{key} is given by an option and by --set.", "Keep one of them.")
    known = list(questions)
    given = {**file, **explicit, **assigned}
    for key in given:
        if key not in questions:
            raise UsageError(f"There is no question {key!r}.", did_you_mean(key, known))
    given = {**PRESETS.get(preset or "", {}), **given, "project_name": name}
    if resources:
        given["resources"] = [parse_resource(text).answer() for text in resources]
    answers = {
        key: _typed(question, given[key]) if key in given else default(question)
        for key, question in questions.items()
    }
    return _check(answers)


def change(
    questions: Mapping[str, Question], current: Mapping[str, Any], assigned: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a project's `current` answers with what is `assigned`, text as --set gives it.

    Answers that `questions` do not ask for stay: a newer question may take its default from them.
    Raises `UsageError`.
    """
    for key in assigned:
        if key not in questions:
            raise UsageError(f"There is no question {key!r}.", did_you_mean(key, list(questions)))
    framework = current.get("framework")
    if assigned.get("framework", framework) != framework:
        what = f"A {framework} project cannot change its framework: no line of code would stay."
        raise UsageError(what, "Make a new one: scaffold new NAME --framework ...")
    typed = {key: _typed(questions[key], value) for key, value in assigned.items()}
    answers = {**current, **typed}
    for key in answers.keys() & questions.keys() - typed.keys():
        try:
            _typed(questions[key], answers[key])
        except UsageError as error:
            what = f"The new template cannot do with an answer of the project: {error.message}"
            raise ScaffoldError(what, f"First: scaffold set {key}=... {error.hint}") from error
    return _check(answers) if typed.keys() & {"project_name", "resources", "auth"} else answers


def check_recorded(questions: Mapping[str, Question], answers: Mapping[str, Any]) -> None:
    """Refuse answers of a project that its template cannot have been given.

    Raises `ScaffoldError`.
    """
    cure = "Restore the answers file, then scaffold set KEY=VALUE."
    for key, value in answers.items():
        if key not in questions:
            hint = f"{did_you_mean(key, list(questions))} {cure}"
            raise ScaffoldError(f"The answers file answers {key!r}, which nobody asked.", hint)
        try:
            _typed(questions[key], value)
        except UsageError as error:
            raise ScaffoldError(f"The answers file is damaged: {error.message}", cure) from error


def _check(answers: dict[str, Any]) -> dict[str, Any]:
    """Return `answers` when they go together, with the resources in their stored form."""
    check_project_name(answers["project_name"])
    resources = resources_from_answer(answers["resources"])
    check_resources(resources, framework=answers["framework"], users=answers["auth"] != "none")
    return {**answers, "resources": [resource.answer() for resource in resources]}


def default(question: Question) -> Any:
    """Return the default of `question`; that of `python_version` is the running interpreter's."""
    if question.name != "python_version":
        return question.default
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    return running if running in question.values else question.values[-1]


def _typed(question: Question, value: Any) -> Any:
    """Return `value` as the type of `question` says, or raise `UsageError`."""
    if question.type == "yaml":
        return _yaml(question, value) if isinstance(value, str) else value
    if not isinstance(value, str | int | float):
        what = "nothing" if value is None else f"a {type(value).__name__}"
        raise UsageError(f"{question.name} cannot be {what}.", "See scaffold schema.")
    if question.type == "bool":
        return _boolean(question, value)
    if question.choices:
        return _choice(question, str(value))
    if not isinstance(value, str):
        raise UsageError(f"{question.name} must be text, not {value}.", "Put it in quotes.")
    return _plain_text(question, value)


def _boolean(question: Question, value: str | float) -> bool:
    word = str(value).lower()  # YAML has read `yes` as True already
    if word in WORDS:
        return WORDS[word]
    raise UsageError(f"{question.name}={value} is neither yes nor no.", "Write yes or no.")


def _yaml(question: Question, text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UsageError(
            f"{question.name} is not valid YAML: {text[:80]!r}", "Quote it."
        ) from error


def _choice(question: Question, value: str) -> str:
    if value in question.values:
        return value
    hint = did_you_mean(value, question.values)
    raise UsageError(f"{question.name}={value[:80]} is not one of its choices.", hint)


def _plain_text(question: Question, text: str) -> str:
    """Return `text` when files of every kind can hold it."""
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs":
            raise UsageError(f"{question.name} is no valid UTF-8.", "Write it in UTF-8.")
        if category == "Cc" and character not in "\n\t":
            name = f"U+{ord(character):04X}"
            raise UsageError(f"{question.name} holds the control character {name}.", "Take it out.")
    return text
