"""Settings in files like `.env`, as the generated projects' own libraries read them."""

from __future__ import annotations

import re

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
    """Return the values by name, the last of each; lines that set nothing are passed over."""
    return {
        name: single or double or plain for name, single, double, plain in SETTING.findall(text)
    }
