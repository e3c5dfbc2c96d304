"""Putting a change into a project: all of it or nothing, and back again while it has conflicts.

Everything is written into a folder beside the files first. One rename of that folder decides: from
then on the change will be made, and whoever is killed on the way leaves a journal to go on from.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from generator.errors import ScaffoldError
from generator.standing import check_places, digests, strangers
from generator.tree import EXECUTABLE, SYMLINK, File, Tree, read_file, read_tree
from generator.workshop import deferred_signals, discard, sweep, workshop

FOLDER = ".scaffold-update"
APPLYING, CONFLICTS, UNDOING = "applying", "conflicts", "undoing"
FINISHED, ABORTED = "finished", "aborted"


@dataclass(frozen=True)
class Journal:
    """A change that was decided on: how far it is, and what it is about.

    `before` and `after` have the digests of the files that it changes.
    """

    state: str
    before: dict[str, str]
    after: dict[str, str]
    about: dict[str, Any]
    unresolved: bool = False

    @property
    def added(self) -> list[str]:
        """The files that are new."""
        return sorted(self.after.keys() - self.before.keys())

    @property
    def replaced(self) -> list[str]:
        """The files that get other content."""
        return sorted(self.after.keys() & self.before.keys())

    @property
    def deleted(self) -> list[str]:
        """The files that go."""
        return sorted(self.before.keys() - self.after.keys())

    @property
    def paths(self) -> set[str]:
        """All files that it concerns."""
        return {*self.before, *self.after}

    @property
    def was_cut_short(self) -> bool:
        """Tell whether it is only half made; else it is made, and waits with its conflicts."""
        return self.state != CONFLICTS


def pending(root: Path) -> Journal | None:
    """Return the change of the project at `root` that has not ended yet."""
    try:
        return Journal(**json.loads((root / FOLDER / "journal.json").read_bytes()))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, TypeError) as error:
        cure = "Look into it for files of yours, then delete it."
        raise ScaffoldError(f"{root / FOLDER} is damaged.", cure) from error


def apply(
    root: Path, before: Tree, after: Tree, about: Mapping[str, Any], *, unresolved: bool
) -> None:
    """Make the files of `before` those of `after`: no other file is touched.

    `before` has every path of the change that the project has. With `unresolved` conflicts, the
    way back stays open until `close` or `undo`. `about` is kept for those. Raises `ScaffoldError`
    when something stands against it; then nothing has changed.
    """
    written = [path for path, file in after.items() if before.get(path) != file]
    touched = [*written, *(path for path in before if path not in after)]
    sweep(root)
    with workshop(root) as folder:
        (folder / ".gitignore").write_text("*\n")
        for path in written:
            _stage(folder / "new" / path, after[path], root / path)
        journal = Journal(
            APPLYING,
            before=digests({path: before[path] for path in touched if path in before}),
            after=digests(read_tree(folder / "new", written)),
            about=dict(about),
            unresolved=unresolved,
        )
        _write(folder, journal)

        def decide() -> None:
            _check(root, before, touched)
            folder.rename(root / FOLDER)
            _finish(root, journal)

        _to_its_end(root, decide)


def recover(root: Path) -> str | None:
    """Bring a change that was killed on its way to its end; return which, None without one.

    It is `FINISHED`, or `ABORTED` where it was being taken back, or files of it were put back
    meanwhile. Raises `ScaffoldError`, and touches nothing, when a file is neither as it was before
    the change nor as the change makes it.
    """
    journal = pending(root)
    if journal is None or not journal.was_cut_short:
        return None
    end = FINISHED if _can_go_on(root, journal) else ABORTED

    def go_on() -> None:
        journal = pending(root)  # whoever was at work may have ended meanwhile
        if journal is None or not journal.was_cut_short:
            return
        if journal.state == APPLYING:
            check_places(root, journal.paths)
            _refuse_strangers(root, journal, journal.paths)
            if _can_go_on(root, journal):
                _finish(root, journal)
                return
        _go_back(root, journal, force=False)

    _to_its_end(root, go_on)
    return end


def close(root: Path) -> None:
    """Forget the way back."""
    with _locked(root):
        discard(root / FOLDER)


def undo(root: Path, *, force: bool = False) -> list[str]:
    """Give every file of the pending change back as it was before, to the byte.

    Files that somebody edited since are in the way; with `force` they go, and are returned.
    """
    journal = pending(root)
    assert journal is not None
    lost = strangers(root, journal.before, journal.after, _to_take_back(root, journal))
    _to_its_end(root, lambda: _go_back(root, journal, force=force))
    return lost


def original(root: Path, path: str) -> File | None:
    """Return the file at `path` as it was before the pending change."""
    return read_file(root / FOLDER / "old" / path)


def _go_back(root: Path, journal: Journal, *, force: bool) -> None:
    check_places(root, journal.paths)
    if not force:
        _refuse_strangers(root, journal, _to_take_back(root, journal))
    _finish(root, replace(journal, state=UNDOING))


def _refuse_strangers(root: Path, journal: Journal, paths: Collection[str]) -> None:
    edited = strangers(root, journal.before, journal.after, paths)
    if edited:
        what = f"The change that began here would overwrite later edits: {', '.join(edited)}."
        cure = "Move them away, then: scaffold update --abort; or lose them: --abort --force"
        raise ScaffoldError(what, cure)


def _to_take_back(root: Path, journal: Journal) -> set[str]:
    """Return the files that the change has reached."""
    folder = root / FOLDER
    put = (path for path in journal.added if not os.path.lexists(folder / "new" / path))
    return {*put, *(path for path in journal.before if os.path.lexists(folder / "old" / path))}


def _can_go_on(root: Path, journal: Journal) -> bool:
    """Tell whether all files can become those of `after`.

    They cannot where somebody put one back that was reached, or a power cut spoiled a new one.
    """
    if journal.state != APPLYING:
        return False
    folder = root / FOLDER
    done = digests(read_tree(root, journal.after))
    staged = digests(read_tree(folder / "new", journal.after))
    ready = all(digest in (done.get(p), staged.get(p)) for p, digest in journal.after.items())
    put_back = (p for p in journal.deleted if _is_file(root / p) and _is_file(folder / "old" / p))
    return ready and not any(put_back)


def _finish(root: Path, journal: Journal) -> None:
    """Go the rest of the way, forward or, when the file system refuses, back; can be repeated."""
    folder = root / FOLDER
    if journal.state == APPLYING:
        try:
            _forward(root, folder, journal)
        except OSError:
            _finish(root, replace(journal, state=UNDOING))
            raise
        if journal.unresolved:
            _write(folder, replace(journal, state=CONFLICTS))
            return
    else:
        with suppress(OSError):  # on a full disk the digests tell as well which way it goes
            _write(folder, journal)
        _backward(root, folder, journal)
    discard(folder)


def _forward(root: Path, folder: Path, journal: Journal) -> None:
    for path in journal.deleted:
        if _is_file(root / path):
            _parent(folder / "old" / path)
            (root / path).replace(folder / "old" / path)
    _prune(root, journal.deleted)
    for path in (*journal.replaced, *journal.added):
        staged = folder / "new" / path
        if os.path.lexists(staged):
            if os.path.lexists(root / path):
                _keep(root / path, _parent(folder / "old" / path))
            staged.replace(_parent(root / path))


def _backward(root: Path, folder: Path, journal: Journal) -> None:
    for path in journal.added:
        if not os.path.lexists(folder / "new" / path) and _is_file(root / path):
            (root / path).unlink()
    _prune(root, journal.added)
    for path in (*journal.replaced, *journal.deleted):
        kept = folder / "old" / path
        if os.path.lexists(kept):
            kept.replace(_parent(root / path))


def _keep(path: Path, backup: Path) -> None:
    """Keep the file itself, so that its times and owner come back as well."""
    if os.path.lexists(backup):
        if backup.lstat().st_ino == path.lstat().st_ino:
            return
        backup.unlink()
    try:
        os.link(path, backup, follow_symlinks=False)
    except (OSError, NotImplementedError):  # a file system without links
        shutil.copy2(path, backup, follow_symlinks=False)


def _is_file(path: Path) -> bool:
    return path.is_symlink() or path.is_file()


def _parent(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _prune(root: Path, paths: Sequence[str]) -> None:
    """Remove the folders that are empty without `paths`, or have bytecode only."""
    for folder in sorted({p for path in paths for p in (root / path).parents}, reverse=True):
        if folder.is_relative_to(root) and folder != root and folder.is_dir():
            with suppress(OSError):
                if [entry.name for entry in folder.iterdir()] == ["__pycache__"]:
                    shutil.rmtree(folder / "__pycache__")
                folder.rmdir()


def _stage(staged: Path, file: File, existing: Path) -> None:
    """Write `file`, with the permissions that the existing one has."""
    _parent(staged)
    if file.mode == SYMLINK:
        staged.symlink_to(os.fsdecode(file.content))
        return
    staged.write_bytes(file.content)
    mode = staged.stat().st_mode
    if existing.is_file() and not existing.is_symlink():
        mode = existing.stat().st_mode
    can_run = (mode & 0o444) >> 2 if file.mode == EXECUTABLE else 0
    staged.chmod(mode & 0o7666 | can_run)


def _check(root: Path, before: Tree, paths: Sequence[str]) -> None:
    """Refuse what would overwrite work that was not read, or reach out of the project."""
    if (root / FOLDER).exists():
        raise ScaffoldError("Another change was begun here meanwhile.", "See scaffold status.")
    check_places(root, paths)
    found = read_tree(root, paths)
    for path in paths:
        if found.get(path) != before.get(path):
            raise ScaffoldError(f"{path} changed while scaffold was at work.", "Run it again.")


def _write(folder: Path, journal: Journal) -> None:
    temporary = folder / "journal.tmp"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(asdict(journal), file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / "journal.json")


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    # Not in the project: whatever is there, git and the user would see.
    name = hashlib.sha256(f"{Path.home()}\n{root.resolve()}".encode()).hexdigest()[:16]
    try:
        with FileLock(Path(tempfile.gettempdir()) / f"scaffold-{name}.lock", timeout=10):
            yield
    except Timeout as error:
        raise ScaffoldError("Another scaffold is at work here.", "Wait for its end.") from error


def _to_its_end(root: Path, work: Callable[[], None]) -> None:
    """Do `work`, alone in `root`, in a process that does not end when this one is killed.

    The journal would bring it to its end too, but only with the next command.
    """
    with deferred_signals():
        if not hasattr(os, "fork"):
            with _locked(root):
                work()
            return
        receiver, sender = os.pipe()
        child = os.fork()
        if child == 0:
            _be_the_child(root, work, sender)
        os.close(sender)
        with os.fdopen(receiver, "rb") as pipe:
            problem = pipe.read()
        _, status = os.waitpid(child, 0)
    if problem:
        raise ScaffoldError(**json.loads(problem))
    if status:
        raise ScaffoldError("The change was interrupted.", "See scaffold status, which ends it.")


def _be_the_child(root: Path, work: Callable[[], None], sender: int) -> None:
    os.setsid()
    problem: dict[str, str] = {}
    try:
        with _locked(root):
            work()
    except ScaffoldError as error:
        problem = {"message": error.message, "hint": error.hint}
    except OSError as error:
        half = "The change is half made. Cure that, then: scaffold update --continue, or --abort"
        hint = half if (root / FOLDER).exists() else "Nothing was changed."
        problem = {"message": f"{error.filename}: {error.strerror}.", "hint": hint}
    except BaseException as error:
        problem = {"message": f"This should not happen: {type(error).__name__}: {error}."}
    if problem:
        os.write(sender, json.dumps(problem).encode())
    os._exit(0)
