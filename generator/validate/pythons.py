"""The Pythons of this machine, as uv finds them without a download."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from uv import find_uv_bin

from generator.validate.commands import output, run

SECONDS = 60
# Prints the numbers of the files that it cannot parse.
PARSE = (
    "import ast, json, sys, warnings\n"
    "warnings.simplefilter('ignore')\n"
    "bad = []\n"
    "for number, text in enumerate(json.load(open(sys.argv[1]))):\n"
    "    try: ast.parse(text)\n"
    "    except (SyntaxError, ValueError): bad.append(number)\n"
    "print(json.dumps(bad))"
)


@cache
def find_python(wanted: str) -> str | None:
    """Return the program of a Python such as `3.13` or `>3.11`, if the machine has it."""
    command = [find_uv_bin(), "python", "find", "--no-python-downloads", wanted]
    try:
        return output(command, {**os.environ, "PATH": _search_path()}).strip()
    except OSError:
        return None


def _search_path() -> str:
    """Return PATH with all versions that pyenv has, since its shims run the chosen ones only."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path("~/.pyenv").expanduser())
    versions = map(str, sorted(pyenv.glob("versions/*/bin"), reverse=True))
    return os.pathsep.join([*versions, os.environ.get("PATH", os.defpath)])


def not_parsed(texts: Sequence[str]) -> list[int]:
    """Return the numbers of the texts that a newer Python cannot parse either."""
    newer = find_python(f">{sys.version_info.major}.{sys.version_info.minor}")
    every = list(range(len(texts)))
    if newer is None or not texts:
        return every
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        file = Path(folder) / "texts.json"
        file.write_text(json.dumps(texts), encoding="utf-8")
        command = [newer, "-I", "-c", PARSE, str(file)]
        done = run(command, env=os.environ, cwd=Path(folder), timeout=SECONDS)
    return list(json.loads(done.output)) if done.code == 0 else every
