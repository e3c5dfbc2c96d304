"""The merge as git does it: three trees as commits in a throw-away repository."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from generator import git
from generator.errors import ScaffoldError
from generator.tree import File, Move, Outcome, Tree

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
# One pack is written and read faster than a file for each object.
ONE_PACK = ("-c", "fastimport.unpackLimit=1")
USAGE_EXIT_CODE = 129  # of a git that does not know an option


def repository(folder: Path, commits: Mapping[str, Tree], parent: str = "") -> Path:
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
    git.run_git(folder, *ONE_PACK, "fast-import", "--quiet", stdin=stream)
    return folder


def merge_branches(
    base: Tree, ours: Tree, theirs: Tree, our_name: str, their_name: str
) -> Outcome | None:
    """Merge as git merges branches, moved files included; None where git is too old."""
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        commits = {"base": base, our_name: ours, their_name: theirs}
        store = repository(Path(folder), commits, parent="base")
        command = ("merge-tree", "--write-tree", "-z", "--no-messages")
        followed = moved_in(store, our_name) if ours.keys() - base.keys() else {}
        own = {path for path, move in followed.items() if not move.is_sure} - theirs.keys()
        if own:
            rest = {path: file for path, file in ours.items() if path not in own}
            outcome = merge_branches(base, rest, theirs, our_name, their_name)
            if outcome:
                outcome.tree.update((path, ours[path]) for path in own)
                outcome.doubtful.update((path, followed[path]) for path in own)
            return outcome
        moved = moved_in(store, their_name) if theirs.keys() - base.keys() else {}
        taken = {path for path, move in moved.items() if path in ours and move.old in ours}
        if taken:
            return _merge_apart(taken, base, ours, theirs, (our_name, their_name))
        process = git.call(store, *MERGE_SETTINGS, *command, our_name, their_name)
        if process.returncode == USAGE_EXIT_CODE:
            return None
        if process.returncode not in {0, 1}:
            reason = process.stderr.decode(errors="replace").strip() or "no reason given"
            raise ScaffoldError(f"git merge-tree failed: {reason}.")
        tree_id, *entries = process.stdout.decode(errors="surrogateescape").split("\0")
        tree = _changed(store, our_name, tree_id, ours)
        return Outcome(tree, _stages(store, entries), moved, followed)


def _merge_apart(
    taken: set[str], base: Tree, ours: Tree, theirs: Tree, names: tuple[str, str]
) -> Outcome | None:
    """Merge files that both have and that theirs seems to have moved there, as new ones.

    Git would follow the move, and mix the old file's edits with a file of ours, or drop them.
    """

    def part(tree: Tree, *, inside: bool) -> dict[str, File]:
        return {path: file for path, file in tree.items() if (path in taken) == inside}

    rest = merge_branches(base, part(ours, inside=False), part(theirs, inside=False), *names)
    new = merge_branches({}, part(ours, inside=True), part(theirs, inside=True), *names)
    if rest and new:
        rest.tree.update(new.tree)
        rest.stages.update(new.stages)
    return rest


def _changed(repository: Path, our_name: str, tree_id: str, ours: Tree) -> dict[str, File]:
    """Return the tree that git made of `ours`; only what differs is read."""
    options = ("-r", "-z", "--no-renames", "--raw")
    lines = git.read(repository, "diff-tree", *options, our_name, tree_id)
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


def moved_in(repository: Path, branch: str) -> dict[str, Move]:
    """Return the files that `branch` moved since the branch "base", by their new names."""
    options = ("-r", "-z", "-M", "-l10000", "--diff-filter=R", "--name-status")
    output = git.read(repository, "diff-tree", *options, "base", branch)
    words = output.decode(errors="surrogateescape").split("\0")[:-1]
    moves = zip(words[::3], words[1::3], words[2::3], strict=True)
    return {new: Move(old, int(status[1:])) for status, old, new in moves}


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


def _stages(repository: Path, entries: list[str]) -> dict[str, dict[int, File]]:
    """Return the file on each side (1 base, 2 ours, 3 theirs) of each path with a conflict."""
    parts = (entry.partition("\t") for entry in entries)
    found = [(path, *meta.split(" ")) for meta, tab, path in parts if tab]
    blobs = _read_blobs(repository, {blob for _, _, blob, _ in found})
    stages: dict[str, dict[int, File]] = {}
    for path, mode, blob, side in found:
        stages.setdefault(path, {})[int(side)] = File(blobs[blob], mode)
    return stages
