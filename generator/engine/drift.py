"""How far a project is from what its template made: files edited, deleted, and its owner's own."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.engine import external
from generator.engine.formatting import is_only_formatted
from generator.engine.options import NO_OPTIONS, ChangeOptions
from generator.engine.trees import read_project, rendered
from generator.errors import UsageError
from generator.merge import three_way as merge
from generator.project.project import check_sealed, files_of, name_in
from generator.project.record import ANSWERS_FILE, Project
from generator.project.skips import skipped
from generator.questions import answers
from generator.questions.facts import Formatter
from generator.render.backend import backend_of
from generator.tree import File, Tree, matching, read_tree, with_unix_line_ends
from generator.versions import store

UNCHANGED, EDITED, DELETED, MOVED = "unchanged", "edited", "deleted", "moved"
SKIPPED, OWN = "skipped", "own"


@dataclass(frozen=True)
class Drift:
    """The pristine render, the project's files of the same names, and how they differ.

    `moved` tells the old name of each file that the owner seems to have moved. `skipped` are
    files of the template that the owner has changes leave alone. `own` are files that the template
    did not make, or that belong to the owner from the start.
    """

    project: Project
    base: Tree
    ours: Tree
    edited: list[str]
    deleted: list[str]
    moved: Mapping[str, str]
    skipped: list[str]
    own: list[str]

    @property
    def pristine(self) -> int:
        """How many files are as the template made them."""
        return len(self._unchanged)

    @property
    def exists(self) -> bool:
        """Tell whether a file that the template owns is not as the template made it."""
        return bool(self.edited or self.deleted or self.moved)

    @property
    def states(self) -> dict[str, str]:
        """How each file of the project and its template stands."""
        kinds = {
            UNCHANGED: self._unchanged,
            EDITED: self.edited,
            DELETED: self.deleted,
            MOVED: self.moved,
            SKIPPED: self.skipped,
            OWN: self.own,
        }
        return dict(sorted((path, kind) for kind, paths in kinds.items() for path in paths))

    @property
    def _unchanged(self) -> set[str]:
        return self.ours.keys() - {*self.edited, *self.skipped, *self.own}

    def lines(self, path: str) -> tuple[int, int]:
        """Return how many lines of an edited file are more and fewer than in the template's."""
        before, after = (
            with_unix_line_ends(tree[path]).content.splitlines() for tree in (self.base, self.ours)
        )
        blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        same = sum(block.size for block in blocks)
        return len(after) - same, len(before) - same

    def diff(self, wanted: Callable[[str], bool] | None = None) -> bytes:
        """Return the owner's edits as git shows a difference; those of `wanted` paths only.

        Files that are skipped or the owner's own are in it when they are wanted.
        """
        paths = {*self.edited, *self.deleted, *self.moved, *self.moved.values()}
        if wanted is not None:
            paths = {path for path in {*paths, *self.skipped, *self.own} if wanted(path)}
        before = {path: file for path, file in self.base.items() if path in paths}
        after = {
            path: _alike(file, before.get(path))
            for path, file in read_tree(self.project.root, paths).items()
        }
        return merge.diff(before, after)


def measure(project: Project, options: ChangeOptions = NO_OPTIONS) -> Drift:
    """Render what `project` was made from and compare; raises `ScaffoldError`."""
    if project.external:
        made = external.pristine(project, options)
        return compare(project, made.tree, made.reply.written_once)
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        source = store.fetch(project.version, Path(folder))
        template = backend_of(source.root)
        catalog = template.catalog()
        answers.check_recorded(catalog.questions, project.answers)
        base = rendered(project.answers, source, project.version)
        check_sealed(project, base[ANSWERS_FILE])
        facts = catalog.manifest.facts(project.answers.get("framework"))
        return compare(project, base, template.written_once(), facts.formatter)


def compare(
    project: Project,
    base: Tree,
    written_once: Iterable[str],
    formatter: Formatter | None = None,
) -> Drift:
    """Compare `project` with its pristine render; `written_once` are patterns of the owner's files.

    The answers file counts as the template writes it, also where the project has none.
    """
    owned = matching(written_once, base)
    left_alone = owned | skipped(project, base)
    kept = {*left_alone, project.record}
    offered = {path: file for path, file in base.items() if path not in kept}
    listed = files_of(project.root)
    found = read_project(project.root, offered, base, listed)
    ours = {path: file for path, file in found.items() if path in base}
    if project.record in base:
        ours[project.record] = base[project.record]  # the generator's own
    moved = merge.moved_files(offered, {p: f for p, f in found.items() if p not in kept})
    return Drift(
        project,
        base,
        ours,
        edited=[
            path
            for path, file in ours.items()
            if path not in left_alone
            and with_unix_line_ends(file) != base[path]
            and not is_only_formatted(project.root, formatter, path, base=base[path], ours=file)
        ],
        deleted=sorted(offered.keys() - ours.keys() - {*moved.values()}),
        moved=moved,
        skipped=sorted(left_alone - owned),
        own=sorted(listed - base.keys() - moved.keys() | owned & ours.keys()),
    )


def diff(project: Project, paths: Sequence[Path], options: ChangeOptions = NO_OPTIONS) -> bytes:
    """Return the owner's edits as git shows a difference; with `paths`, of those only.

    Raises `UsageError` for a path that neither the project nor its template has.
    """
    names = [name_in(project.root, path) for path in paths]

    def is_named(path: str) -> bool:
        return any(Path(path).is_relative_to(name) for name in names)

    found = measure(project, options)
    for name in names:
        if not any(Path(path).is_relative_to(name) for path in found.states):
            what = f"{name} is not a file of the project or its template."
            raise UsageError(what, "See git ls-files.")
    return found.diff(is_named if names else None)


def _alike(file: File, before: File | None) -> File:
    """Return `file` with Unix line ends, so that only edits show; a new file is as it is."""
    return with_unix_line_ends(file) if before else file
