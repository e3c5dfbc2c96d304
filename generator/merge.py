"""Three trees in, one tree and a list of conflicts out. Knows git, and nothing of templates."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import git
from generator.errors import ScaffoldError
from generator.oldgit import merge_each_file
from generator.tree import (
    File,
    Outcome,
    Tree,
    has_windows_line_ends,
    with_unix_line_ends,
    with_windows_line_ends,
)

# The user's own settings must not change what a merge gives. Folders are not followed when they
# are renamed: a user's own files in them would move as well.
MERGE_SETTINGS = (
    *("-c", "merge.conflictStyle=zdiff3"),
    *("-c", "merge.renames=true"),
    *("-c", "merge.directoryRenames=false"),
    *("-c", "merge.renameLimit=10000"),
    *("-c", "merge.renormalize=false"),
    *("-c", "core.attributesFile="),
)
USAGE_EXIT_CODE = 129  # of a git that does not know an option
YOURS = "yours"
MARKED = re.compile(rb"^<{7} " + YOURS.encode() + rb"\b", re.MULTILINE)
BASE_MARK = re.compile(rb"^\|{7} (?:[0-9a-f]{7,40}|base)\b", re.MULTILINE)


@dataclass(frozen=True)
class Conflict:
    """A file that a person has to look at; `marked` when both sides stand in it."""

    path: str
    reason: str
    marked: bool = False
    gone: bool = False  # the template has no such file any more


@dataclass(frozen=True)
class Merged:
    """The merged tree, what it leaves open, and what a person may want to know of it."""

    tree: dict[str, File]
    conflicts: list[Conflict]
    kept_deletions: list[str]
    renames_followed: bool


def merge(base: Tree, ours: Tree, theirs: Tree, base_name: str, their_name: str) -> Merged:
    """Return `ours` with what changed from `base` to `theirs`.

    Line ends are those of `ours`. A file that `ours` deleted stays deleted; one that it edited is
    never deleted, but a conflict. The names are for the marks in files with conflicts.
    """
    old, mine, new = _unix(base), _unix(ours), _unix(theirs)
    by_git = _merge_with_git(old, mine, new, their_name)
    tree, stages = by_git or merge_each_file(old, mine, new, YOURS, their_name)
    conflicts, kept_deletions = _judge(tree, stages, base)
    for conflict in conflicts:
        if conflict.marked:
            named = BASE_MARK.sub(b"||||||| " + base_name.encode(), tree[conflict.path].content)
            tree[conflict.path] = File(named, tree[conflict.path].mode)
    tree = _as_before(tree, ours, mine, new_files_windows=_prefers_windows(base, ours))
    return Merged(tree, conflicts, kept_deletions, renames_followed=by_git is not None)


def has_marks(file: File) -> bool:
    """Tell whether a conflict still stands in `file`."""
    return MARKED.search(file.content) is not None


def diff(before: Tree, after: Tree) -> bytes:
    """Return the difference as git prints it, so that `git apply` can take it."""
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        repository = _repository(Path(folder), {"before": before, "after": after})
        options = ("-p", "--binary", "--no-renames", "--no-ext-diff", "--no-textconv")
        return git.read(repository, "diff-tree", *options, "before", "after")


def _unix(tree: Tree) -> dict[str, File]:
    return {path: with_unix_line_ends(file) for path, file in tree.items()}


def _prefers_windows(base: Tree, ours: Tree) -> bool:
    shared = [has_windows_line_ends(ours[path].content) for path in base if path in ours]
    return sum(shared) > len(shared) / 2


def _as_before(
    tree: Tree, ours: Tree, ours_unix: Tree, *, new_files_windows: bool
) -> dict[str, File]:
    """Return `tree` with the line ends that `ours` has, and what did not change as it was."""
    result = {}
    for path, file in tree.items():
        before = ours.get(path)
        if before is not None and file == ours_unix[path]:
            result[path] = before
        elif has_windows_line_ends(before.content) if before else new_files_windows:
            result[path] = with_windows_line_ends(file)
        else:
            result[path] = file
    return result


def _repository(folder: Path, commits: Mapping[str, Tree], parent: str = "") -> Path:
    """Make a repository of `commits`, by branch; `parent` is the branch the others start from."""
    git.run_git(folder, "init", "--bare", "--quiet", "--template=", "--object-format=sha1")
    stream = b"".join(
        git.commit_stream(
            f"refs/heads/{branch}",
            branch,
            ((path, file.mode, file.content) for path, file in tree.items()),
            f"refs/heads/{parent}" if parent and branch != parent else "",
        )
        for branch, tree in commits.items()
    )
    git.run_git(folder, "fast-import", "--quiet", stdin=stream)
    return folder


def _merge_with_git(base: Tree, ours: Tree, theirs: Tree, their_name: str) -> Outcome | None:
    """Merge as git merges branches, moved files included; None where git is too old."""
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        commits = {"base": base, YOURS: ours, their_name: theirs}
        repository = _repository(Path(folder), commits, parent="base")
        command = ("merge-tree", "--write-tree", "-z", "--no-messages", YOURS, their_name)
        process = git.call(repository, *MERGE_SETTINGS, *command)
        if process.returncode == USAGE_EXIT_CODE:
            return None
        if process.returncode not in {0, 1}:
            reason = process.stderr.decode(errors="replace").strip() or "no reason given"
            raise ScaffoldError(f"git merge-tree failed: {reason}.")
        tree_id, *entries = process.stdout.decode(errors="surrogateescape").split("\0")
        return _changed(repository, tree_id, ours), _stages(entries)


def _changed(repository: Path, tree_id: str, ours: Tree) -> dict[str, File]:
    """Return the tree that git made of `ours`; only what differs is read."""
    options = ("-r", "-z", "--no-renames", "--raw")
    lines = git.read(repository, "diff-tree", *options, YOURS, tree_id)
    words = lines.decode(errors="surrogateescape").split("\0")[:-1]
    tree, wanted = dict(ours), {}
    for meta, path in zip(words[::2], words[1::2], strict=True):
        _, mode, _, blob, status = meta.split(" ")
        if status == "D":
            del tree[path]
        else:
            wanted[path] = mode, blob
    blobs = _read_blobs(repository, {blob for _, blob in wanted.values()})
    return tree | {path: File(blobs[blob], mode) for path, (mode, blob) in wanted.items()}


def _read_blobs(repository: Path, blobs: set[str]) -> dict[str, bytes]:
    if not blobs:
        return {}
    names = "\n".join(sorted(blobs)).encode()
    output = git.read(repository, "cat-file", "--batch", stdin=names)
    contents, position = {}, 0
    while position < len(output):
        end = output.index(b"\n", position)
        name, _, size = output[position:end].decode().split(" ")
        contents[name] = output[end + 1 : end + 1 + int(size)]
        position = end + int(size) + 2
    return contents


def _stages(entries: list[str]) -> dict[str, set[int]]:
    """Return which sides (1 base, 2 ours, 3 theirs) each path with a conflict has."""
    stages: dict[str, set[int]] = {}
    for entry in entries:
        meta, tab, path = entry.partition("\t")
        if tab:
            stages.setdefault(path, set()).add(int(meta.split(" ")[2]))
    return stages


def _judge(
    tree: dict[str, File], stages: Mapping[str, set[int]], base: Tree
) -> tuple[list[Conflict], list[str]]:
    """Tell conflicts from deletions by the user, which stand: those go from `tree`."""
    conflicts, kept_deletions = [], []
    for path, sides in sorted(stages.items()):
        if sides == {1, 3}:
            if path in base:
                tree.pop(path, None)
                kept_deletions.append(path)
        elif path not in tree:
            continue  # the old name of a file that was moved; its new names are listed too
        elif sides == {1, 2}:
            reason = "you edited it, and the template has it no longer"
            conflicts.append(Conflict(path, reason, gone=True))
        elif has_marks(tree[path]):
            reason = "you and the template changed the same lines"
            conflicts.append(Conflict(path, reason, marked=True))
        else:
            reason = "you and the template changed it in ways that exclude each other"
            conflicts.append(Conflict(path, reason))
    return conflicts, kept_deletions
