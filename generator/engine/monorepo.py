"""A project in a folder of a repository, whose host runs CI from the root of the repository only.

A change of a project stays in its folder: that is where its CI is made and merged. The root needs a
copy of it, or a line that includes it, which is a step for a person.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator import git
from generator.errors import ScaffoldError
from generator.project.project import is_in_git
from generator.questions.facts import Monorepo
from generator.questions.features import is_any_on
from generator.render.backend import facts_of
from generator.tree import File, read_file

if TYPE_CHECKING:
    from generator.engine.planned import Change
    from generator.questions.catalog import Catalog

ELSEWHERE = "CI runs only where the root of the repository has it"
# A path that stands for itself in shells, in globs and in YAML.
PLAIN = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*", re.ASCII)


@dataclass(frozen=True)
class Step:
    """What is to be done, and why; the `command` is for the project's folder."""

    why: str
    command: str

    def __str__(self) -> str:
        return f"{self.why}: {self.command}"


def folder_of(root: Path) -> str:
    """Return the path of `root` in its git repository; empty for the repository's own root."""
    if not is_in_git(root):
        return ""
    try:
        return git.run_git(root, "rev-parse", "--show-prefix").strip().strip("/")
    except ScaffoldError:  # no git, or a repository that git refuses
        return ""


def folder_of_new(target: Path) -> str:
    """Return the path that the project `target` will have in a repository around it."""
    if not is_in_git(target.parent) or not git.belongs_to_repository(target):
        return ""
    return f"{folder_of(target.parent)}/{target.name}".lstrip("/")


def answer(places: Monorepo | None, answers: Mapping[str, Any], folder: str) -> dict[str, str]:
    """Return the answer that places CI in the repository, where there is CI."""
    if places is None or not is_any_on(places.needed_by, answers):
        return {}
    return {places.answer: folder if PLAIN.fullmatch(folder) else ""}


def placed(
    root: Path,
    catalog: Catalog,
    recorded: Catalog,
    answers: Mapping[str, Any],
    given: Container[str],
) -> dict[str, str]:
    """Return the answer that places CI in the repository, where a change brings CI.

    So does a template that asks for the place first; `recorded` is the catalog before the change.
    """
    places = catalog.manifest.facts(answers.get("framework")).monorepo
    if places is None or places.answer in given:
        return {}
    is_new = places.answer not in recorded.questions
    if not is_new and not any(question in given for question in places.needed_by):
        return {}
    return answer(places, answers, folder_of(root))


def steps_after(change: Change) -> list[str]:
    """Return what is to do at the root of the repository after a change of what runs there."""
    if change.project.external:
        return []  # what runs where is known of scaffold's own templates only
    places = facts_of(change.answers.get("framework")).monorepo
    if places is None or not any(file.path in change.files for file in places.files):
        return []
    root, changed = change.project.root, {path: change.after.get(path) for path in change.files}
    return [str(step) for step in steps(root, places, change.answers, folder_of(root), changed)]


def steps(
    root: Path,
    places: Monorepo | None,
    answers: Mapping[str, Any],
    folder: str,
    changed: Mapping[str, File | None],
) -> Iterator[Step]:
    """Yield what is to do for CI that is read at the root of the repository, not in `folder`.

    The project's files are those at `root`, but for what a change has `changed`; None is deleted.
    """
    if places is None:
        return
    recorded = answers.get(places.answer) or ""
    if is_any_on(places.needed_by, answers) and recorded != folder:
        if not folder or PLAIN.fullmatch(folder):
            yield Step("CI is made for another folder", f"scaffold set {places.answer}={folder}")
        else:
            yield Step(
                f"CI cannot be made for {folder}", "rename it to letters, digits and hyphens"
            )
    elif folder:
        yield from _at_the_root(root, places, folder, changed)


def _at_the_root(
    root: Path, places: Monorepo, folder: str, changed: Mapping[str, File | None]
) -> Iterator[Step]:
    top, parents, copies = "../" * (folder.count("/") + 1), {}, []
    for file in places.files:
        at = top + _named(file.at, folder)
        own, there = changed.get(file.path, read_file(root / file.path)), read_file(root / at)
        if own is None:
            if there and not file.line and file.path in changed:
                yield Step("The root of the repository still has a copy of the CI", f"rm {at}")
        elif not file.line:
            if there is None or there.content != own.content:
                parents[at.rpartition("/")[0]] = True
                copies.append(f"cp {file.path} {at}")
        elif there is None or f"{folder}/{file.path}".encode() not in there.content:
            line = shlex.quote(_named(file.line, folder))
            yield Step(ELSEWHERE, f"echo {line} >> {at}")
    if copies:
        yield Step(ELSEWHERE, " && ".join([f"mkdir -p {' '.join(parents)}", *copies]))


def _named(text: str, folder: str) -> str:
    return text.replace("{folder}", folder).replace("{name}", folder.replace("/", "-"))
