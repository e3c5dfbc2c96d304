"""Many projects at once, each in a separate process so that none can stop the others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.engine import fleet_git
from generator.errors import ScaffoldError
from generator.project.external_record import records_in
from generator.versions.mirror import FETCHED_SINCE

# With -P, a project's own modules are not imported: the fleet only names its folder.
COMMAND = (sys.executable, "-P", "-m", "generator")
FAILED, DONE, CONFLICTS, CHECK_FAILED = "failed", "done", "conflicts", "check failed"


@dataclass(frozen=True)
class FleetOptions:
    """What is done with each project beside the command.

    A `branch` is made, and what changed is committed on it; a project with conflicts stays as it
    was. `check` is a command for the shell, which runs in each project that changed.
    """

    branch: str = ""
    commit: bool = False
    check: str = ""

    @property
    def uses_git(self) -> bool:
        """Tell whether a project is brought to a branch or a commit."""
        return bool(self.branch) or self.commit


NO_OPTIONS = FleetOptions()


@dataclass(frozen=True)
class Result:
    """What a command said of one project: `state` in one word, `answer` as it printed it."""

    path: Path
    state: str
    answer: Mapping[str, Any]


def projects_in(folders: Sequence[Path]) -> tuple[list[Path], list[Result]]:
    """Return the projects among `folders` and directly in them, each once, and what has none."""
    found: dict[Path, None] = {}
    without = []
    for folder in dict.fromkeys(folders):
        inside = _projects_in(folder)
        found.update(dict.fromkeys(inside))
        if not inside:
            where = "this folder" if folder == Path() else folder
            what = f"There is no scaffold project in {where}."
            without.append(_failed(folder.resolve(), what))
    return list(found), without


def _projects_in(folder: Path) -> list[Path]:
    try:
        places = [folder, *sorted(place for place in folder.glob("*") if place.is_dir())]
        return [place.resolve() for place in places if records_in(place)]
    except OSError:  # somebody else's
        return []


def run_all(
    projects: Sequence[Path],
    arguments: Sequence[str],
    *,
    workers: int,
    options: FleetOptions = NO_OPTIONS,
) -> Iterator[Result]:
    """Run `scaffold` with `arguments` in every project, and yield the results as they come.

    A template's repository is fetched once for all of them.
    """
    since = {FETCHED_SINCE: str(time.time())}
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(_worked, project, arguments, options, since) for project in projects]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _worked(
    project: Path, arguments: Sequence[str], options: FleetOptions, env: Mapping[str, str]
) -> Result:
    """Run the command in one project, on a branch and with a commit where `options` want them."""
    if not options.uses_git:
        return _checked(_run(project, arguments, env), options)
    try:
        place = fleet_git.begin(project, options.branch)
        with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
            report = Path(folder) / "report.md"
            result = _run(project, [*arguments, "--report", str(report)], env)
            if result.state != DONE:
                if result.state == CONFLICTS:
                    _run(project, ["update", "--abort"], env)
                fleet_git.leave(place, options.branch)
                return result
            if options.commit:
                fleet_git.commit(place, _message(result, report.read_text(encoding="utf-8")))
    except ScaffoldError as error:
        return _failed(project, f"{error.message} {error.hint}".strip())
    return _checked(result, options)


def _message(result: Result, report: str) -> str:
    answer = result.answer
    return f"Update the template from {answer['from']} to {answer['to']}\n\n{report}"


def _checked(result: Result, options: FleetOptions) -> Result:
    """Run the check in a project that changed; one that fails it is a failure of the project."""
    if not options.check or result.state != DONE:
        return result
    ended = subprocess.run(  # noqa: S602 (the person's own command line)
        options.check,
        shell=True,
        cwd=result.path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if not ended.returncode:
        return result
    lines = (ended.stdout + ended.stderr).decode(errors="replace").strip().splitlines()
    said = f": {lines[-1].strip()}" if lines else ""
    message = f"{options.check} ended with {ended.returncode}{said}"
    return Result(result.path, CHECK_FAILED, {**result.answer, "check": message})


def _run(project: Path, arguments: Sequence[str], env: Mapping[str, str]) -> Result:
    command = [*COMMAND, *arguments, "--json"]
    try:
        process = subprocess.run(
            command,
            cwd=project,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        return _failed(project, f"{project}: {error.strerror}.")
    try:
        answer = json.loads(process.stdout)
    except ValueError:
        lines = process.stderr.decode(errors="replace").strip().splitlines()
        message = lines[-1] if lines else f"exit code {process.returncode}"
        return _failed(project, message)
    return Result(project, _state(answer), answer)


def _failed(project: Path, message: str) -> Result:
    return Result(project, FAILED, {"error": {"message": message, "hint": "", "code": FAILED}})


def _state(answer: Mapping[str, Any]) -> str:
    if "error" in answer:
        return CONFLICTS if answer["error"]["code"] == CONFLICTS else FAILED
    if "state" in answer:
        return str(answer["state"])
    if answer["waiting"]:
        return "cut-short" if answer["waiting"]["cut_short"] else CONFLICTS
    return "newest" if answer["newest"] == answer["version"] else "behind"
