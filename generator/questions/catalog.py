"""What a template asks, and what it tells of itself: read from `copier.yml` and `scaffold.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from generator.questions import manifest as manifests
from generator.questions.manifest import Manifest


@dataclass(frozen=True)
class Choice:
    """One of the values a question can have; `label` is for people."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """A question of the template; `type` is copier's: str, bool or yaml.

    One that is not `asked` has its answer from another change of answers, or from `scaffold set`.
    The `placeholder` is an example of an answer.
    """

    name: str
    type: str
    help: str
    default: Any
    choices: tuple[Choice, ...]
    asked: bool = True
    placeholder: str = ""

    @property
    def values(self) -> list[str]:
        """The values to choose from; empty where any value will do."""
        return [choice.value for choice in self.choices]


@dataclass(frozen=True)
class Catalog:
    """What is needed to judge answers: the questions by name, in their order, and the manifest."""

    questions: Mapping[str, Question]
    manifest: Manifest


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML with copier's `!include`, which here stays the path it names."""


_Loader.add_constructor("!include", lambda loader, node: loader.construct_scalar(node))


def load_catalog(root: Path, *, fallback: Path | None = None) -> Catalog:
    """Return the catalog of the template at `root`, as `load_questions` and `manifest.load` do."""
    return Catalog(load_questions(root), manifests.load(root, fallback=fallback))


def load_questions(root: Path) -> dict[str, Question]:
    """Return the questions of the template at `root`, in the order they are asked."""
    entries = load_settings(root).items()
    return {name: _question(name, entry) for name, entry in entries if not name.startswith("_")}


def load_settings(root: Path) -> dict[str, Any]:
    """Return all that `copier.yml` at `root` has, questions and settings, in its order."""
    settings: dict[str, Any] = {}
    for document in _documents(root / "copier.yml"):
        included = isinstance(document, str)
        settings |= _merge(_documents(root / document)) if included else document
    return settings


def load_owned_patterns(root: Path) -> list[str]:
    """Return the patterns, as in .gitignore, of the files that are written once and never merged.

    They belong to the project's owner from then on, like the migrations.
    """
    return list(load_settings(root).get("_skip_if_exists", []))


def _documents(path: Path) -> list[Any]:
    return [d for d in yaml.load_all(path.read_bytes(), Loader=_Loader) if d]


def _merge(documents: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: entry for document in documents for name, entry in document.items()}


def _question(name: str, entry: dict[str, Any]) -> Question:
    choices = entry.get("choices", [])
    pairs = choices.items() if isinstance(choices, dict) else [(value, value) for value in choices]
    return Question(
        name=name,
        type=entry["type"],
        help=entry["help"],
        default=entry.get("default"),
        choices=tuple(Choice(value, label) for label, value in pairs),
        asked=entry.get("ask", True),
        placeholder=entry.get("placeholder", ""),
    )
