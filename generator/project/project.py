"""A generated project on disk: where it is, which files it has, what git says of it."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path

from generator import git
from generator.errors import ScaffoldError, UsageError
from generator.files import SCRATCH_PREFIX
from generator.project import branches, external_record
from generator.project.record import (
    ANSWERS_FILE,
    CHECKSUM,
    RESTORE,
    BrokenRecordError,
    OtherTemplateError,
    Project,
    read_record,
)
from generator.tree import File, is_file
from generator.versions.bundle import IGNORED


def find_project(start: Path, record: str = "") -> Project:
    """Return the project that `start` is in, as its file `record` describes it.

    Of several records, that of our own template counts where none is named. Raises `UsageError`
    where there is no project or no such choice, and `ScaffoldError` for a broken record.
    """
    for folder in (start, *start.parents):
        if record:
            if (folder / record).is_file():
                return _read(folder, record)
        elif found := external_record.records_in(folder):
            return _chosen(folder, found)
    what = f"{record} is not" if record else "There is no record of a template"
    raise UsageError(
        f"This is not a scaffold project: {what} here or in a parent folder.",
        "Go into one, or make one: scaffold new NAME",
    )


def is_ours(root: Path) -> bool:
    """Tell whether the folder `root` has the record of our own template, broken or not."""
    try:
        read_record((root / ANSWERS_FILE).read_bytes(), root)
    except (OSError, OtherTemplateError):
        return False
    except BrokenRecordError:
        return True
    return True


def _chosen(root: Path, records: Sequence[str]) -> Project:
    projects = [_read(root, record) for record in records]
    own = [project for project in projects if project.external is None]
    if len(projects) > 1 and not own:
        several = ", ".join(f"{p.record} ({p.external.source})" for p in projects if p.external)
        what = f"The project has several templates: {several}."
        raise UsageError(what, "Name one: --answers-file FILE")
    return (own or projects)[0]


def _read(root: Path, record: str) -> Project:
    if record != ANSWERS_FILE:
        return external_record.read(root, record)
    try:
        return read_record((root / ANSWERS_FILE).read_bytes(), root)
    except OtherTemplateError:
        return external_record.read(root, record)
    except BrokenRecordError as error:
        raise ScaffoldError(error.message, branches.cure(root, error)) from error


def check_sealed(project: Project, rendered: File) -> None:
    """Refuse an answers file without the checksum that its template version writes."""
    if not project.has_checksum and CHECKSUM.search(rendered.content.decode()):
        broken = BrokenRecordError(f"{project.root / ANSWERS_FILE} has no checksum.", RESTORE)
        raise ScaffoldError(broken.message, branches.cure(project.root, broken))


def name_in(root: Path, path: Path) -> str:
    """Return the path of a file from the root of its project; `UsageError` for one outside."""
    try:
        # A link is meant itself, not what it points to.
        return Path(os.path.abspath(path)).relative_to(root).as_posix()  # noqa: PTH100
    except ValueError as error:
        raise UsageError(f"{path} is not in the project {root}.", "Name a file in it.") from error


def is_in_git(root: Path) -> bool:
    """Tell whether `root` is a git repository or inside one."""
    return any((folder / ".git").exists() for folder in (root, *root.parents))


def files_of(root: Path) -> set[str]:
    """Return the paths of the project's files that git does not ignore; without git, all."""
    if is_in_git(root):
        arguments = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        return {name for name in _split(git.read(root, *arguments)) if is_file(root / name)}
    found: set[str] = set()
    for folder, subfolders, files in os.walk(root):
        subfolders[:] = [
            name
            for name in subfolders
            if name not in IGNORED and not name.startswith(SCRATCH_PREFIX)
        ]
        relative = Path(folder).relative_to(root)
        found.update((relative / name).as_posix() for name in files)
    return found


def uncommitted(root: Path, paths: Collection[str]) -> set[str]:
    """Return those of `paths` whose content no commit has: without git, all of them.

    Raises `ScaffoldError` in the middle of a merge, whose conflicts must be resolved first.
    """
    if not is_in_git(root):
        return set(paths)
    prefix = git.read(root, "rev-parse", "--show-prefix").decode(errors="surrogateescape").rstrip()
    options = ("--porcelain", "-z", "--untracked-files=all", "--no-renames", "--ignored=no")
    entries = _split(git.read(root, "--no-optional-locks", "status", *options, "--", "."))
    for entry in entries:
        if entry[:2] in {"DD", "AU", "UD", "UA", "DU", "AA", "UU"}:
            cure = "Finish or abort git's merge or rebase, and run this again."
            raise ScaffoldError(f"{entry[3:]} has an unresolved git conflict.", cure)
    changed = {entry[3:].removeprefix(prefix) for entry in entries}
    tracked = set(_split(git.read(root, "ls-files", "-z", "--cached")))
    return {path for path in paths if path in changed or path not in tracked}


def _split(output: bytes) -> list[str]:
    return [os.fsdecode(name) for name in output.split(b"\0") if name]
