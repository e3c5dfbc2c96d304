"""What is looked at in all renders at once: each different file is read once."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath

from generator.tree import SYMLINK, File, Tree, matching
from generator.validate.commands import run
from generator.validate.languages import is_javascript, problem
from generator.validate.marks import Marks
from generator.validate.pythons import not_parsed
from generator.validate.space import Variant

WINDOWS_NAMES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
NODE_SECONDS = 60
MODULE = re.compile(rb"(?m)^(import|export)\b")


@dataclass(frozen=True)
class Seen:
    """A file and the variants that have it; the first of them is named."""

    path: str
    file: File
    variant: Variant
    variants: int = 1


@dataclass(frozen=True)
class Problem:
    """What is wrong with a file of a variant, and how many other variants have it."""

    check: str
    path: str
    text: str
    variant: Variant
    variants: int = 1

    def __str__(self) -> str:
        others = f" and {self.variants - 1} more" if self.variants > 1 else ""
        return f"{self.path} {self.text}, in {self.variant}{others}"


def different_files(renders: Mapping[Variant, Tree]) -> list[Seen]:
    """Return each different file once, whatever the number of variants that have it."""
    first: dict[tuple[str, File], tuple[Variant, int]] = {}
    for variant, tree in renders.items():
        for item in tree.items():
            known, count = first.get(item, (variant, 0))
            first[item] = known, count + 1
    return [Seen(path, file, v, count) for (path, file), (v, count) in first.items()]


def look_at(seen: Sequence[Seen], marks: Marks, unread: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong with the files, once; those that match `unread` are not parsed."""
    found: dict[tuple[str, str, str], Problem] = {}
    for one in _problems(seen, marks, unread):
        kind = one.check, one.path, one.text
        known = found.get(kind)
        count = one.variants + (known.variants if known else 0)
        found[kind] = replace(known or one, variants=count)
    yield from found.values()


def _problems(seen: Sequence[Seen], marks: Marks, unread: Sequence[str]) -> Iterator[Problem]:
    skipped = matching(unread, {one.path for one in seen}) if unread else set()
    seen = [one for one in seen if one.file.mode != SYMLINK]
    for one in seen:
        if left := marks.problem(one.path, one.file.content):
            yield Problem("marks", one.path, left, one.variant, one.variants)
    read = [(s, problem(s.path, s.file.content)) for s in seen if s.path not in skipped]
    for one, wrong in _of_any_python([(s, wrong) for s, wrong in read if wrong]):
        yield Problem("parse", one.path, wrong, one.variant, one.variants)
    yield from _javascript([s for s in seen if is_javascript(s.path) and s.path not in skipped])


def _of_any_python(found: Sequence[tuple[Seen, str]]) -> list[tuple[Seen, str]]:
    """Leave out the Python files that are only too new for the Python that this runs on."""
    python = [one for one in found if one[0].path.endswith((".py", ".pyi"))]
    texts = [one.file.content.decode("utf-8", "replace") for one, _ in python]
    bad = [python[number] for number in not_parsed(texts)] if texts else []
    return [one for one in found if one not in python or one in bad]


def names(renders: Mapping[Variant, Tree]) -> Iterator[Problem]:
    """Yield file names that are a problem on another system; the same one once."""
    told: set[str] = set()
    for variant, tree in renders.items():
        lower: dict[str, str] = {}
        for path in tree:
            other = lower.setdefault(path.lower(), path)
            what = f"differs from {other} only in case" if other != path else _illegal(path)
            if what and path not in told:
                told.add(path)
                yield Problem("names", path, what, variant)


@cache
def _illegal(path: str) -> str:
    for part in PurePosixPath(path).parts:
        if WINDOWS_NAMES.fullmatch(part) or part.endswith((" ", ".")):
            return "has a name that Windows does not allow"
        if any(character in '<>:"|?*\\' or character < " " for character in part):
            return "has a character in its name that Windows does not allow"
    return ""


def _javascript(files: Iterable[Seen]) -> Iterator[Problem]:
    node = shutil.which("node")
    if node is None:
        return
    with tempfile.TemporaryDirectory(prefix="scaffold-") as name:
        for number, one in enumerate(files):
            is_module = bool(MODULE.search(one.file.content))
            suffix = ".mjs" if is_module else PurePosixPath(one.path).suffix
            file = Path(name) / f"{number}{suffix}"
            file.write_bytes(one.file.content)
            env = {"PATH": str(Path(node).parent), "NO_COLOR": "1"}
            said = run([node, "--check", str(file)], env=env, cwd=Path(name), timeout=NODE_SECONDS)
            if said.code:
                lines = [line for line in said.output.splitlines() if "Error" in line]
                text = f"does not parse: {lines[0] if lines else 'node refuses it'}"
                yield Problem("parse", one.path, text, one.variant, one.variants)
