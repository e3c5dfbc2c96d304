"""Scaffold's own templates: answers are judged by the catalog, files are rendered in process."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from generator.errors import ScaffoldError, UsageError
from generator.questions.answers import complete
from generator.questions.catalog import Catalog, load_catalog
from generator.render.described import Asked
from generator.render.strict import Render, Strict
from generator.tree import File
from generator.validate import kept
from generator.validate.space import Variant
from generator.validate.template import Answered, Rendered

MANIFEST = "scaffold.yml"
NAME, RESOURCES = "project_name", "resources"
# The questions that decide whether resources are accepted, and what is recorded of them.
DECIDING = ("framework", "auth", "storage")
MOST_AT_ONCE = 48
REFUSED = "refused: "
Packed = tuple[list[tuple[str, str]], list[list[int] | str]]


def is_own(root: Path) -> bool:
    """Tell whether the template in `root` is of scaffold's kind: it has a manifest."""
    return (root / MANIFEST).is_file()


@dataclass(frozen=True)
class OwnTemplate:
    """Scaffold's own templates, in the folder `root`."""

    root: Path

    def asked(self) -> list[Asked]:
        """Return the questions."""
        return [
            Asked(one.name, one.type, one.help, one.default, one.values, asked=one.asked)
            for one in _catalog(self.root).questions.values()
        ]

    def answered(self, variants: Sequence[Variant], jobs: int) -> Generator[Answered, None, None]:
        """Yield what the catalog makes of the answers."""
        del jobs  # it takes no time
        strict = _strict(self.root)
        for variant in variants:
            try:
                answers = answers_of(self.root, variant.given)
            except ScaffoldError as error:
                yield Answered(variant, refused=error.message)
                continue
            recorded = {n: v for n, v in answers.items() if strict.records(n, answers)}
            yield Answered(variant, recorded)

    def rendered(self, variants: Sequence[Variant], jobs: int) -> Generator[Rendered, None, None]:
        """Yield the files of each of `variants`; each process renders a part of them."""
        size = min(MOST_AT_ONCE, -(-len(variants) // jobs)) or 1
        parts = [variants[start : start + size] for start in range(0, len(variants), size)]
        given = [(self.root, [variant.given for variant in part]) for part in parts]
        files: dict[tuple[str, str], File] = {}
        with closing(_packed(given, jobs)) as packed:
            for part, renders in zip(parts, packed, strict=True):
                yield from _unpacked(part, renders, files)


def _packed(parts: Sequence[tuple[Path, Any]], jobs: int) -> Generator[Packed, None, None]:
    if len(parts) < 2 or jobs < 2:
        yield from map(_render, parts)
        return
    method = "fork" if sys.platform == "linux" else "spawn"
    with multiprocessing.get_context(method).Pool(jobs, _leave_signals_to_the_parent) as pool:
        yield from pool.imap(_render, parts)


def _leave_signals_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _render(part: tuple[Path, Sequence[Mapping[str, Any]]]) -> Packed:
    """Render projects; each different file is returned once, and each project as its numbers."""
    root, given = part
    numbers: dict[tuple[str, str], int] = {}
    projects: list[list[int] | str] = []
    strict = _strict(root)
    for answers in given:
        try:
            files: Render = strict.render(answers_of(root, answers))
        except UsageError as error:
            projects.append(f"{REFUSED}{error.message}")
            continue
        except Exception as error:  # Jinja's filters raise what they like
            notes = " ".join(getattr(error, "__notes__", ()))
            projects.append(f"{type(error).__name__}: {error} {notes}".strip())
            continue
        projects.append([numbers.setdefault(file, len(numbers)) for file in files.items()])
    return list(numbers), projects


def _unpacked(
    variants: Sequence[Variant], packed: Packed, files: dict[tuple[str, str], File]
) -> Iterator[Rendered]:
    different, projects = packed
    for variant, numbers in zip(variants, projects, strict=True):
        if isinstance(numbers, str):
            text = numbers.removeprefix(REFUSED)
            yield Rendered(variant, problem=text, refused=text != numbers)
            continue
        tree = {}
        for path, text in (different[number] for number in numbers):
            tree[path] = files.setdefault((path, text), File(text.encode()))
        yield Rendered(variant, tree)


def answers_of(root: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer to each question; `resources` are texts, as `--resource` takes them.

    What becomes of resources depends on few questions, so most variants share it. Raises
    `UsageError`.
    """
    options = {name: value for name, value in given.items() if name not in (NAME, RESOURCES)}
    name = given.get(NAME, "shop")
    answers = complete(_catalog(root), name, options=options, assigned={}, file={})
    if texts := tuple(given.get(RESOURCES, ())):
        deciding = tuple((question, answers[question]) for question in DECIDING)
        answers[RESOURCES] = _resources(root, deciding, texts)
    return answers


@cache
def _resources(root: Path, deciding: tuple[tuple[str, Any], ...], texts: tuple[str, ...]) -> Any:
    options = dict(deciding)
    made = complete(_catalog(root), "shop", options=options, assigned={}, file={}, resources=texts)
    return made[RESOURCES]


@cache
def _catalog(root: Path) -> Catalog:
    return load_catalog(root)


@cache
def _strict(root: Path) -> Strict:
    return Strict(root, kept.folder() / "compiled")
