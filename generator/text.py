"""Text that several packages read and write: settings files, counts, yes and no."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

# A line of `.env`, as the libraries of the generated projects read it.
SETTING = re.compile(
    r"""(?mx)
    ^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*
    (?:
        (?:'([^'\n]*)'|"([^"\n]*)")[ \t]*(?:\#.*)?
        |
        (.*?)[ \t]*(?:(?<=[ \t])\#.*)?
    )\r?$
    """
)


def read_settings(text: str) -> dict[str, str]:
    """Return the values in a file like `.env` by name; the last one of each name counts."""
    return {
        name: single or double or plain for name, single, double, plain in SETTING.findall(text)
    }


def setting_name(line: str) -> str | None:
    """Return the name that a line of a settings file sets, None where it sets none."""
    match = SETTING.fullmatch(line.rstrip("\r\n"))
    return match[1] if match else None


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 file", "2 files"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shown(value: Any) -> str:
    """Return an answer as a person would write it: yes and no, text without quotes."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value)


def joined(words: Sequence[str]) -> str:
    """Return words as a sentence lists them: "a, b and c"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
