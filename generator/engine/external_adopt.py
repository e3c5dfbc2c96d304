"""`scaffold adopt --template`: gives a project the record of the version it was made from."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from generator.engine import pending
from generator.engine import trust as trusting
from generator.engine.adopt import check_alike
from generator.engine.advice import Advice
from generator.engine.drift import Drift, compare
from generator.engine.external import Pristine, rendered
from generator.engine.likeness import Candidate, Comparison
from generator.engine.opened import Opened, Repository
from generator.engine.options import ChangeOptions
from generator.errors import ScaffoldError, UsageError
from generator.project.external_record import CRUFT_FILE, records_in, replayed
from generator.project.record import ANSWERS_FILE, External, Project
from generator.render.code import code_of, question_names
from generator.transaction import apply as transaction
from generator.tree import File, matching, read_file
from generator.versions.address import GIT, Address
from generator.versions.engines import COOKIECUTTER, engine_of
from generator.versions.mirror import open_mirror

NAME = "project_name"
SAMPLES = 12  # versions that are tried first, evenly spread over all
MOST_COMMITS = 200  # of a template without tags


@dataclass(frozen=True)
class ExternalAdoption:
    """The version whose render is nearest to a project: its `drift`, and the record to write."""

    project: Project
    version: str
    drift: Drift
    lines: int
    record: File
    before: File | None
    is_written: bool = False


Found = tuple[Candidate, Pristine]


@dataclass(frozen=True)
class Adopting:
    """A project that is being adopted, and what its template's versions are compared with."""

    repository: Repository
    comparison: Comparison
    given: Mapping[str, Any]
    folder: Path
    options: ChangeOptions
    tell: Callable[[str], None]
    made: dict[str, Found | None]
    seed: str


def find(
    root: Path,
    address: Address,
    directory: str,
    given: Mapping[str, Any],
    options: ChangeOptions,
    *,
    again: bool,
    tell: Callable[[str], None],
) -> ExternalAdoption:
    """Find the version that made the project at `root` of the `given` answers and defaults.

    Nothing is written. `tell` is called with each version before it is compared. Raises
    `UsageError` for a project that has a record already, or that no version is like.
    """
    pending.check_none(root)
    if address.kind != GIT:
        what = f"The template {address.recorded} is not a git repository, so it has no versions."
        raise UsageError(what, "Name its repository.")
    if not again and (found := records_in(root)):
        raise UsageError(f"The project already has a record, {found[0]}.", "See scaffold status.")
    mirror = open_mirror(address)
    newest = mirror.commit(address.ref or mirror.newest())
    with tempfile.TemporaryDirectory(prefix="scaffold-") as name:
        folder = Path(name)
        mirror.export(newest, folder / newest)
        place = folder / newest / directory
        engine = engine_of(place)
        record = CRUFT_FILE if engine == COOKIECUTTER else ANSWERS_FILE
        external = External(engine, address.recorded, record, directory)
        answers = {NAME: root.name} if NAME in question_names(engine, place) else {}
        if engine == COOKIECUTTER:
            answers |= replayed(address.url, root.name)
        project = Project(root, newest, {}, external=external)
        work = Adopting(
            Repository(project, external, mirror),
            Comparison(root),
            {**answers, **given},
            folder,
            options,
            tell,
            {},
            secrets.token_hex(8),
        )
        commits = [newest] if address.ref else _versions(work)
        best = _nearest(work, commits)
    return _adoption(work, *best)


def write(adoption: ExternalAdoption) -> ExternalAdoption:
    """Write the record that was found, and nothing else; raises `ScaffoldError`."""
    name = adoption.project.record
    about = {"command": "adopt", "conflicts": [], "advice": asdict(Advice())}
    before = {name: adoption.before} if adoption.before else {}
    after = {name: adoption.record}
    transaction.apply(adoption.project.root, before, after, about, unresolved=False)
    return replace(adoption, is_written=True)


def _versions(work: Adopting) -> list[str]:
    """Return the commits of the versions, oldest first: of the tags, or without any, all."""
    mirror = work.repository.mirror
    if tags := mirror.tags():
        return list(dict.fromkeys(mirror.commit(tag) for tag in tags))
    return mirror.history(most=MOST_COMMITS)[::-1]


def _nearest(work: Adopting, commits: Sequence[str]) -> Found:
    """Try some versions, then those around the best one, ever closer."""
    step = max(1, len(commits) // SAMPLES)
    places = [*range(0, len(commits), step), len(commits) - 1]
    while True:
        tried: list[tuple[int, Found]] = [
            (place, found) for place in places if (found := _candidate(work, commits[place]))
        ]
        if not tried:
            what = "No version of the template can be rendered with these answers."
            raise ScaffoldError(what, "Give more of them: --set KEY=VALUE, or --answers FILE")
        # Of versions that are equally near, the newest counts.
        distance = work.comparison.distance
        best, found = min(reversed(tried), key=lambda one: distance(one[1][0]))
        if step == 1 or not distance(found[0]):
            return found
        around = range(max(0, best - step), min(len(commits), best + step + 1))
        step = max(1, step // 4)
        places = sorted({*around[::step], best})


def _candidate(work: Adopting, commit: str) -> Found | None:
    """Return the render of one version; None for one that cannot be rendered with the answers."""
    if commit not in work.made:
        work.made[commit] = _rendered(work, commit)
    return work.made[commit]


def _rendered(work: Adopting, commit: str) -> Found | None:
    repository = work.repository
    version = repository.shown(commit)
    work.tell(version)
    try:
        opened = repository.open(commit, work.folder)
    except ScaffoldError:  # no template yet
        return None
    code = code_of(opened.engine, opened.root)
    hooks = work.options.hooks
    trusting.check(opened.source, [code], hooks=hooks, trust=work.options.trust)
    known = question_names(opened.engine, opened.root)
    given = {name: value for name, value in work.given.items() if name in known}
    try:
        made = _made(work, opened, given, hooks=hooks)
    except ScaffoldError:
        return None
    aside = {repository.project.record, *matching(made.reply.written_once, made.tree)}
    tree = {path: file for path, file in made.tree.items() if path not in aside}
    apart = work.comparison.apart(tree)
    return Candidate(version, made.reply.answers, tree, apart), made


def _made(work: Adopting, opened: Opened, given: Mapping[str, Any], *, hooks: bool) -> Pristine:
    # Equal random numbers, so that secrets do not make one version nearer than another.
    project = work.repository.project
    return rendered(opened, project, given, work.folder, hooks=hooks, seed=work.seed)


def _adoption(work: Adopting, best: Candidate, made: Pristine) -> ExternalAdoption:
    project = replace(work.repository.project, answers=best.answers, version=best.version)
    record = made.tree.get(project.record)
    if record is None:
        what = "The template records no answers, so projects cannot be updated from it."
        raise UsageError(what, "Its maintainers can add an answers file.")
    drift = compare(project, made.tree, made.reply.written_once)
    check_alike(drift)
    lines = work.comparison.distance(best)
    before = read_file(project.root / project.record)
    return ExternalAdoption(project, best.version, drift, lines, record, before)
