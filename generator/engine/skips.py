"""What `skip` and `unskip` do: they change the record of files that every change leaves alone."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from generator.engine import pending
from generator.engine.advice import Advice
from generator.engine.drift import measure
from generator.engine.options import ChangeOptions
from generator.engine.plan import plan
from generator.engine.target import newest_version
from generator.errors import UsageError
from generator.project import skips
from generator.project.project import find_project, name_in
from generator.project.record import Project
from generator.project.skips import SKIPS_FILE
from generator.transaction import apply as transaction
from generator.tree import File, matching, read_file

WITHOUT_CODE = ChangeOptions(hooks=False)
WILDCARD = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class Skipping:
    """The patterns that were recorded or taken back, and the files that they match."""

    patterns: list[str]
    files: list[str]


def skip(project: Project, start: Path, words: Sequence[str]) -> Skipping:
    """Have changes leave alone what `words` name: paths seen from `start`, or patterns.

    Raises `UsageError` for a word that names no file of the project or its template.
    """
    pending.check_none(project.root)
    recorded = skips.recorded_patterns(project)
    known = measure(project, WITHOUT_CODE).states
    patterns = [_pattern(project, start, word, known) for word in words]
    new = [line for line in dict.fromkeys(patterns) if line not in recorded]
    if new:
        name = skips.record_of(project)
        old = read_file(project.root / name)
        _write(project, "skip", name, old, skips.with_patterns(name, old, new))
    return Skipping(new, sorted(matching(patterns, known)))


def unskip(project: Project, start: Path, words: Sequence[str]) -> Skipping:
    """Take back what `skip` recorded of `words`; raises `UsageError` for what it did not."""
    pending.check_none(project.root)
    recorded = skips.recorded_patterns(project)
    gone = []
    for word in words:
        line = word if word in recorded else _anchored(project, start, word)
        if line not in recorded:
            raise _not_recorded(project, word, line, recorded)
        gone.append(line)
    known = measure(project, WITHOUT_CODE).states
    name = skips.record_of(project)
    old = read_file(project.root / name)
    _write(project, "unskip", name, old, skips.without_patterns(name, old, gone))
    project = find_project(project.root, project.record)
    return Skipping(gone, sorted(matching(gone, known) - skips.skipped(project, known)))


def _pattern(project: Project, start: Path, word: str, known: Collection[str]) -> str:
    """Return the line that records `word`: a path from the root, or the pattern that it is."""
    is_pattern = WILDCARD.search(word) and not os.path.lexists(start / word)
    line = word if is_pattern else _anchored(project, start, word)
    if line in ("/" + project.record, "/" + SKIPS_FILE):
        raise UsageError(f"{word} is scaffold's own record.", "Skip other files.")
    if not skips.is_pattern(line):
        raise UsageError(f"{word} is not a pattern of .gitignore.", "Write it as git reads it.")
    if not matching([line], known) and not matching([line], _later_files(project)):
        what = f"{word} is not a file of the project or its template."
        raise UsageError(what, "See scaffold status --json.")
    return line


def _anchored(project: Project, start: Path, word: str) -> str:
    """Return the pattern for just the file or folder `word`."""
    name = name_in(project.root, start / word)
    return "/" + re.sub(r"[\\*?\[]| $", r"\\\g<0>", name)


def _later_files(project: Project) -> set[str]:
    """Return the files that the newest version of the template makes of the project."""
    if project.external:
        return set()
    newest = newest_version(project)
    return set() if newest == project.version else set(plan(project, newest).theirs)


def _not_recorded(project: Project, word: str, line: str, recorded: Sequence[str]) -> UsageError:
    path = line.removeprefix("/")
    others = [pattern for pattern in recorded if matching([pattern], [path])]
    if others:
        what = f"{word} is skipped by the pattern {others[-1]}."
        return UsageError(what, f"Write: scaffold unskip '{others[-1]}'")
    return UsageError(f"{word} is not skipped.", f"See {skips.record_of(project)}.")


def _write(project: Project, command: str, name: str, old: File | None, new: File | None) -> None:
    about = {"command": command, "conflicts": [], "advice": asdict(Advice())}
    before = {name: old} if old else {}
    after = {name: new} if new else {}
    transaction.apply(project.root, before, after, about, unresolved=False)
