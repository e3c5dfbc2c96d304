"""Finds the template version and the answers whose render is nearest to a project's files.

One question after the other is tried with each of its answers, and the nearest render is gone on
from, until no other answer to any question is nearer. Then all versions are tried with these.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.engine.candidates import Candidates, Template
from generator.engine.likeness import Candidate, Comparison
from generator.engine.models import parts, without
from generator.engine.texts import marks, read_texts
from generator.errors import ScaffoldError
from generator.questions.answers import default
from generator.questions.catalog import Question
from generator.questions.resources import Resource
from generator.tree import Tree

MOST_OTHERS = 3  # candidates that are told beside the best one


@dataclass(frozen=True)
class Clues:
    """What is known of a project's answers: those that are `given` stand, others may be wrong.

    Each of `recorded` has answers that were recorded once; `name` is derived from the folder's, and
    `resources` are what the project's models say, those of the owner's own included.
    """

    given: Mapping[str, Any]
    recorded: Sequence[Mapping[str, Any]]
    name: str
    resources: Sequence[Resource] = ()

    @property
    def tried(self) -> list[Mapping[str, Any]]:
        """Answers that the project may have."""
        read = [resource.answer() for resource in self.resources]
        return [*self.recorded, *([{"resources": read}] if read else [])]


@dataclass(frozen=True)
class Nearest:
    """The best candidate with its whole render, and in how many lines the project differs.

    `others` are candidates that differ from it in the version or in one answer, nearest first.
    """

    best: Candidate
    render: Tree
    template: Template
    lines: int
    others: Sequence[tuple[Candidate, int]]


def find_nearest(root: Path, clues: Clues, tell: Callable[[str], None]) -> Nearest:
    """Return the render that is nearest to the project at `root`; of several, the newest.

    `tell` is called with each version before its answers are searched. Raises `ScaffoldError`.
    """
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        candidates = Candidates(Comparison(root), Path(folder), clues.given)
        best = _settled(candidates, _first(candidates, clues), clues, tell)
        if (trimmed := _without_own(candidates, best, clues)) is not best:
            best = _settled(candidates, trimmed, clues, tell)
        return Nearest(
            best,
            candidates.tree(best.version, best.answers),
            candidates.template(best.version),
            candidates.comparison.distance(best),
            _others(candidates, best),
        )


def _settled(
    candidates: Candidates, best: Candidate, clues: Clues, tell: Callable[[str], None]
) -> Candidate:
    """Go on from `best` until no other answer and no other version is nearer."""
    versions, distance = candidates.versions(), candidates.comparison.distance
    before = None
    # Only what some render has can be missed: even a distance of 0 counts when all was tried.
    while best is not before:
        before = best
        tell(best.version)
        best = _with_better_answers(candidates, best, clues)
        if not distance(best):
            break
        tried = [candidates.candidate(version, best.answers) for version in versions]
        best = candidates.nearest([best, *tried])
    return best


def _first(candidates: Candidates, clues: Clues) -> Candidate:
    """Return the candidate that the search begins with, of the newest version it can be of."""
    starts = [{"project_name": clues.name, **old} for old in (*clues.tried, {})]
    for version in candidates.versions():
        tried = [candidates.candidate(version, answers) for answers in starts]
        if any(tried):
            return candidates.nearest(tried)
    raise ScaffoldError("No version of the template takes these answers.", "See scaffold schema.")


def _with_better_answers(candidates: Candidates, best: Candidate, clues: Clues) -> Candidate:
    """Try the values of one question after the other; return the nearest of the same version."""
    questions = candidates.template(best.version).catalog.questions
    # What can be chosen decides which files there are; what is free is read from these.
    for name in sorted(questions, key=lambda name: _is_free(questions[name])):
        if name in clues.given:
            continue
        values = _values(candidates, best, name, clues)
        tried = [candidates.candidate(best.version, {**best.answers, name: v}) for v in values]
        best = candidates.nearest([best, *tried])
    return best


def _values(candidates: Candidates, best: Candidate, name: str, clues: Clues) -> list[Any]:
    """Return what the answer to the question `name` may be, where the others are as in `best`."""
    question = candidates.template(best.version).catalog.questions[name]
    if question.type == "bool":
        return [False, True]
    if question.choices:
        return list(question.values)
    values = [default(question), *(old.get(name) for old in clues.tried)]
    if question.type == "str":
        values += _texts(candidates, best, clues).get(name, [])
    return [value for value in values if value is not None]


def _texts(candidates: Candidates, best: Candidate, clues: Clues) -> dict[str, list[str]]:
    """Return what the project's files have in place of each answer in free text."""
    questions = candidates.template(best.version).catalog.questions
    names = [n for n in questions if questions[n].type == "str" and _is_free(questions[n])]
    marked = marks(name for name in names if name not in clues.given)
    try:
        tree = candidates.tree(best.version, {**best.answers, **marked})
    except ScaffoldError:  # a template that takes only some texts
        return {}
    return read_texts(tree, candidates.comparison.file, marked)


def _without_own(candidates: Candidates, best: Candidate, clues: Clues) -> Candidate:
    """Leave out the resources and fields of the models that the template did not make."""
    if best.answers.get("resources") != [resource.answer() for resource in clues.resources]:
        return best
    resources = clues.resources
    for gone in parts(clues.resources):
        if not candidates.comparison.distance(best):
            break
        fewer = without(resources, gone)
        answers = {**best.answers, "resources": [resource.answer() for resource in fewer]}
        nearer = candidates.nearest([best, candidates.candidate(best.version, answers)])
        best, resources = (best, resources) if nearer is best else (nearer, fewer)
    return best


def _others(candidates: Candidates, best: Candidate) -> list[tuple[Candidate, int]]:
    """Return the nearest candidates that differ from `best` in one thing, with their distances."""
    near = [other for other in candidates.made.values() if len(differences(best, other)) == 1]
    ranked = sorted(near, key=candidates.comparison.distance)
    return [(other, candidates.comparison.distance(other)) for other in ranked[:MOST_OTHERS]]


def differences(best: Candidate, other: Candidate) -> dict[str, Any]:
    """Return the answers of `other` that `best` does not have, and its version as `version`."""
    changed = {k: v for k, v in other.answers.items() if best.answers.get(k, v) != v}
    return changed if other.version == best.version else {"version": other.version, **changed}


def _is_free(question: Question) -> bool:
    return question.type != "bool" and not question.choices
