"""From options, files and presets to one complete, checked set of answers."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from generator.errors import ScaffoldError, UsageError, did_you_mean
from generator.questions import exclusions
from generator.questions.catalog import Catalog, Question
from generator.questions.facts import Facts
from generator.questions.manifest import Manifest
from generator.questions.names import check_project_name
from generator.questions.resource_answers import resources_from_answer
from generator.questions.resource_texts import parse_resource
from generator.questions.resources import Resource
from generator.questions.rules import check_resources
from generator.questions.typed import typed_value
from generator.questions.user import NO_SETTINGS, UserSettings


def complete(
    catalog: Catalog,
    name: str,
    *,
    options: Mapping[str, Any],
    assigned: Mapping[str, str],
    file: Mapping[str, Any],
    preset: str | None = None,
    resources: Sequence[str] = (),
    user: UserSettings = NO_SETTINGS,
) -> dict[str, Any]:
    """Return an answer to each question of `catalog`, in their order.

    What is given explicitly (`options` that are not None, `assigned` by --set, `resources`) wins
    over `file`, that over `preset`, that over the user's defaults, those over the template's. A
    preset of the user's hides the template's of that name. Raises `UsageError`.
    """
    questions, presets = catalog.questions, {**catalog.manifest.presets, **user.presets}
    if preset is not None and preset not in presets:
        raise UsageError(f"There is no preset {preset!r}.", did_you_mean(preset, list(presets)))
    explicit = {key: value for key, value in options.items() if value is not None}
    for key in assigned:
        if key == "project_name":
            raise UsageError(
                "--set project_name: the name is an argument.", "Write scaffold new NAME."
            )
        if key in explicit or (key == "resources" and resources):
            raise UsageError(f"{key} is given by an option and by --set.", "Keep one of them.")
    given = {**file, **explicit, **assigned}
    _check_keys(questions, given)
    chosen = presets.get(preset or "", {})
    given = {**user.defaults, **chosen, **given, "project_name": name}
    if resources:
        given["resources"] = [parse_resource(text).answer() for text in resources]
    answers = {
        key: typed_value(question, given[key]) if key in given else default(question)
        for key, question in questions.items()
    }
    check_project_name(name, catalog.manifest.project_names)
    exclusions.check(catalog.manifest.exclusions, answers)
    return _with_checked_resources(catalog.manifest, answers)


def change(
    catalog: Catalog, current: Mapping[str, Any], assigned: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a project's `current` answers with those `assigned`, which are text from --set.

    Answers to questions that `catalog` does not have are kept: a newer question may take its
    default from them. Raises `UsageError`, or `ScaffoldError` for a current answer that the
    template no longer accepts.
    """
    questions = catalog.questions
    _check_keys(questions, assigned)
    framework = current.get("framework")
    if assigned.get("framework", framework) != framework:
        what = f"A {framework} project cannot change its framework: no code would be left."
        raise UsageError(what, "Create a new one: scaffold new NAME --framework ...")
    typed = {key: typed_value(questions[key], value) for key, value in assigned.items()}
    answers = {**current, **typed}
    for key in answers.keys() & questions.keys() - typed.keys():
        try:
            typed_value(questions[key], answers[key])
        except UsageError as error:
            what = f"The new template does not accept an answer of the project: {error.message}"
            raise ScaffoldError(what, f"First: scaffold set {key}=... {error.hint}") from error
    if typed:  # an update keeps answers that are refused today
        exclusions.check(catalog.manifest.exclusions, answers)
    if "project_name" in typed:  # the name of a project from before may be refused today
        check_project_name(typed["project_name"], catalog.manifest.project_names)
    facts = catalog.manifest.facts(answers.get("framework"))
    if typed.keys() & {"resources", "auth", *facts.reserved.questions}:
        return _with_checked_resources(catalog.manifest, answers)
    return answers


