"""A child process as a copy of this one, which need not import the renderers again."""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ARE_COPIES_SAFE = sys.platform == "linux"  # elsewhere the system's libraries are not


def is_possible() -> bool:
    """Tell whether a copy is safe now; with other threads, it is not."""
    return ARE_COPIES_SAFE and threading.active_count() == 1


@dataclass
class Copy:
    """A copy of this process, by its id, which is 0 once it has ended."""

    number: int

    def wait(self) -> None:
        """Wait for its end."""
        if self.number:
            os.waitpid(self.number, 0)
            self.number = 0

    def poll(self) -> int | None:
        """Return None while it runs."""
        if self.number and os.waitpid(self.number, os.WNOHANG)[0]:
            self.number = 0
        return None if self.number else 0

    def terminate(self) -> None:
        """Have it end."""
        if self.number:
            os.kill(self.number, signal.SIGTERM)


def fork(
    work: Callable[[], object], environment: Mapping[str, str], output: int, before: Path | None
) -> Copy:
    """Do `work` in a copy of this process, and return that.

    The copy has the `environment`, no input, and prints to the file descriptor `output`. The module
    `before` runs first in it.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process:
        return Copy(process)
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # what this process tidies is not its own
        _take_over(environment, output)
        if before:
            runpy.run_path(str(before))
        work()
    except KeyboardInterrupt:
        pass  # this process was interrupted, too, and says so
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _take_over(environment: Mapping[str, str], output: int) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # locks among them, which end with this process
    os.environ.clear()
    os.environ.update(environment)
    sys.dont_write_bytecode = True
    # Modules in the folder that the person works in are not imported.
    sys.path[:] = [place for place in sys.path if place not in {"", str(Path.cwd())}]
