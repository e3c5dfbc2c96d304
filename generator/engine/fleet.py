"""Many projects at once, each in a separate process so that none can stop the others."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.project.record import ANSWERS_FILE

# With -P, a project's own modules are not imported: the fleet only names its folder.
COMMAND = (sys.executable, "-P", "-m", "generator")
FAILED = "failed"


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
    places = [folder / ANSWERS_FILE, *sorted(folder.glob(f"*/{ANSWERS_FILE}"))]
    try:
        return [place.parent.resolve() for place in places if place.exists()]
    except OSError:  # somebody else's
        return []


def run_all(
    projects: Sequence[Path], arguments: Sequence[str], *, workers: int
) -> Iterator[Result]:
    """Run `scaffold` with `arguments` in every project, and yield the results as they come."""
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(_run, project, arguments) for project in projects]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _run(project: Path, arguments: Sequence[str]) -> Result:
    command = [*COMMAND, *arguments, "--json"]
    try:
        process = subprocess.run(
            command, cwd=project, stdin=subprocess.DEVNULL, capture_output=True, check=False
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
        return "conflicts" if answer["error"]["code"] == "conflicts" else FAILED
    if "state" in answer:
        return str(answer["state"])
    if answer["waiting"]:
        return "cut-short" if answer["waiting"]["cut_short"] else "conflicts"
    return "newest" if answer["newest"] == answer["version"] else "behind"
