"""Give a project a new field, as its README says, while its tables have rows."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tests.contract.databases import Databases, open_databases

if TYPE_CHECKING:
    from .steps import Bench

KEY = "variants-need-a-key-of-thirty-two-bytes-too"
# The file of the model, the line behind which the field is written, and the table.
COLUMN = "    priority: Mapped[int] = mapped_column(default=3)\n"
PLACES = {
    "fastapi": ("app/items/models.py", "    title: ", COLUMN, "items"),
    "flask": ("app/items/models.py", "    title: ", COLUMN, "items"),
    "django": (
        "apps/items/models.py",
        "    title = ",
        "    priority = models.IntegerField(default=3)\n",
        "items_item",
    ),
}


def add_field(bench: Bench) -> None:
    """A required field with a default is migrated in both databases, and the rows have it."""
    file, before, line, table = PLACES[bench.framework]
    model = bench.project.directory / file
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="new-field-")))
        names = ["sqlite", *(["postgres"] if bench.postgres else [])]
        opened: list[tuple[Databases, str]] = []
        for name in names:
            databases = open_databases(name, folder)
            stack.callback(databases.close)
            opened.append((databases, databases.fresh()))
        for _, url in opened:
            bench.poe("migrate", DATABASE_URL=url, SECRET_KEY=KEY)
            bench.poe("seed", DATABASE_URL=url, SECRET_KEY=KEY)
        first = {"DATABASE_URL": opened[0][1], "SECRET_KEY": KEY}
        old = _migrations(bench)
        bench.poe("makemigrations", "-m", "nothing", **first)
        if unwanted := _migrations(bench) - old:
            bench.fail(f"makemigrations without a change wrote {sorted(map(str, unwanted))}")
        text = model.read_text(encoding="utf-8")
        at = text.index(before)
        model.write_text(text[:at] + line + text[at:], encoding="utf-8")
        bench.poe("makemigrations", "-m", "priority", **first)
        if len(_migrations(bench) - old) != 1:
            bench.fail("makemigrations did not write one migration for the new field")
        for databases, url in opened:
            bench.poe("migrate", DATABASE_URL=url, SECRET_KEY=KEY)
            found = databases.execute(url, f"SELECT DISTINCT priority FROM {table}")
            if found != [(3,)]:
                bench.fail(f"the rows in {databases.name} have {found}")
        bench.poe("makemigrations", "-m", "nothing", **first)
        if len(_migrations(bench) - old) != 1:
            bench.fail("makemigrations wants to change the new field again")


def _migrations(bench: Bench) -> set[Path]:
    """The migrations of the project."""
    found = bench.project.directory.glob("**/migrations/**/*.py")
    return {path for path in found if ".venv" not in path.parts}
