"""Values of questions that a command prints, since they are too many to be written down."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from generator.errors import ScaffoldError
from generator.validate import reading
from generator.validate.commands import run, shell
from generator.validate.config import FILE, Config

SECONDS = 60


def load(root: Path) -> Config:
    """Return the configuration of the template's repository, all of its values known.

    Raises `ScaffoldError` where a command does not print them.
    """
    config = reading.load(root / FILE)
    questions = {
        name: replace(own, values=_printed(name, own.command, root)) if own.command else own
        for name, own in config.questions.items()
    }
    return replace(config, questions=questions)


def _printed(question: str, command: str, root: Path) -> dict[str, object]:
    env = {**os.environ, "PYTHON": sys.executable}
    done = run(shell(command), env=env, cwd=root, timeout=SECONDS)
    try:
        values = json.loads(done.output) if done.code == 0 else None
    except ValueError:
        values = None
    if not isinstance(values, dict):
        said = done.output.strip().splitlines()[-1:] or ["nothing"]
        what = f"The values of {question} are not printed by {command}: it says {said[0]}."
        raise ScaffoldError(what, "It must print one JSON object, with a name for each value.")
    return values