def assigned_answers(
    catalog: Catalog, assigned: Mapping[str, str], resources: Sequence[str]
) -> dict[str, Any]:
    """Return the answers that `assigned` by --set and `resources` give, and no others.

    Raises `UsageError`.
    """
    if "resources" in assigned and resources:
        raise UsageError("resources is given by an option and by --set.", "Keep one of them.")
    _check_keys(catalog.questions, assigned)
    answers = {key: typed_value(catalog.questions[key], text) for key, text in assigned.items()}
    if resources:
        answers["resources"] = [parse_resource(text).answer() for text in resources]
    exclusions.check(catalog.manifest.exclusions, answers)
    if "resources" not in answers:
        return answers
    is_open = "storage" not in answers  # it may be asked for
    return _with_checked_resources(catalog.manifest, answers, may_have_files=is_open)


def check_recorded(questions: Mapping[str, Question], answers: Mapping[str, Any]) -> None:
    """Refuse a project's answers file whose answers its template cannot have accepted.

    Raises `ScaffoldError`.
    """
    cure = "Restore the answers file, then use scaffold set KEY=VALUE."
    for key, value in answers.items():
        if key not in questions:
            hint = f"{did_you_mean(key, list(questions))} {cure}"
            raise ScaffoldError(f"The answers file has an unknown key {key!r}.", hint)
        try:
            typed_value(questions[key], value)
        except UsageError as error:
            raise ScaffoldError(f"The answers file is damaged: {error.message}", cure) from error


def _check_keys(questions: Mapping[str, Question], keys: Iterable[str]) -> None:
    for key in keys:
        if key not in questions:
            raise UsageError(f"There is no question {key!r}.", did_you_mean(key, list(questions)))


def _with_checked_resources(
    manifest: Manifest, answers: dict[str, Any], *, may_have_files: bool = False
) -> dict[str, Any]:
    """Return `answers` with the resources in the form that is recorded."""
    resources = resources_from_answer(answers["resources"])
    facts = manifest.facts(answers.get("framework"))
    reserved = facts.reserved.given(answers)
    users = answers.get("auth") != "none"
    files = may_have_files or answers.get("storage") == "files"
    check_resources(resources, reserved=reserved, users=users, files=files)
    _check_known(facts, resources)
    labelled = [resource for resource in resources if resource.label]
    if labelled and not facts.keeps_labels:
        what = f"{labelled[0].name}: a resource of this framework has no label."
        raise UsageError(what, "Leave label out.")
    return {**answers, "resources": [resource.answer() for resource in resources]}


def _check_known(facts: Facts, resources: Sequence[Resource]) -> None:
    """Refuse what a framework, or a project's version of the template, does not know yet."""
    fields = [field for resource in resources for field in resource.fields]
    defaulted = [field.name for field in fields if field.default is not None]
    limited = [field.name for field in fields if field.limits.answer()]
    limited += [resource.name for resource in resources if resource.unique]
    opened = [resource.name for resource in resources if resource.access.answer()]
    related = [field.name for field in fields if field.on_delete or field.type == "refs"]
    referring = [field.name for field in fields if field.type == "ref"]
    acting = [resource.name for resource in resources if resource.endpoints]
    mapped = [resource.name for resource in resources if resource.table]
    for names, flag, what in (
        (defaulted, "has_defaults", "defaults of fields"),
        (limited, "has_limits", "limits of fields"),
        (opened, "has_access", "options owner, read and write"),
        (referring, "has_references", "references"),
        (related, "has_relations", "such references"),
        (acting, "has_endpoints", "endpoints of your own"),
        (mapped, "has_existing", "resources of tables that exist"),
    ):
        if names and not getattr(facts, flag):
            if facts.lacking:
                reason = f"{names[0]}: {facts.lacking} has no {what} yet."
                raise UsageError(reason, "Leave it out, or choose another framework.")
            reason = f"{names[0]}: this version of the template has no {what}."
            raise UsageError(reason, "First: scaffold update")


def default(question: Question) -> Any:
    """Return the default of `question`; that of `python_version` is the running interpreter's."""
    if question.name != "python_version":
        return question.default
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    return running if running in question.values else question.values[-1]
