"""What a change of answers does to data that is in the project's database."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from generator.engine import limit_changes, transition
from generator.engine.effects import DataEffects
from generator.engine.opening import opened
from generator.engine.transition import Renaming, ResourceRename
from generator.errors import UsageError
from generator.project.migrations import History, is_made, read_histories
from generator.project.record import Project
from generator.questions.facts import Facts, Migrations
from generator.questions.manifest import DataChange, Manifest
from generator.text import shown

Answers = Mapping[str, Any]
DROPPED_TABLE = "The next migration drops the table {table} with all of its rows."


def effects(
    project: Project,
    new: Answers,
    manifest: Manifest,
    assigned: Container[str],
    owner: str | None,
    rename: Renaming | None = None,
) -> DataEffects:
    """Return what the answers `new`, of which some were `assigned`, do to the project's data.

    Raises `UsageError` for an `owner` that is not needed, and what `transition.begin` raises.
    """
    facts = manifest.facts(new.get("framework"))
    changes = _of_answers(project.answers, new, manifest.data_changes)
    is_asked = bool(changes or rename)
    found = _histories(project, facts.migrations) if is_asked and facts.migrations else {}
    changes = [change for change in changes if not _is_made(change, found.values())]
    begun = None
    if asking := [change for change in changes if change.asks_owner]:
        merge = facts.commands.merge_migrations
        begun = transition.begin(asking[0], found, merge, assigned, owner)
    elif rename:
        _check_known(rename, facts)
        begun = transition.rename(rename, found, facts.commands.merge_migrations)
    elif owner is not None:
        what = "This change gives no rows to an account."
        raise UsageError(what, "Leave --owner out, or first: scaffold update")
    losses = [change for change in changes if change.asks and not change.asks_owner]
    dropped_table = facts.dropped_table or DROPPED_TABLE
    before, after = (_with_tables_of_ours(side) for side in (project.answers, new))
    before = [_renamed(resource, rename) for resource in before] if rename else before
    named = begun.owner if begun else ""
    given = {key: value for change in changes for key, value in change.sets.items()}
    return DataEffects(
        losses=[
            *(_with_unique(change, new) for change in losses),
            *_dropped(before, after, dropped_table),
            *limit_changes.rounded(before, after),
            *(opened(project.answers, new) if new.get("auth") != "none" else ()),
        ],
        notices=[
            *(c.says.replace("{owner}", named) for c in changes if c not in losses),
            *_demanded(before, after),
            *limit_changes.narrowed(before, after),
        ],
        steps=[step for change in changes for step in change.steps],
        transition=begun,
        answers={key: value for key, value in given.items() if key not in assigned}
        | _keeping(project.answers, new, facts),
    )


def _with_tables_of_ours(answers: Answers) -> list[Answers]:
    """Return the resources whose tables migrations make, change and drop."""
    return [one for one in answers.get("resources") or [] if not one.get("table")]


def _keeping(old: Answers, new: Answers, facts: Facts) -> dict[str, Any]:
    """Return the answer by which no migration drops a table whose resource goes."""
    tables = [
        {one["table"] for one in side.get("resources") or [] if one.get("table")}
        for side in (old, new)
    ]
    return {facts.keeps_tables: True} if facts.keeps_tables and tables[0] - tables[1] else {}


def _histories(project: Project, where: Migrations) -> dict[str, History]:
    resources = project.answers.get("resources") or []
    labels = {one["plural"]: one["label"] for one in resources if "label" in one}
    return read_histories(project.root, where, labels)


def _check_known(rename: Renaming, facts: Facts) -> None:
    """Refuse what the template has no migration for."""
    is_resource = isinstance(rename, ResourceRename)
    if not (facts.has_resource_renames if is_resource else facts.has_renames):
        renamed = "resource" if is_resource else "field"
        what = f"This version of the template has no migration for a renamed {renamed}."
        raise UsageError(what, "First: scaffold update")


def _renamed(resource: Answers, rename: Renaming) -> Answers:
    """Return a resource as if it or its field had had the new name already."""
    if isinstance(rename, ResourceRename):
        return rename.after if resource["name"] == rename.before["name"] else resource
    if resource["name"] != rename.resource:
        return resource
    fields = [rename.after if f["name"] == rename.old else f for f in resource["fields"]]
    unique = [
        [rename.new if name == rename.old else name for name in names]
        for names in resource.get("unique", [])
    ]
    return {**resource, "fields": fields, "unique": unique}


def _with_unique(change: DataChange, answers: Answers) -> str:
    """Return what `change` says, of the unique fields of the resources as well."""
    unique = [
        f"{column['name']} ({resource['plural']})"
        for resource in answers.get("resources") or []
        for column in resource["fields"]
        if column.get("unique")
    ]
    more = change.says_of_unique.replace("{fields}", " or ".join(unique)) if unique else ""
    return f"{change.says} {more}".strip()


def _is_made(change: DataChange, histories: Iterable[History]) -> bool:
    """Tell whether the migrations have already what `change` needs.

    It was taken back then, before anybody made the migration for that.
    """
    if not change.creates:
        return False
    return any(is_made(history, change.creates, change.drops) for history in histories)


def _of_answers(old: Answers, new: Answers, known: Iterable[DataChange]) -> list[DataChange]:
    """Return those of the template's `known` changes of data that the new answers make."""
    return [
        change
        for change in known
        if shown(old.get(change.question)) == change.before
        and shown(new.get(change.question)) == change.after
        and new.get("framework") in (change.frameworks or [new.get("framework")])
    ]


def _dropped(old: Iterable[Answers], new: Iterable[Answers], dropped_table: str) -> Iterator[str]:
    """Yield what becomes of the tables and columns that the models no longer have."""
    left = {resource["plural"]: resource for resource in new}
    for resource in old:
        table = resource["plural"]
        if table not in left:
            yield dropped_table.replace("{table}", resource.get("label", table))
            continue
        types = {column["name"]: column["type"] for column in left[table]["fields"]}
        for column in resource["fields"]:
            name = column["name"]
            if name not in types:
                yield f"The next migration drops {name} of all rows in {table}."
            elif types[name] != column["type"]:
                yield f"The type of {name} in {table} changes: its values must fit the new one."


def _demanded(old: Iterable[Answers], new: Iterable[Answers]) -> Iterator[str]:
    """Yield what rows that exist may not fulfil, so that the next migration would stop."""
    known = {
        (resource["plural"], field["name"]): field
        for resource in old
        for field in resource["fields"]
    }
    tables = {resource["plural"] for resource in old}
    for resource in new:
        table = resource["plural"]
        for column in resource["fields"] if table in tables else []:
            name, before = column["name"], known.get((table, column["name"]))
            fills = before is None and ("default" in column or column["type"] in {"enum", "refs"})
            is_required = not column.get("optional") and not fills
            if is_required and (before is None or before.get("optional")):
                yield (
                    f"{name} is required, and rows of {table} may have none: write a value for "
                    "them into the migration before you run it."
                )
            if column.get("unique") and not (before and before.get("unique")):
                yield f"{name} is unique in {table}: rows with the same value stop the migration."
