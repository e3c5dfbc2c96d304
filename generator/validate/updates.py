"""Tier 3: projects of every release are edited and updated, by scaffold and by others."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from generator import git
from generator.errors import CONFLICTS, UsageError, did_you_mean
from generator.validate import edits, releases
from generator.validate.commands import Result as Said
from generator.validate.config import Updates
from generator.validate.own import OwnTemplate
from generator.validate.releases import COPIER, CRUFT, NAME, OURS, Source
from generator.validate.results import Progress, Result, State
from generator.versions.engines import COOKIECUTTER, engine_of
from generator.versions.locate import released_versions
from generator.versions.mirror import Mirror

if TYPE_CHECKING:
    from generator.validate.run import Run

RANDOM_LINES = 3
NO_RELEASES = "There are no releases to update from: no tag of the repository is a version."


@dataclass(frozen=True)
class Updated:
    """How an update went: its exit code, the lines of the owner that it lost, the conflicts."""

    program: str
    said: Said
    lost: Sequence[str]
    conflicts: int


def updates(run: Run) -> Iterator[Result]:
    """Yield how updates from each release go; raises `UsageError` for one that is not there."""
    own = isinstance(run.subject, OwnTemplate)
    root, config = run.subject.root, run.config
    known = list(released_versions(root)) if own else _tags(run.options.root)
    releases = known if config.updates.releases is None else list(config.updates.releases)
    for release in releases:
        if release not in known:
            raise UsageError(f"There is no release {release}.", did_you_mean(release, known))
    if not releases:
        run.notes.append(NO_RELEASES)
        return
    is_cookiecutter = engine_of(root) == COOKIECUTTER
    other = CRUFT if is_cookiecutter else COPIER
    source = Source(
        str(run.options.root), config.directory, own, other, _needed(run), run.options.trust
    )
    tallies: dict[str, Counter[str]] = {}
    stop = threading.Event()
    with (
        tempfile.TemporaryDirectory(prefix="scaffold-", ignore_cleanup_errors=True) as name,
        ThreadPoolExecutor(run.options.jobs) as pool,
    ):
        tried = [(release, number) for release in releases for number in range(2)]
        futures = [
            pool.submit(_one, source, release, bool(number), config.updates, Path(name), stop)
            for release, number in tried
        ]
        try:
            for number, future in enumerate(as_completed(futures), 1):
                run.tell(Progress("tier 3: updates", number, len(futures)))
                result, done = future.result()
                for one in done:
                    tally = tallies.setdefault(one.program, Counter())
                    tally += Counter(updates=1, lost=len(one.lost), conflicts=one.conflicts)
                yield result
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
    run.counts["updates"] = {program: dict(tally) for program, tally in tallies.items()}


def _source(run: Run, *, is_own: bool) -> Source:
    other = CRUFT if engine_of(run.subject.root) == COOKIECUTTER else COPIER
    return Source(
        address=str(run.options.root),
        directory=run.config.directory,
        is_own=is_own,
        other=other,
        answers=_needed(run),
        trust=run.options.trust,
    )


def _needed(run: Run) -> dict[str, object]:
    """Return answers to the questions that have no default, and those that are set."""
    given = run.plan.variants[0].given
    needed = {question.name for question in run.subject.asked() if question.default is None}
    return {n: v for n, v in given.items() if n in needed or n in run.plan.space.fixed}


def _tags(root: Path) -> list[str]:
    if git.call(root, "rev-parse", "--git-dir").returncode:
        return []
    return Mirror(root, str(root)).tags()


def _one(
    source: Source,
    release: str,
    edited: bool,
    wanted: Updates,
    work: Path,
    stop: threading.Event,
) -> tuple[Result, list[Updated]]:
    """Update a project of a release, with or without edits, by scaffold and the other program."""
    start = time.monotonic()
    step = f"update from {release}{', edited' if edited else ''}"
    folder = work / f"{release}-{edited}"
    folder.mkdir()
    project = folder / "made" / NAME
    said = releases.make(source, release, project, stop)
    if said.code != 0:
        text = f"no project could be made of {release}"
        return _result(step, start, State.FAILED, text, said.output), []
    added: Counter[str] = Counter()
    if edited:
        added = edits.make(wanted.edits, project)
        added += edits.at_random(project, RANDOM_LINES * wanted.random, release)
    releases.commit(project)
    done = []
    for program in (OURS, *([source.other] if find_spec(source.other) else [])):
        copy = folder / program / NAME
        shutil.copytree(project, copy, symlinks=True)
        updated = releases.run(releases.update_command(source, program), copy, stop)
        done.append(Updated(program, updated, edits.lost(added, copy), edits.conflicts(copy)))
    return _judged(step, start, done, edited=edited), done


def _judged(step: str, start: float, done: Sequence[Updated], *, edited: bool) -> Result:
    ours = done[0]
    text = ", ".join(f"{d.program}: {len(d.lost)} lost, {d.conflicts} conflicts" for d in done)
    if ours.said.code not in (0, CONFLICTS):
        text = f"scaffold update: exit code {ours.said.code}"
        return _result(step, start, State.FAILED, text, ours.said.output)
    if ours.lost:
        return _result(step, start, State.FAILED, f"it lost {ours.lost[0]!r}; {text}", "")
    if ours.conflicts and not edited:
        return _result(step, start, State.FAILED, f"conflicts without an edit; {text}", "")
    return _result(step, start, State.PASSED, text, "")


def _result(step: str, start: float, state: State, text: str, output: str) -> Result:
    return Result("default", 3, step, state, time.monotonic() - start, text, output)
