"""The migrations of a project, read from their files without running any of them."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.errors import ScaffoldError
from generator.questions.facts import Migrations

NUMBERED = re.compile(r"(\d{4,})_")
QUOTED = re.compile(r"""["']([^"'\n]+)["']""")


@dataclass(frozen=True)
class Head:
    """A migration that no other follows, and a name and a number for its successor.

    `next` is derived from the head and from `number`: no migration has either yet.
    """

    name: str
    next: str
    number: str


@dataclass(frozen=True)
class Migration:
    """The text of a migration, and the names of those that it follows directly."""

    text: str
    previous: frozenset[str]


@dataclass(frozen=True)
class History:
    """The migrations in one folder, by their names."""

    folder: str
    migrations: Mapping[str, Migration]

    def heads(self) -> list[str]:
        """Return the names of those that no other follows."""
        followed = {
            before
            for name, migration in self.migrations.items()
            for before in migration.previous - {name}
        }
        return sorted(self.migrations.keys() - followed)

    def newest_first(self) -> Iterator[Migration]:
        """Yield each migration before those that it follows."""
        left, seen = self.heads(), set[str]()
        for name in left:
            if name in self.migrations and name not in seen:
                seen.add(name)
                yield self.migrations[name]
                left.extend(sorted(self.migrations[name].previous))


def read_histories(
    root: Path, where: Migrations, labels: Mapping[str, str] | None = None
) -> dict[str, History]:
    """Return the histories of a project, each by the name of the folder that its folder is in.

    Where several are in one, each has the name of its own folder. `labels` are what migrations call
    a history that is not called by that name.
    """
    found: dict[Path, dict[str, Migration]] = {}
    for path in sorted(root.glob(where.files)):
        text = path.read_text(encoding="utf-8", errors="replace")
        if name := _name(path, text, where.name):
            history = path.parent.parent.name
            called = (labels or {}).get(history, history)
            others = found.setdefault(path.parent, {})
            if where.previous:
                pattern = where.previous.replace("{history}", re.escape(called))
                previous = frozenset(_quoted(text, pattern))
            else:
                previous = frozenset([*others][-1:])
            others[name] = Migration(text, previous)
    around = Counter(folder.parent for folder in found)
    return {
        (folder if around[folder.parent] > 1 else folder.parent).name: History(
            folder.relative_to(root).as_posix(), migrations
        )
        for folder, migrations in found.items()
    }


def only_head(history: History, merge: str) -> Head:
    """Return the head of a history; `merge` is the command that joins two.

    Raises `ScaffoldError` where there are several.
    """
    heads = history.heads()
    if len(heads) != 1:
        what = f"{history.folder} has {len(heads)} newest migrations: {', '.join(heads)}."
        raise ScaffoldError(what, f"Merge them first: {merge}")
    digest = hashlib.sha256(heads[0].encode()).hexdigest()
    numbers = [int(found[1]) for name in history.migrations if (found := NUMBERED.match(name))]
    number = f"{max(len(history.migrations), *numbers, 0) + 1:04}"
    return Head(heads[0], f"{number}_{digest[:4]}", number)


def is_made(history: History, creates: str, drops: str) -> bool:
    """Tell whether the last migration with text of either pattern is one that `creates`.

    How to take a migration back stands below what it does, so that what comes first counts.
    """
    for migration in history.newest_first():
        found = re.search(f"(?P<creates>{creates})|{drops}", migration.text)
        if found:
            return found["creates"] is not None
    return False


def _name(path: Path, text: str, pattern: str) -> str:
    """Return the name of a migration; other code has none."""
    if not pattern:
        return "" if path.stem == "__init__" else path.stem
    match = re.search(pattern, text, re.MULTILINE)
    return match[1] if match else ""


def _quoted(text: str, pattern: str) -> Iterator[str]:
    """Yield what stands in quotes in the group of each match of `pattern`."""
    for match in re.finditer(pattern, text, re.MULTILINE):
        yield from QUOTED.findall(match[1])
