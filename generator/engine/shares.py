"""What each choice adds to a new project, in files: shown before anything is written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generator.engine.create import build
from generator.questions import features
from generator.questions.catalog import Catalog
from generator.text import shown
from generator.versions import store
from generator.versions.locate import find_source

# A resource for projects that are rendered to count what belongs to none; nobody chooses the name.
NAME = "x" * 20
OTHER = {"name": NAME, "plural": NAME, "fields": [{"name": "title", "type": "str"}]}

Answers = dict[str, Any]


@dataclass(frozen=True)
class Share:
    """How many files an answer adds to those of the answers before it."""

    question: str
    value: str
    files: int


@dataclass(frozen=True)
class Contents:
    """The sizes of a project's files in bytes, by path, and what each choice has added."""

    sizes: Mapping[str, int]
    shares: list[Share]


def contents(catalog: Catalog, answers: Answers, asked: Sequence[str]) -> Contents:
    """Render the project that complete and valid `answers` make, choice by choice.

    The choices are those of the questions `asked`, the framework's first, then the resources.
    """
    source = find_source()
    version = store.version_of(source)
    sizes: dict[str, int] = {}
    shares: list[Share] = []
    last: Answers = {}
    for question, value, some in _steps(catalog, answers, asked):
        before = sizes
        if some != last:
            with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
                files = build(some, Path(folder), source, version)
                sizes = {file: (Path(folder) / file).stat().st_size for file in files}
        shares.append(Share(question, value, len(sizes.keys() - before.keys())))
        last = some
    # The files of the resource that stood for all others are not the framework's.
    rest = sum(share.files for share in shares[1:])
    return Contents(sizes, [replace(shares[0], files=len(sizes) - rest), *shares[1:]])


def _steps(
    catalog: Catalog, answers: Answers, asked: Sequence[str]
) -> Iterator[tuple[str, str, Answers]]:
    """Yield a question, its answer, and answers that begin bare and end as `answers`."""
    framework, *others = asked
    optional = {feature.question for feature in features.features(catalog.questions.values())}
    some = {**answers, "resources": [OTHER]}
    for name in others:
        question = catalog.questions[name]
        some[name] = features.off(question) if name in optional else question.default
    yield framework, answers[framework], some
    for name in others:
        some = {**some, name: answers[name]}
        yield name, shown(answers[name]), some
    for number, resource in enumerate(answers["resources"], 1):
        some = {**some, "resources": answers["resources"][:number]}
        yield "resource", resource["name"], some
