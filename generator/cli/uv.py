"""How a person runs a project's commands, with or without a uv of their own."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.questions.facts import Facts

# A command of uv, alone or in a sentence.
COMMAND = re.compile(r"(?<![\w./-])uv (?=(?:run|sync|lock|add)\b)")
UV_MISSING = (
    "uv is not on the PATH. scaffold dev and scaffold test use the one that came with scaffold; "
    "for the rest, write scaffold uv where you read uv, as in scaffold uv run poe seed."
)


def has_uv() -> bool:
    """Tell whether a person can type `uv`."""
    return shutil.which("uv") is not None


def for_here(text: str) -> str:
    """Return `text` with commands that run on this machine.

    For a person who has no uv, `uv sync` is `scaffold uv sync`.
    """
    return text if has_uv() else COMMAND.sub(lambda _: f"{_scaffold()} uv ", text)


def dev_command(facts: Facts) -> str:
    """Return what starts the development server of a project when it is typed there.

    It is the template's own command, or `scaffold dev` for a person who has no uv. Empty where the
    template has none.
    """
    command = facts.commands.dev
    if not command.startswith("uv ") or has_uv():
        return command
    return f"{_scaffold()} dev"


def _scaffold() -> str:
    own = [sys.executable, "-m", "generator"]
    return shlex.join(["scaffold"] if shutil.which("scaffold") else own)
