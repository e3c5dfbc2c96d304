"""Steps of a render: commands, and a suite against a server, taken or known to pass."""

from __future__ import annotations

import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from generator.tree import Tree, matching
from generator.validate import known
from generator.validate.commands import Result, run, serving, shell
from generator.validate.config import Command, Config, Server, fits
from generator.validate.space import Variant

READY_SECONDS = 60
VERSIONS_SECONDS = 60


@dataclass(frozen=True)
class Bench:
    """A render in the folder `project`, with the variables that its commands see."""

    variant: Variant
    project: Path
    tree: Tree
    env: Mapping[str, str]
    stop: threading.Event


@dataclass(frozen=True)
class Step:
    """What is done with a render, by its name."""

    command: Command
    take: Callable[[Bench], Result]


def steps_of(commands: Iterable[Command], server: Server | None) -> list[Step]:
    """Return the steps that commands and a server make."""
    steps = [Step(c, lambda bench, c=c: _run(bench, c)) for c in commands]  # type: ignore[misc]
    if server is not None:
        steps.append(Step(server.suite, lambda bench: _against_server(bench, server)))
    return steps


def applies(command: Command, variant: Variant) -> bool:
    """Tell whether a command is run for a variant; values of answers and their words both count."""
    given, picks = variant.given, variant.picks
    return all(
        fits(given.get(name), values) or fits(picks.get(name), values)
        for name, values in command.only.items()
    )


def live(tree: Tree, config: Config) -> dict[str, bytes]:
    """Return the files that commands may read: all but those that are called inert."""
    left_out = matching(config.inert, tree) if config.inert else set()
    return {path: file.content for path, file in tree.items() if path not in left_out}


def key(
    step: Step,
    tree: Mapping[str, bytes],
    environment: Iterable[str],
    root: Path,
    env: Mapping[str, str],
) -> str:
    """Return the name of the proof that the step passes for a project with these files.

    `env` are the variables that its commands see.
    """
    versions = step.command.versions
    printed = (
        run(shell(versions), env=env, cwd=root, timeout=VERSIONS_SECONDS) if versions else None
    )
    reads = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for pattern in step.command.reads
        for path in root.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }
    return known.key(
        f"{step.command.name}: {step.command.run}",
        tree=tree,
        environment=environment,
        suite=reads,
        server=printed.output if printed else "",
    )


def _run(bench: Bench, command: Command, env: Mapping[str, str] | None = None) -> Result:
    return run(
        shell(command.run),
        env=env or bench.env,
        cwd=bench.project,
        timeout=command.seconds,
        stop=bench.stop,
    )


def _against_server(bench: Bench, server: Server) -> Result:
    """Start the server, wait until it serves, and run the suite; the server ends with it."""
    port = str(_free_port())
    env = {**bench.env, "PORT": port}
    env["URL"] = Template(server.ready).safe_substitute(env)
    log = bench.project.parent / f"{bench.project.name}.server.log"
    with serving(shell(server.start), env=env, cwd=bench.project, log=log) as process:
        deadline = time.monotonic() + READY_SECONDS
        while not _serves(env["URL"]):
            if process.poll() is not None or time.monotonic() > deadline or bench.stop.is_set():
                late = process.poll() is None
                what = f"not ready after {READY_SECONDS} s" if late else "it ended"
                return Result(None if late else process.returncode, f"{what}\n{_text(log)}")
            time.sleep(0.1)
        done = _run(bench, server.suite, env)
    said = done.output if done.code == 0 else f"{done.output}\nThe server said:\n{_text(log)}"
    return Result(done.code, said)


def _serves(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 (of validate.toml)
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):
        return False


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def settings(variant: Variant, project: Path, root: Path) -> dict[str, str]:
    """Return the variables that commands see: where things are, and each answer."""
    answers = {
        f"ANSWER_{name.upper()}": str(value)
        for name, value in variant.given.items()
        if isinstance(value, str | int | float) and "\0" not in str(value)
    }
    own = {"PROJECT": str(project), "TEMPLATE": str(root), "VARIANT": variant.name}
    own["PYTHON"] = sys.executable
    return {**answers, **own}
