"""The template that is validated: scaffold's own or any other, behind one interface."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from generator.engine import trust as trusting
from generator.engine.opened import Opened
from generator.render.batch import Done, run_all
from generator.render.code import code_of
from generator.render.described import Asked, questions_of
from generator.render.request import AFTER, BEFORE, FILES
from generator.tree import Tree, files_in, read_tree
from generator.validate.config import LENIENT, Checks
from generator.validate.space import Variant
from generator.versions.engines import COOKIECUTTER, COPIER, engine_of

# What hooks install in a render is none of the template's.
NOT_RENDERED = {".git", ".venv", "venv", "node_modules", "__pycache__"}
PROJECT = "project"


@dataclass(frozen=True)
class Answered:
    """The answers that a variant has in the end, or why the template `refused` them."""

    variant: Variant
    answers: Mapping[str, Any] = field(default_factory=dict)
    refused: str = ""
    question: str = ""


@dataclass(frozen=True)
class Rendered:
    """The files of a variant, or the `problem` that there are none."""

    variant: Variant
    tree: Tree = field(default_factory=dict)
    problem: str = ""
    refused: bool = False


class Subject(Protocol):
    """A template on disk, in the folder `root`."""

    @property
    def root(self) -> Path:
        """The folder."""

    def asked(self) -> list[Asked]:
        """Return its questions."""

    def answered(self, variants: Sequence[Variant], jobs: int) -> Generator[Answered, None, None]:
        """Yield the answers that each of `variants` gives, once the template has judged them."""

    def rendered(self, variants: Sequence[Variant], jobs: int) -> Generator[Rendered, None, None]:
        """Yield the files of each of `variants`."""


@dataclass(frozen=True)
class OtherTemplate:
    """Any copier's or cookiecutter's template, rendered by its own engine in child processes.

    With `hooks`, its hooks and tasks run, too. Undefined names are errors if it is `strict`.
    Projects record it as `source`. Each render may take so many `seconds`.
    """

    root: Path
    engine: str
    hooks: bool = True
    strict: bool = True
    source: str = ""
    seconds: float = 600

    def asked(self) -> list[Asked]:
        """Return the questions of the template; raises `ScaffoldError`."""
        return questions_of(self.engine, self.root)

    def answered(self, variants: Sequence[Variant], jobs: int) -> Generator[Answered, None, None]:
        """Yield what copier makes of the answers; cookiecutter takes all that it is given."""
        if self.engine == COOKIECUTTER:
            yield from (Answered(variant, dict(variant.given)) for variant in variants)
            return
        with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
            requests = [replace(self._request(v, Path(folder)), steps=()) for v in variants]
            for done in run_all(requests, jobs, self.seconds):
                yield _answered(variants[done.number], done)

    def rendered(self, variants: Sequence[Variant], jobs: int) -> Generator[Rendered, None, None]:
        """Yield what the template's own engine writes for each of `variants`."""
        with tempfile.TemporaryDirectory(prefix="scaffold-", ignore_cleanup_errors=True) as folder:
            places = [Path(folder) / str(n) / PROJECT for n in range(len(variants))]
            for place in places:
                place.mkdir(parents=True)
            pairs = zip(variants, places, strict=True)
            requests = [self._request(variant, place) for variant, place in pairs]
            for done in run_all(requests, jobs, self.seconds):
                yield _rendered(variants[done.number], done, places[done.number])

    def _request(self, variant: Variant, out: Path) -> Any:
        opened = Opened(self.engine, self.root, self.source or str(self.root))
        steps = (BEFORE, FILES, AFTER) if self.hooks else (FILES,)
        request = opened.request(out, out)
        return replace(request, given=variant.given, steps=steps, strict=self.strict)


def _answered(variant: Variant, done: Done) -> Answered:
    if done.reply is not None:
        return Answered(variant, done.reply.answers)
    what = done.error.message if done.error else "no reply"
    return Answered(variant, refused=what)


def _rendered(variant: Variant, done: Done, place: Path) -> Rendered:
    if done.error is not None:
        hint = done.error.hint if done.error.hint.startswith("Install") else ""
        text = f"{done.error.message} {hint}".strip()
        return Rendered(variant, problem=text, refused=done.refused)
    outside = [name for name in files_in(place.parent) if Path(name).parts[0] != PROJECT]
    if outside:
        return Rendered(variant, problem=f"It wrote outside of the project: {outside[0]}.")
    paths = [name for name in files_in(place) if NOT_RENDERED.isdisjoint(Path(name).parts)]
    return Rendered(variant, read_tree(place, paths))


def open_subject(root: Path, checks: Checks, *, trust: bool, hooks: bool) -> Subject:
    """Return the template in the folder `root`, rendered as `checks` says.

    Raises `TrustNeededError` if code of it would run that nobody has allowed, and `ScaffoldError`
    if there is no template.
    """
    from generator.validate.own import OwnTemplate, is_own

    engine = engine_of(root)
    if engine == COPIER and is_own(root):
        return OwnTemplate(root)
    trusting.check(str(root), [code_of(engine, root)], hooks=hooks, trust=trust)
    strict = checks.undefined != LENIENT
    return OtherTemplate(root, engine, hooks, strict, seconds=checks.seconds)
