"""Many renders of somebody else's template, by a few child processes that do one after another.

Starting a process and importing a renderer takes longer than rendering a small template.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from generator.errors import ScaffoldError
from generator.render import child
from generator.render.process import Running, begin, failure
from generator.render.request import Reply, Request

COMMAND = (sys.executable, "-P", "-m", "generator.render.batch")
MOST_AT_ONCE = 16
REQUESTS = "requests.json"


@dataclass(frozen=True)
class Done:
    """What became of a request: a reply, or why there is none; `refused` is a matter of answers."""

    number: int
    reply: Reply | None = None
    error: ScaffoldError | None = None
    refused: bool = False


def run_all(requests: Sequence[Request], jobs: int) -> Iterator[Done]:
    """Do all requests by as many processes as there are `jobs`, and yield what became of each.

    Leaving the loop ends the processes.
    """
    size = max(1, min(MOST_AT_ONCE, -(-len(requests) // max(jobs, 1))))
    waiting = [range(n, min(n + size, len(requests))) for n in range(0, len(requests), size)]
    with tempfile.TemporaryDirectory(prefix="scaffold-", ignore_cleanup_errors=True) as name:
        running: list[tuple[Path, range, Running]] = []
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    share = waiting.pop(0)
                    folder = Path(name) / str(share.start)
                    folder.mkdir()
                    work = [requests[number] for number in share]
                    running.append((folder, share, _start(folder, work)))
                folder, share, process = running.pop(0)
                try:
                    process.wait()
                except BaseException:
                    running.append((folder, share, process))
                    raise
                yield from _read(folder, share)
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            for _, _, process in running:
                process.terminate()
                process.wait()


def _start(folder: Path, requests: Sequence[Request]) -> Running:
    text = json.dumps([asdict(request) for request in requests], default=str)
    (folder / REQUESTS).write_text(text, encoding="utf-8")
    with (folder / "printed").open("wb") as file:
        command = [*COMMAND, str(folder)]
        return begin(requests[0].engine, partial(main, folder), command, file.fileno())


def _read(folder: Path, share: range) -> Iterator[Done]:
    for place, number in enumerate(share):
        answer = folder / f"reply-{place}"
        if not answer.exists():
            said = (folder / "printed").read_text(encoding="utf-8", errors="replace").strip()
            what = f"The template could not be rendered: {said[-200:] or 'its process ended'}."
            yield Done(number, error=ScaffoldError(what))
            continue
        result = json.loads(answer.read_text(encoding="utf-8"))
        if "reply" in result:
            yield Done(number, reply=Reply(**result["reply"]))
        else:
            error = failure(result, (folder / f"printed-{place}").read_bytes())
            yield Done(number, error=error, refused=result.get("refused", False))


def main(folder: Path) -> None:
    """Do the requests in `folder`, one after the other; each has what it prints for itself."""
    sent = json.loads((folder / REQUESTS).read_text(encoding="utf-8"))
    for place, request in enumerate(sent):
        with (folder / f"printed-{place}").open("wb") as printed:
            sys.stdout.flush()
            for stream in (1, 2):
                os.dup2(printed.fileno(), stream)
        child.do(request, folder / f"reply-{place}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
