"""A merge by the tool that the user's git is set up with, on the three sides of one file."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from generator import git
from generator.errors import ScaffoldError, UsageError
from generator.tree import File


def merge_by_tool(repository: Path, path: str, sides: Mapping[int, File], merged: File) -> File:
    """Return what the user makes of `merged` in the tool that `merge.tool` names.

    `sides` are numbered as in git's index. The settings are those that git has in `repository`,
    but the tool works on files of its own, in a repository that is thrown away: git's index stays
    as it is. Raises `UsageError` without a tool, `ScaffoldError` where the tool did not merge.
    """
    options = _options(repository)
    if not any(option.startswith("merge.tool=") for option in options):
        cure = "Name one: git config --global merge.tool vimdiff"
        raise UsageError("git is not set up with a merge tool.", cure)
    with tempfile.TemporaryDirectory(prefix="scaffold-") as name:
        folder = Path(name)
        file = folder / path
        git.run_git(folder, "init", "--quiet", "--template=")
        git.run_git(folder, "update-index", "-z", "--index-info", stdin=_index(folder, path, sides))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(merged.content)
        settings = [word for option in [*options, "core.autocrlf=false"] for word in ("-c", option)]
        if git.interact(folder, *settings, "mergetool", "--no-prompt", "--", path):
            raise ScaffoldError(f"The merge tool did not merge {path}.", "It is as it was.")
        return File(file.read_bytes(), merged.mode)


def _options(repository: Path) -> list[str]:
    """Return the settings of merge tools in `repository`, the user's own among them."""
    process = git.call(repository, "config", "-z", "--get-regexp", r"^(merge|mergetool)\.")
    entries = process.stdout.decode(errors="surrogateescape").split("\0")[:-1]
    return ["=".join(entry.split("\n", 1)) for entry in entries]


def _index(folder: Path, path: str, sides: Mapping[int, File]) -> bytes:
    """Return lines for `git update-index` that record a conflict."""
    lines = []
    for number, file in sides.items():
        blob = git.run_git(folder, "hash-object", "-w", "--stdin", stdin=file.content).strip()
        lines.append(f"{file.mode} {blob} {number}\t{path}\0")
    return "".join(lines).encode(errors="surrogateescape")
