"""Renders of template versions with answers that a project may have been made with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.engine.likeness import Candidate, Comparison
from generator.engine.trees import rendered
from generator.errors import ScaffoldError, TooNewError, UsageError
from generator.project.record import ANSWERS_FILE
from generator.questions.answers import default
from generator.questions.catalog import Catalog, Question
from generator.questions.typed import typed_value
from generator.render.backend import backend_of
from generator.tree import Tree, matching
from generator.versions import store
from generator.versions.bundle import version_key
from generator.versions.locate import Source, packaged_source


@dataclass(frozen=True)
class Template:
    """A template version: its files, its catalog, and patterns of what is written once."""

    source: Source
    catalog: Catalog
    written_once: Sequence[str]


@dataclass
class Candidates:
    """The renders that were made for a comparison, each once.

    `folder` is for unpacked templates. Answers that are `given` stand in every candidate.
    """

    comparison: Comparison
    folder: Path
    given: Mapping[str, Any]
    made: dict[str, Candidate] = field(default_factory=dict)
    _templates: dict[str, Template] = field(default_factory=dict)
    _trees: dict[str, Tree] = field(default_factory=dict)

    def versions(self) -> list[str]:
        """Return the releases and the version of this package, newest first."""
        own = store.version_of(packaged_source())
        known = {tag for tag in store.versions() if ".dev" not in tag} | {own}
        return sorted(known, key=version_key, reverse=True)

    def template(self, version: str) -> Template:
        """Return the template of `version`; raises `ScaffoldError`."""
        if version not in self._templates:
            source = store.fetch(version, self.folder)
            backend = backend_of(source.root)
            template = Template(source, backend.catalog(), backend.written_once())
            self._templates[version] = template
        return self._templates[version]

    def tree(self, version: str, answers: Mapping[str, Any]) -> Tree:
        """Return the project that `version` makes of `answers`; raises `ScaffoldError`."""
        key = _key(version, answers)
        if key not in self._trees:
            self._trees[key] = rendered(answers, self.template(version).source, version)
        return self._trees[key]

    def candidate(self, version: str, answers: Mapping[str, Any]) -> Candidate | None:
        """Return the candidate of `version` with `answers`, and its defaults where these are none.

        Returns None for a version that does not take the `given` answers or cannot be rendered so,
        or that needs a newer scaffold.
        """
        try:
            template = self.template(version)
        except TooNewError:
            return None
        fitting = _fitting(template.catalog.questions, {**answers, **self.given})
        if any(fitting.get(name) != value for name, value in self.given.items()):
            return None
        key = _key(version, fitting)
        if key not in self.made:
            try:
                tree = self.tree(version, fitting)
            except ScaffoldError:
                return None
            aside = {ANSWERS_FILE, *matching(template.written_once, tree)}
            compared = {path: file for path, file in tree.items() if path not in aside}
            apart = self.comparison.apart(compared)
            self.made[key] = Candidate(version, fitting, compared, apart)
        return self.made[key]

    def nearest(self, choice: Iterable[Candidate | None]) -> Candidate:
        """Return the candidate of `choice` that is nearest to the project, the first of several."""
        return min(filter(None, choice), key=self.comparison.distance)


def _key(version: str, answers: Mapping[str, Any]) -> str:
    return json.dumps([version, answers], sort_keys=True)


def _fitting(questions: Mapping[str, Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer to each of `questions`, the default where `answers` has no valid one."""
    fitting = {}
    for name, question in questions.items():
        try:
            fitting[name] = typed_value(question, answers[name])
        except (KeyError, UsageError):
            fitting[name] = default(question)
    return fitting
