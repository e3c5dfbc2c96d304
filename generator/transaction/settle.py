"""Gives a file with a conflict its content, so that the change can still be taken back."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from generator.errors import ScaffoldError
from generator.transaction.apply import moving_files
from generator.transaction.guards import check_nothing_blocks, check_unchanged, digests
from generator.transaction.journal import FOLDER, pending, write
from generator.transaction.steps import keep, prune, stage
from generator.tree import File


def settle(
    root: Path, path: str, before: File | None, after: File | None, *, resolved: bool
) -> None:
    """Have the pending change make the file at `path`, which is as `before`, what `after` is.

    It is removed where that is None. The journal tells whether its conflict is `resolved`. Raises
    `ScaffoldError` when something stands against it; then the file has not changed.
    """
    with moving_files(root):
        journal = pending(root)
        if journal is None or journal.was_cut_short:
            raise ScaffoldError("The change has ended meanwhile.", "See scaffold status.")
        check_nothing_blocks(root, [path])
        check_unchanged(root, {path: before} if before else {}, [path])
        folder = root / FOLDER
        old, new = dict(journal.before), dict(journal.after)
        if path not in journal.paths and before:  # a conflict in which nothing was changed so far
            keep(root / path, folder / "old" / path)
            old |= digests({path: before})
        new.pop(path, None)
        if after:
            stage(folder / "new" / path, after, root / path)
            new |= digests({path: after})
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "new" / path).replace(root / path)
        elif os.path.lexists(root / path):
            (root / path).unlink()
            prune(root, [path])
        others = [name for name in journal.about.get("settled", []) if name != path]
        about = {**journal.about, "settled": [*others, path] if resolved else others}
        write(folder, replace(journal, before=old, after=new, about=about))
