"""Write what the documentation has from the code; run it when a test says that something differs.

python -m docs.make          tables in pages, llms.txt, examples/, pictures
python -m docs.make tour     the outputs in the tour, too: it runs all its commands
"""

from __future__ import annotations

import sys
from pathlib import Path

from . import commands, examples, projects, questions, screenshot, tour
from .blocks import Maker, fill
from .llms import llms
from .pictures import pictures
from .users import user

ROOT = Path(__file__).parents[2]
TOUR = ROOT / "docs" / "tour.md"
MAKERS: dict[str, Maker] = {
    "commands": commands.commands,
    "dependencies": projects.dependencies,
    "exclusions": questions.exclusions,
    "options": commands.options,
    "presets": questions.presets,
    "questions": questions.questions,
    "readme": projects.readme,
    "settings": projects.settings,
}


def pages() -> dict[Path, str]:
    """Return each page as it should be, and llms.txt."""
    paths = sorted((ROOT / "docs").rglob("*.md"))
    return dict(
        [(path, fill(path.read_text(encoding="utf-8"), MAKERS)) for path in paths] + [llms()]
    )


def walked_tour() -> str:
    """Return the tour with what its commands print now."""
    with user() as (folder, env):
        return tour.run(TOUR.read_text(encoding="utf-8"), folder, env)


def main() -> None:
    if "tour" in sys.argv[1:]:
        _write(TOUR, walked_tour())
    if "api" in sys.argv[1:]:
        screenshot.take()
    for path, text in [*pages().items(), *pictures()]:
        _write(path, text)
    if examples.write():
        sys.stdout.write("wrote examples/\n")


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
