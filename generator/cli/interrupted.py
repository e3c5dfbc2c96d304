"""The warning about a change that was interrupted."""

from __future__ import annotations

from pathlib import Path

from generator.cli.output import say
from generator.engine import pending


def warn_of_interrupted_change() -> None:
    """Tell of a change that was interrupted; commands that write nothing leave it as it is."""
    command = pending.interrupted(pending.project_root(Path.cwd()))
    if command:
        ways = "scaffold update --continue finishes it, --abort undoes it."
        say(f"The {command} was interrupted: {ways}", "yellow", error=True)
