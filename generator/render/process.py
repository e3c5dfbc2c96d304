"""Starts the child processes that render somebody else's template.

A template's extensions, hooks and tasks are code that changes the process it runs in: the folder
it works in, the modules that are imported. Two versions of a template would meet there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from generator.errors import Interruption, ScaffoldError, UsageError
from generator.render import child, forked
from generator.render.forked import Copy
from generator.render.request import Reply, Request

# With -P, modules in the folder that the person works in are not imported.
COMMAND = (sys.executable, "-P", "-m", "generator.render.child")
LAST_LINES = 3
Running = Copy | subprocess.Popen[bytes]
SEEDED = Path(__file__).parent / "seeded"


@dataclass(frozen=True)
class Child:
    """A child process that does a request; its reply and what it prints will be in `folder`.

    Leaving the context ends it.
    """

    folder: Path
    process: Running

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def reply(self) -> Reply:
        """Return the reply, once it is there.

        Raises `UsageError` for an answer that the template refuses, and `ScaffoldError` when the
        template fails.
        """
        try:
            self.process.wait()
        except KeyboardInterrupt as error:
            raise Interruption("Interrupted while the template was rendered.") from error
        printed = _printed(self.folder).read_bytes()
        if not _answer(self.folder).exists():
            raise ScaffoldError(f"The template could not be rendered: {_last_line(printed)}")
        result = json.loads(_answer(self.folder).read_text(encoding="utf-8"))
        if "reply" in result:
            return Reply(**result["reply"])
        raise failure(result, printed)


def run(request: Request, *, seed: str = "", shown: bool = False) -> Reply:
    """Have a child process do `request`, and return its reply; raises as `Child.reply` does."""
    with start(request, seed=seed, shown=shown) as started:
        return started.reply()


def start(request: Request, *, seed: str = "", shown: bool = False) -> Child:
    """Have a child process begin with `request`.

    With a `seed`, random numbers in it are repeatable. Where they are `shown`, what hooks and tasks
    print goes to stderr.
    """
    folder = Path(tempfile.mkdtemp(prefix="scaffold-"))
    question, answer = folder / "request.json", _answer(folder)
    question.write_text(json.dumps(asdict(request), default=str), encoding="utf-8")
    with _printed(folder).open("wb") as file:
        output = sys.stderr.fileno() if shown else file.fileno()
        work = partial(child.main, question, answer)
        command = [*COMMAND, str(question), str(answer)]
        return Child(folder, begin(request.engine, work, command, output, seed))


def prepare(engine: str) -> None:
    """Import what renders an engine's templates, where children are copies of this process."""
    if forked.ARE_COPIES_SAFE:
        child.prepare(engine)


def begin(
    engine: str, work: Callable[[], object], command: Sequence[str], output: int, seed: str = ""
) -> Running:
    """Have a copy of this process do the `work`, else the `command`, which does the same.

    What is printed goes to the file descriptor `output`.
    """
    variables = environment(seed)
    if forked.is_possible():
        child.prepare(engine)
        before = SEEDED / "sitecustomize.py" if seed else None
        return forked.fork(work, variables, output, before)
    sys.stderr.flush()
    return subprocess.Popen(
        command, env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=output
    )


def environment(seed: str) -> dict[str, str]:
    """Return the environment of a child process; with a `seed`, random numbers are repeatable."""
    # Hooks often need uv; that of scaffold is found where there is no other.
    path = os.pathsep.join(filter(None, [os.environ.get("PATH"), str(Path(sys.executable).parent)]))
    variables = {**os.environ, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    if seed:
        modules = os.pathsep.join(filter(None, [str(SEEDED), os.environ.get("PYTHONPATH")]))
        variables |= {"SCAFFOLD_SEED": seed, "PYTHONPATH": modules, "PYTHONHASHSEED": "0"}
    return variables


def _answer(folder: Path) -> Path:
    return folder / "reply.json"


def _printed(folder: Path) -> Path:
    return folder / "printed"


def failure(result: dict[str, Any], printed: bytes) -> ScaffoldError:
    """Return the error in the `result` of a child process, with what it printed last."""
    message = str(result["error"]).rstrip(".")
    if hint := result.get("hint"):
        return UsageError(f"{message}.", hint)
    said = f" It printed: {_last_lines(printed)}" if printed.strip() else ""
    return ScaffoldError(f"The template failed: {message}.{said}", result["cure"])


def _last_lines(printed: bytes) -> str:
    """Return the end of what a hook printed: its own last words, and often the cause before."""
    lines = printed.decode(errors="replace").strip().splitlines()[-LAST_LINES:]
    return " / ".join(line.strip() for line in lines)


def _last_line(printed: bytes) -> str:
    lines = printed.decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else "the process ended without a word."
