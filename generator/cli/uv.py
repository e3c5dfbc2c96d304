"""What a person types to start a project, with or without a uv of their own."""

from __future__ import annotations

import re
import shlex
import shutil
import sys

from generator.questions.facts import Facts

UV_MISSING = (
    "uv is not on the PATH. scaffold dev and scaffold test use the one that came with scaffold; "
    "for the project's other tasks, install it: https://docs.astral.sh/uv/"
)


def has_uv() -> bool:
    """Tell whether a person can type `uv`."""
    return shutil.which("uv") is not None


def typed(line: str) -> str:
    """Return a line for a shell, with the uv that came with scaffold for a person who has none."""
    if has_uv():
        return line
    return re.sub(r"\buv run\b", shlex.join([sys.executable, "-m", "uv", "run"]), line)


def dev_command(facts: Facts) -> str:
    """Return what starts the development server of a project when it is typed there.

    It is the template's own command, or `scaffold dev` for a person who has no uv. Empty where the
    template has none.
    """
    command = facts.commands.dev
    if not command.startswith("uv ") or has_uv():
        return command
    own = [sys.executable, "-m", "generator"]
    return shlex.join([*(["scaffold"] if shutil.which("scaffold") else own), "dev"])
