"""Writes what the documentation has from the code: run it when a test says that it differs."""

from __future__ import annotations

import sys
from pathlib import Path

from . import commands, projects, questions
from .blocks import fill

ROOT = Path(__file__).parents[2]
MAKERS = {
    "commands": commands.commands,
    "dependencies": projects.dependencies,
    "exclusions": questions.exclusions,
    "options": commands.options,
    "presets": questions.presets,
    "questions": questions.questions,
    "readme": projects.readme,
    "settings": projects.settings,
}


def made() -> dict[Path, str]:
    """Return the text of each file that has parts made from the code, as it should be."""
    pages = sorted((ROOT / "docs").rglob("*.md"))
    return {page: fill(page.read_text(encoding="utf-8"), MAKERS) for page in pages}


def main() -> None:
    for path, text in made().items():
        if path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
