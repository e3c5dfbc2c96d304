"""Type-check many projects from one process: python checker.py CACHE FOLDER...

It is run by the projects' own Python. mypy is imported once; each project is looked at by a fork,
since plugins such as Django's read a project's settings once in a process. What is found is
printed as JSON, by the names of the folders.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import mypy.api
import mypy.build
import mypy.main

OPTIONS = ["--no-error-summary", "--hide-error-context"]


def look_at(folder: Path, cache: str) -> list[str]:
    """Return the errors of a project; a crash of mypy is one."""
    with tempfile.TemporaryFile("w+") as told:
        child = os.fork()
        if not child:
            os.chdir(folder)
            out, err, code = mypy.api.run(["--cache-dir", cache, *OPTIONS])
            told.write(f"{out}{err}" if code else "")
            told.flush()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        told.seek(0)
        lines = [line for line in told.read().splitlines() if "note:" not in line]
    return [*lines, *([f"mypy ended with {status}"] if status else [])]


def main() -> None:
    cache, *folders = sys.argv[1:]
    found = {Path(folder).name: look_at(Path(folder), cache) for folder in folders}
    json.dump(found, sys.stdout)


main()
