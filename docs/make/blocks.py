"""Parts of a page that are made from the code: what stands between two comments in it.

A page says `<!-- made: options new -->`, and `<!-- made -->` where that part ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

BLOCK = re.compile(r"(<!-- made: (\w+)([ \w]*) -->\n).*?(?=<!-- made -->)", re.DOTALL)
Maker = Callable[..., str]


def fill(page: str, makers: Mapping[str, Maker]) -> str:
    """Return `page` with each part as its maker makes it now; the words of the comment go to it."""

    def make(block: re.Match[str]) -> str:
        head, name, words = block.groups()
        return f"{head}\n{makers[name](*words.split())}\n\n"

    return BLOCK.sub(make, page)


def table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table in Markdown."""
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join("| " + " | ".join(cells).strip() + " |" for cells in lines)


def code(text: str) -> str:
    """Return `text` as code in the cell of a table, where a bar would end the cell."""
    return f"<code>{text.replace('|', '&#124;')}</code>" if "|" in text else f"`{text}`"
