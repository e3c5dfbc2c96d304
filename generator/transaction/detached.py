"""Work in a process of its own, which a kill of the command does not end."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import ScaffoldError
from generator.transaction.staging import deferred_signals

_commander: int | None = None  # in the process that works, the one it works for


def run(root: Path, work: Callable[[], None], explain: Callable[[OSError], ScaffoldError]) -> None:
    """Do `work`, alone in `root`, in a process that does not end when this one is killed.

    Raises the `ScaffoldError` that it ended with; `explain` makes one of what the system refused.
    """
    with deferred_signals():
        if not hasattr(os, "fork"):
            with locked(root):
                work()
            return
        receiver, sender = os.pipe()
        parent, child = os.getpid(), os.fork()
        if child == 0:
            _be_the_child(root, work, explain, sender, parent)
        os.close(sender)
        with os.fdopen(receiver, "rb") as pipe:
            problem = pipe.read()
        _, status = os.waitpid(child, 0)
    if problem:
        raise ScaffoldError(**json.loads(problem))
    if status:
        raise ScaffoldError("The change was interrupted.", "See scaffold status, which ends it.")


def is_orphan() -> bool:
    """Tell, in a process that `run` started, whether the command it works for was killed."""
    return _commander is not None and os.getppid() != _commander


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Keep every other `scaffold` from work in `root`; raises `ScaffoldError` when one goes on."""
    from filelock import FileLock, Timeout

    # Not in the project: whatever is there, git and the user would see.
    name = hashlib.sha256(f"{Path.home()}\n{root.resolve()}".encode()).hexdigest()[:16]
    try:
        with FileLock(Path(tempfile.gettempdir()) / f"scaffold-{name}.lock", timeout=10):
            yield
    except Timeout as error:
        raise ScaffoldError("Another scaffold is at work here.", "Wait for its end.") from error


def _be_the_child(
    root: Path,
    work: Callable[[], None],
    explain: Callable[[OSError], ScaffoldError],
    sender: int,
    parent: int,
) -> None:
    global _commander
    _commander = parent
    os.setsid()
    problem: ScaffoldError | None = None
    try:
        with locked(root):
            work()
    except ScaffoldError as error:
        problem = error
    except OSError as error:
        problem = explain(error)
    except BaseException as error:
        problem = ScaffoldError(f"This should not happen: {type(error).__name__}: {error}.")
    if problem:
        os.write(sender, json.dumps({"message": problem.message, "hint": problem.hint}).encode())
    os._exit(0)
