"""Answers files that git merged: what each of the two branches recorded."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from generator import git
from generator.errors import ScaffoldError
from generator.project.record import ANSWERS_FILE, Project, read_record
from generator.text import shown
from generator.tree import read_file

MERGE = "Two branches changed it; merge their answers: scaffold update --continue"
# How far back a merge is looked for, and a commit whose answers file is whole.
MOST_COMMITS = 100
# The other side of a merge, a rebase or a cherry-pick that is under way.
OTHER_SIDES = ("MERGE_HEAD", "REBASE_HEAD", "CHERRY_PICK_HEAD")


@dataclass(frozen=True)
class Branches:
    """What two branches recorded, and the commit from which both of them went on."""

    base: Project
    ours: Project
    theirs: Project
    is_under_way: bool


def find_branches(root: Path) -> Branches | None:
    """Return what the branches recorded that git is merging or has merged; None without.

    A merge of the past counts where it broke the answers file, or where it is the last commit.
    """
    head = _resolve(root, "HEAD")
    if head is None:
        return None
    if staged := _between(root, ":1:", ":2:", ":3:", is_under_way=True):
        return staged
    for other in OTHER_SIDES:
        if _resolve(root, other):
            first = _base(root, head, other) if other == "MERGE_HEAD" else f"{other}^"
            return _between(root, f"{first}:", f"{head}:", f"{other}:", is_under_way=True)
    is_whole = _is_whole(_now(root))
    for merge in _commits(root, "--merges"):
        if is_whole and merge != head:
            return None
        if is_whole or not _is_whole(_recorded(root, f"{merge}:")):
            base = _base(root, f"{merge}^1", f"{merge}^2")
            sides = f"{base}:", f"{merge}^1:", f"{merge}^2:"
            if found := _between(root, *sides, is_under_way=False):
                return found
    return None


def unmerged(root: Path) -> list[str]:
    """Return the files of the project whose conflicts git has not been told to be resolved."""
    listed = git.read(root, "ls-files", "--unmerged", "-z").decode(errors="surrogateescape")
    return sorted({entry.partition("\t")[2] for entry in listed.split("\0") if entry})


def stages(root: Path, path: str) -> dict[int, bytes]:
    """Return an unmerged file as git's index has it: 1 the base, 2 ours, 3 theirs."""
    found = {number: _shown(root, f":{number}:", path) for number in (1, 2, 3)}
    return {number: content for number, content in found.items() if content is not None}


def cure(root: Path, broken: ScaffoldError) -> str:
    """Return what to do about a broken answers file so that no branch loses an answer."""
    if find_branches(root):
        return MERGE
    if found := last_whole(root):
        commit, whole = found
        return broken.hint.replace("HEAD", commit[:12]) + _differing(root, whole)
    return f"{broken.hint}; or find the answers anew: scaffold adopt"


def last_whole(root: Path) -> tuple[str, Project] | None:
    """Return the newest commit whose answers file is whole, and what it recorded; None without."""
    # The newest commit of the file has what HEAD has.
    for commit in ["HEAD", *_commits(root, "--", ANSWERS_FILE)[1:]]:
        whole = _recorded(root, f"{commit}:")
        if whole and _is_whole(whole):
            return commit, whole
    return None


def _differing(root: Path, whole: Project) -> str:
    """Return what to do after the answers file is restored, for the answers that only it has."""
    import yaml

    try:
        text = yaml.safe_load((root / ANSWERS_FILE).read_bytes())
    except (ValueError, RecursionError, yaml.YAMLError):
        return ""
    found = text if isinstance(text, dict) else {}
    differing = [
        f"{key}={shown(found[key])}"
        for key, value in whole.answers.items()
        if isinstance(found.get(key), str | bool) and found[key] != value
    ]
    return f"; then: scaffold set {shlex.join(differing)}" if differing else ""


def _between(
    root: Path, base: str, ours: str, theirs: str, *, is_under_way: bool
) -> Branches | None:
    """Return what three revisions recorded; None where one of them has no whole answers file."""
    found = [_recorded(root, revision) for revision in (base, ours, theirs)]
    first, mine, other = found
    if first is None or mine is None or other is None:
        return None
    return Branches(first, mine, other, is_under_way)


def _now(root: Path) -> Project | None:
    file = read_file(root / ANSWERS_FILE)
    return _read(file.content, root) if file else None


def _recorded(root: Path, revision: str) -> Project | None:
    content = _shown(root, revision, ANSWERS_FILE)
    return None if content is None else _read(content, root)


def _read(content: bytes, root: Path) -> Project | None:
    try:
        return read_record(content, root)
    except ScaffoldError:
        return None


def _is_whole(project: Project | None) -> bool:
    """Tell whether nobody took the checksum out; what v0.1.0 wrote is never broken by a merge."""
    return project is not None and project.has_checksum


def _shown(root: Path, revision: str, path: str) -> bytes | None:
    """Return a file of the project, seen from its folder, as it is in a `revision`."""
    process = git.call(root, "cat-file", "blob", f"{revision}./{path}")
    return None if process.returncode else process.stdout


def _resolve(root: Path, revision: str) -> str | None:
    process = git.call(root, "rev-parse", "--quiet", "--verify", f"{revision}^{{commit}}")
    return None if process.returncode else process.stdout.decode().strip()


def _base(root: Path, ours: str, theirs: str) -> str:
    process = git.call(root, "merge-base", ours, theirs)
    return process.stdout.decode().strip()


def _commits(root: Path, *arguments: str) -> list[str]:
    process = git.call(root, "rev-list", f"--max-count={MOST_COMMITS}", "HEAD", *arguments)
    return process.stdout.decode().split()
