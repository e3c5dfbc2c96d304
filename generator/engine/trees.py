"""The trees that a change and a comparison start from: renders, and the project's own files."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator import git
from generator.errors import ScaffoldError
from generator.project.project import files_of, is_in_git
from generator.render.backend import render
from generator.tree import File, Tree, read_tree
from generator.versions.locate import Source

# How much is read in search of files that were moved; a repository may hold gigabytes of fixtures.
MOST_CANDIDATE_BYTES = 16_000_000
# git takes two files for one that was moved when half of the larger one is alike.
LEAST_SIZE_RATIO = 0.5


def rendered(
    answers: Mapping[str, Any],
    source: Source,
    version: str,
    transition: Mapping[str, Any] | None = None,
) -> dict[str, File]:
    """Return the project that `version` makes of `answers`, and of `transition` this one time."""
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        return read_tree(Path(folder), render(answers, Path(folder), source, version, transition))


def read_project(
    root: Path, base: Tree, theirs: Tree, listed: set[str] | None = None
) -> dict[str, File]:
    """Return the project's files that the renders have too.

    Where a file of `base` is missing, files that it may have been moved to come along. `listed` are
    the project's files, for a caller that has asked git for them.
    """
    shared = {*base, *theirs}
    ours = read_tree(root, sorted(shared))
    missing = {path: file for path, file in base.items() if path not in ours}
    if not missing:
        return ours
    _refuse_sparse_checkout(root, missing)
    own = (files_of(root) if listed is None else listed) - shared
    return ours | read_tree(root, _candidates(root, own, missing))


def _refuse_sparse_checkout(root: Path, missing: Tree) -> None:
    """Refuse to take files that git left out of the working tree for deleted ones."""
    if not is_in_git(root):
        return
    listed = git.run_git(root, "ls-files", "-t", "-z", "--", *sorted(missing))
    left_out = [entry[2:] for entry in listed.split("\0") if entry.startswith("S ")]
    if left_out:
        raise ScaffoldError(
            f"git keeps {len(left_out)} files of the project out of the working tree, such as "
            f"{left_out[0]}.",
            "Check them out first: git sparse-checkout disable, or git update-index "
            "--no-skip-worktree FILE",
        )


def _candidates(root: Path, own: set[str], missing: Tree) -> list[str]:
    """Return those of the owner's files that may be one of the `missing` ones, likeliest first.

    A file of another size than git would follow is none, whatever is in it.
    """
    names = {Path(path).name for path in missing}
    suffixes = {Path(path).suffix for path in missing}
    sizes = [len(file.content) for file in missing.values()]
    found = []
    for path in own:
        size = (root / path).lstat().st_size
        # Windows line ends, which the comparison takes out, make a file larger.
        if any(LEAST_SIZE_RATIO * s <= size <= 1.1 * s / LEAST_SIZE_RATIO for s in sizes):
            place = Path(path).name not in names, Path(path).suffix not in suffixes, size, path
            found.append(place)
    result, total = [], 0
    for _, _, size, path in sorted(found):
        total += size
        if total > MOST_CANDIDATE_BYTES:
            break
        result.append(path)
    return result
