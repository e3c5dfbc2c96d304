"""llms.txt: the pages of the site with their titles and first paragraphs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def llms() -> tuple[Path, str]:
    """Return the path of llms.txt, and its text as it should be."""
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    home, *others = settings["nav"]
    parts = [f"# {settings['site_name']}", f"> {_summary(home['Home'])}"]
    lines: list[str] = []
    for entry in others:
        ((name, target),) = entry.items()
        if isinstance(target, list):
            parts += ["\n".join(lines)] if lines else []
            lines = []
            parts += [f"## {name}", "\n".join(map(_line, target))]
        else:
            lines.append(_line(entry))
    return DOCS / "llms.txt", "\n\n".join(parts) + "\n"


def _line(entry: dict[str, Any]) -> str:
    ((name, page),) = entry.items()
    return f"- [{name}]({page.removesuffix('.md')}/): {_summary(page)}"


def _summary(page: str) -> str:
    """Return the first paragraph of a page, as plain text in one line."""
    _, paragraph, *_ = (DOCS / page).read_text(encoding="utf-8").split("\n\n")
    return " ".join(re.sub(r"\[([^]]+)\]\([^)]+\)|\*", r"\1", paragraph).split())
