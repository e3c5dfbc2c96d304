"""`scaffold new --template`: a project from somebody else's template."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.engine import trust as trusting
from generator.engine.create import check_target, first_commit, milliseconds, move
from generator.engine.opened import Opened, open_address
from generator.engine.options import ChangeOptions
from generator.errors import UsageError, did_you_mean
from generator.project.external_record import CRUFT_FILE, cruft_record
from generator.questions.prompt import ONE, Ask, Prompt, PromptChoice
from generator.render import asking, process
from generator.render.code import code_of, question_names
from generator.render.nested import nested_templates
from generator.render.request import AFTER, BEFORE, FILES, Reply, Request
from generator.transaction.staging import discard, staging_folder, sweep
from generator.versions.address import Address
from generator.versions.engines import COOKIECUTTER, engine_of

NAME = "project_name"  # what most templates call the question that NAME answers
NOT_VERSIONED = "The template is in no git repository, so updates will not find it."
NOT_RECORDED = "The template records no answers, so the project cannot be updated from it."


@dataclass(frozen=True)
class ExternalProject:
    """What was made of somebody else's template, or would be; `message` is the template's own."""

    path: Path
    template: str
    version: str
    answers: Mapping[str, Any]
    files: Sequence[str]
    milliseconds: int
    committed: bool = False
    message: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class NewOptions:
    """How a project is made: as with changes, and whether it becomes a repository."""

    change: ChangeOptions
    directory: str = ""
    use_git: bool = True
    dry_run: bool = False


def create(
    target: Path, address: Address, given: Mapping[str, Any], options: NewOptions
) -> ExternalProject:
    """Make the project `target` from the template at `address`, whole or not at all.

    `given` answers stand; a person is asked for the others, or they are the template's defaults.
    Raises `TrustNeededError`, `UsageError` for a wrong answer, else `ScaffoldError`.
    """
    start = time.perf_counter()
    check_target(target)
    if not options.dry_run:
        sweep(target.parent)
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        opened = open_address(address, options.directory, Path(folder))
        given = dict(given)
        if opened.engine == COOKIECUTTER:
            opened = _nested(opened, given, options.change.ask)
        code = [code_of(opened.engine, opened.root)]
        change = options.change
        trusting.check(opened.source, code, hooks=change.hooks, trust=change.trust)
        if NAME in question_names(opened.engine, opened.root):
            given.setdefault(NAME, target.name)
        asked = replace(opened.request(target, target), given=given)
        if change.ask:
            asked = replace(asked, given=asking.ask(asked, change.ask))
        made = _preview if options.dry_run else _make
        return made(opened, asked, target, options, start)


def _preview(
    opened: Opened, asked: Request, target: Path, options: NewOptions, start: float
) -> ExternalProject:
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        out = Path(folder) / target.name
        out.mkdir()
        steps = (BEFORE, FILES, AFTER) if options.change.hooks else (FILES,)
        reply = process.run(replace(asked, out=str(out), steps=steps))
        files = _files(out)
    return _described(opened, reply, target, files, start)


def _make(
    opened: Opened, asked: Request, target: Path, options: NewOptions, start: float
) -> ExternalProject:
    """Build beside the target and move; hooks and tasks that come last run in their real place."""
    notes: list[str] = []
    hooks = options.change.hooks
    with staging_folder(target.parent, target.name) as folder:
        steps = (BEFORE, FILES) if hooks else (FILES,)
        reply = process.run(replace(asked, out=str(folder), steps=steps), shown=True)
        if opened.engine == COOKIECUTTER and opened.is_versioned:
            _write_record(folder, opened, reply)
        move(folder, target)
    if hooks and code_of(opened.engine, opened.root).optional:
        try:
            process.run(replace(asked, out=str(target), steps=(AFTER,)), shown=True)
        except BaseException:
            discard(target)
            raise
    files = _files(target)
    committed = False
    if options.use_git and not (target / ".git").exists():
        committed = first_commit(
            target, f"Start from {opened.source} {opened.version}", target, notes
        )
    if not opened.is_versioned:
        notes.append(NOT_VERSIONED)
    elif reply.record not in files:
        notes.append(NOT_RECORDED)
    return replace(
        _described(opened, reply, target, files, start), committed=committed, notes=notes
    )


def _write_record(folder: Path, opened: Opened, reply: Reply) -> None:
    record = cruft_record(
        {},
        source=opened.source,
        commit=opened.commit,
        checkout=opened.checkout,
        directory=opened.directory,
        context=reply.context,
    )
    (folder / CRUFT_FILE).write_bytes(record.content)


def _described(
    opened: Opened, reply: Reply, target: Path, files: Sequence[str], start: float
) -> ExternalProject:
    return ExternalProject(
        target,
        opened.source,
        opened.version,
        reply.answers,
        files,
        milliseconds(start),
        message=reply.message,
    )


def _nested(opened: Opened, given: dict[str, Any], ask: Ask | None) -> Opened:
    """Return the template that is chosen of several inside of `opened`, or `opened` itself."""
    found = nested_templates(opened.root)
    while found:
        chosen = given.pop("template", None)
        if chosen is None and ask:
            choices = tuple(PromptChoice(name, name) for name in found)
            prompt = Prompt("template", "Template", ONE, next(iter(found)), lambda _: "", choices)
            chosen = ask(prompt)
        chosen = chosen or next(iter(found))
        if chosen not in found:
            hint = did_you_mean(str(chosen), list(found))
            raise UsageError(f"There is no template {chosen!r} in it.", hint)
        root = (opened.root / found[chosen]).resolve()
        directory = Path(opened.directory, found[chosen]).as_posix()
        engine_of(root)
        opened = replace(opened, root=root, directory=directory)
        found = nested_templates(opened.root)
    return opened


def _files(folder: Path) -> list[str]:
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in {".git", ".venv", "node_modules"}]
        inside = Path(place).relative_to(folder)
        found += [(inside / name).as_posix() for name in names]
    return sorted(found)
