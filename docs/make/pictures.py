"""Pictures of a terminal, as SVG: what the commands really print."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.text import Text

from .tour import LIST, kept
from .users import user

DOCS = Path(__file__).parents[1]
WIDTH = 90
# rich's own names a font of a third party.
FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font: {char_height}px/{line_height}px monospace; }}
.{unique_id}-title {{ font: bold 18px sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
NEW = "scaffold new shop --framework fastapi --yes"
UPDATE = "scaffold update --to v0.5.0"
# A project of an old release in which a line was edited that the template changed later.
OLD = f"""
scaffold new any --yes
{sys.executable} -m copier copy --quiet --defaults --vcs-ref v0.3.0 --data project_name=shop \\
    '~/.local/share/scaffold/templates.bundle' shop
cd shop
git init -q && git add . && git commit -qm Start
sed -i 's/"test", "production"/"test", "staging", "production"/' app/core/config.py
git commit -qam Edit
"""


def pictures() -> Iterator[tuple[Path, str]]:
    """Yield each picture's path, and the picture as it should be."""
    with user() as (folder, env):
        yield _picture("new", NEW, _printed(NEW, folder, env))
    with user() as (folder, env):
        subprocess.run(["sh", "-ec", OLD], cwd=folder, env=env, check=True, capture_output=True)
        yield _picture("update", UPDATE, _printed(UPDATE, folder / "shop", env))


def _printed(command: str, folder: Path, env: Mapping[str, str]) -> str:
    """Run a command in a new terminal and return its output."""
    import pty  # Windows has none

    ours, its = pty.openpty()
    columns = {"COLUMNS": str(WIDTH), "PORT": "8000"}
    with subprocess.Popen(
        command.split(), cwd=folder, env={**env, **columns}, stdin=its, stdout=its, stderr=its
    ):
        os.close(its)
        written = bytearray()
        while data := _read(ours):
            written.extend(data)
    os.close(ours)
    return written.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # on Linux, the end of what a terminal says
        return b""


def _picture(name: str, command: str, printed: str) -> tuple[Path, str]:
    """Return the picture; the one that is there, where it differs in times only."""
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    console.print(Text(f"$ {command}", style="bold"))
    console.print(Text.from_ansi(LIST.sub(r"\1  ...\n", printed).rstrip()))
    svg = console.export_svg(title="scaffold", code_format=FORMAT, unique_id=name)
    path = DOCS / f"{name}.svg"
    there = path.read_text(encoding="utf-8") if path.exists() else ""
    return path, there if _words(there) == _words(svg) else svg


def _words(svg: str) -> str:
    """Return what a picture says, without what is another one each time."""
    texts = re.findall(r">([^<>]+)</text>", svg)
    return kept("".join(map(html.unescape, texts)).replace("\xa0", " "))
