"""Many renders of somebody else's template, by a few child processes that do one after another.

Starting a process and importing a renderer takes longer than rendering a small template.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from generator.errors import ScaffoldError
from generator.render import child
from generator.render.forked import Copy
from generator.render.process import Running, begin, failure
from generator.render.request import Reply, Request

COMMAND = (sys.executable, "-P", "-m", "generator.render.batch")
MOST_AT_ONCE = 16
MOST_SAID = 200
PAUSE = 0.01
REQUESTS = "requests.json"


@dataclass(frozen=True)
class Done:
    """What became of a request: a reply, or why there is none; `refused` is a matter of answers."""

    number: int
    reply: Reply | None = None
    error: ScaffoldError | None = None
    refused: bool = False


@dataclass(frozen=True)
class _Part:
    """Requests that one process does, in a folder; `number` is the id of the process."""

    share: range
    folder: Path
    process: Running
    number: int
    deadline: float

    def end(self) -> None:
        """End the process and all that its hooks and tasks have started."""
        if self.process.poll() is None:
            try:
                os.killpg(self.number, signal.SIGKILL)
            except (AttributeError, OSError):  # on Windows, or before it leads its group
                self.process.terminate()
            self.process.wait()


def run_all(requests: Sequence[Request], jobs: int, seconds: float) -> Iterator[Done]:
    """Do all requests by as many processes as there are `jobs`, and yield what became of each.

    Each may take so many `seconds`. Leaving the loop ends the processes.
    """
    size = max(1, min(MOST_AT_ONCE, -(-len(requests) // max(jobs, 1))))
    waiting = [range(n, min(n + size, len(requests))) for n in range(0, len(requests), size)]
    with tempfile.TemporaryDirectory(prefix="scaffold-", ignore_cleanup_errors=True) as name:
        running: list[_Part] = []
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    share = waiting.pop(0)
                    work = [requests[number] for number in share]
                    running.append(_begun(Path(name), share, work, seconds))
                part = running[0]
                while part.process.poll() is None and time.monotonic() < part.deadline:
                    time.sleep(PAUSE)
                part.end()
                running.remove(part)
                yield from _read(part, seconds)
                shutil.rmtree(part.folder, ignore_errors=True)
        finally:
            for part in running:
                part.end()


def _begun(base: Path, share: range, requests: Sequence[Request], seconds: float) -> _Part:
    folder = base / str(share.start)
    folder.mkdir()
    process = _start(folder, requests)
    number = process.number if isinstance(process, Copy) else process.pid
    return _Part(share, folder, process, number, time.monotonic() + seconds * len(requests))


def _start(folder: Path, requests: Sequence[Request]) -> Running:
    text = json.dumps([asdict(request) for request in requests], default=str)
    (folder / REQUESTS).write_text(text, encoding="utf-8")
    with (folder / "printed").open("wb") as file:
        command = [*COMMAND, str(folder)]
        return begin(requests[0].engine, partial(main, folder), command, file.fileno())


def _read(part: _Part, seconds: float) -> Iterator[Done]:
    is_late = time.monotonic() >= part.deadline
    for place, number in enumerate(part.share):
        answer = part.folder / f"reply-{place}"
        if not answer.exists():
            printed = part.folder / "printed"
            said = printed.read_text(encoding="utf-8", errors="replace").strip()
            late = f"it was not rendered in {seconds:g} s; a hook or task hangs"
            what = late if is_late else said[-MOST_SAID:] or "its process ended"
            yield Done(number, error=ScaffoldError(f"The template could not be rendered: {what}."))
            continue
        result = json.loads(answer.read_text(encoding="utf-8"))
        if "reply" in result:
            yield Done(number, reply=Reply(**result["reply"]))
        else:
            error = failure(result, (part.folder / f"printed-{place}").read_bytes())
            yield Done(number, error=error, refused=result.get("refused", False))


def main(folder: Path) -> None:
    """Do the requests in `folder`, one after the other; each has what it prints for itself."""
    if hasattr(os, "setsid"):
        os.setsid()  # so that it can be ended with all that hooks start
    sent = json.loads((folder / REQUESTS).read_text(encoding="utf-8"))
    for place, request in enumerate(sent):
        with (folder / f"printed-{place}").open("wb") as printed:
            sys.stdout.flush()
            for stream in (1, 2):
                os.dup2(printed.fileno(), stream)
        child.do(request, folder / f"reply-{place}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
