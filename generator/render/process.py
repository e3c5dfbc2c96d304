"""Starts the child processes that render somebody else's template.

A template's extensions, hooks and tasks are code that changes the process it runs in: the folder
it works in, the modules that are imported. Two versions of a template would meet there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from generator.errors import Interruption, ScaffoldError, UsageError
from generator.render.request import Reply, Request

# With -P, modules in the folder that the person works in are not imported.
COMMAND = (sys.executable, "-P", "-m", "generator.render.child")
SEEDED = Path(__file__).parent / "seeded"


def run(request: Request, *, seed: str = "", shown: bool = False) -> Reply:
    """Have a child process do `request`, and return its reply.

    With a `seed`, random numbers in it are repeatable. Where they are `shown`, what hooks and tasks
    print goes to stderr. Raises `UsageError` for an answer that the template refuses, and
    `ScaffoldError` when the template fails.
    """
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        question, answer = Path(folder) / "request.json", Path(folder) / "reply.json"
        question.write_text(json.dumps(asdict(request), default=str), encoding="utf-8")
        printed = _start([*COMMAND, str(question), str(answer)], seed=seed, shown=shown)
        if not answer.exists():
            raise ScaffoldError(f"The template could not be rendered: {_last_line(printed)}")
        result = json.loads(answer.read_text(encoding="utf-8"))
    if "reply" in result:
        return Reply(**result["reply"])
    raise _failure(result, printed)


def _start(command: list[str], *, seed: str, shown: bool) -> bytes:
    """Run `command` to its end, and return what it printed where that was not shown."""
    # Hooks often need uv; that of scaffold is found where there is no other.
    path = os.pathsep.join(filter(None, [os.environ.get("PATH"), str(Path(sys.executable).parent)]))
    environment = {**os.environ, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    if seed:
        modules = os.pathsep.join(filter(None, [str(SEEDED), os.environ.get("PYTHONPATH")]))
        environment |= {"SCAFFOLD_SEED": seed, "PYTHONPATH": modules, "PYTHONHASHSEED": "0"}
    sys.stderr.flush()
    output: Any = sys.stderr.fileno() if shown else subprocess.PIPE
    try:
        process = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if not shown else output,
            check=False,
        )
    except KeyboardInterrupt as error:
        raise Interruption("Interrupted while the template was rendered.") from error
    return process.stdout or b""


def _failure(result: dict[str, Any], printed: bytes) -> ScaffoldError:
    message = str(result["error"]).rstrip(".")
    if hint := result.get("hint"):
        return UsageError(f"{message}.", hint)
    said = f" It printed: {_last_line(printed)}" if printed.strip() else ""
    return ScaffoldError(f"The template failed: {message}.{said}", result["cure"])


def _last_line(printed: bytes) -> str:
    lines = printed.decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else "the process ended without a word."
