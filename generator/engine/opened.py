"""A version of somebody else's template, on this machine and ready to be rendered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from generator.errors import ScaffoldError, UsageError
from generator.project.record import External, Project
from generator.render import process
from generator.render.request import UPDATE, Request
from generator.versions import address as addresses
from generator.versions.address import FOLDER, ZIP, Address
from generator.versions.engines import COOKIECUTTER, COPIER, engine_of
from generator.versions.mirror import Mirror, open_mirror


@dataclass(frozen=True)
class Opened:
    """A template in the folder `root`, of the version that projects record as `version`.

    The `commit` is empty where the template is in no repository. `checkout` is what a person asked
    for, and `directory` where in its repository the template is.
    """

    engine: str
    root: Path
    source: str
    version: str = ""
    commit: str = ""
    checkout: str = ""
    directory: str = ""

    @property
    def is_versioned(self) -> bool:
        """Tell whether projects made of it can be updated."""
        return bool(self.commit)

    def request(self, out: Path, target: Path) -> Request:
        """Return the request for a render into `out` of a project that is at `target`."""
        return Request(
            engine=self.engine,
            template=str(self.root),
            source=self.source,
            version=self.version,
            out=str(out),
            project=str(target),
            commit=self.commit,
            ref=self.checkout,
        )

    def update_request(self, project: Project, out: Path) -> Request:
        """Return the request for a render into `out`, while `project` is updated."""
        return replace(
            self.request(out, project.root),
            recorded=project.answers,
            answers_file="" if self.engine == COOKIECUTTER else project.record,
            operation=UPDATE,
            since=project.version,
        )


@dataclass(frozen=True)
class Repository:
    """Where the versions of a project's template are, and which one the project has."""

    project: Project
    external: External
    mirror: Mirror

    def current(self) -> str:
        """Return the commit that the project was made from; raises `ScaffoldError`."""
        version = self.project.version
        try:
            return self.mirror.commit(_commit_in(version))
        except UsageError as error:
            what = f"The template {self.external.source} no longer has the version {version}."
            cure = "Find the nearest one that it has: scaffold adopt --again"
            raise ScaffoldError(what, cure) from error

    def newest(self) -> str:
        """Return the commit that the project can be updated to, often its own."""
        current = self.current()
        mirror, followed = self.mirror, self.external.checkout
        if mirror.is_branch(followed):
            return mirror.commit(followed)
        newest = mirror.commit(mirror.newest(than=mirror.described(current)))
        if newest != current and mirror.is_ancestor(newest, current):
            head = mirror.commit("HEAD")  # the project is ahead of all releases
            return head if mirror.is_ancestor(current, head) else current
        return newest

    def target(self, word: str | None) -> str:
        """Return the commit that `word` names, by default the newest.

        Raises `UsageError` for one that is older than the project's.
        """
        if word is None:
            return self.newest()
        current, wanted = self.current(), self.mirror.commit(word)
        if wanted != current and self.mirror.is_ancestor(wanted, current):
            cure = "Updates go forward; git brings the older state back."
            raise UsageError(f"{word} is older than the project's {self.shown(current)}.", cure)
        return wanted

    def named(self, commit: str) -> str:
        """Return how the project's record names a commit."""
        return self.mirror.described(commit) if self.external.engine == COPIER else commit

    def shown(self, commit: str) -> str:
        """Return how people call a commit."""
        return self.mirror.described(commit)

    def open_both(self, old: str, new: str, folder: Path) -> tuple[Opened, Opened]:
        """Open two versions, while what renders them is imported; see `open`."""
        folders = {commit: folder / commit for commit in (old, new)}
        with ThreadPoolExecutor(1) as pool:
            exported = pool.submit(self.mirror.export_all, folders)
            process.prepare(self.external.engine)
            exported.result()
        return self.open(old, folder), self.open(new, folder)

    def open(self, commit: str, folder: Path) -> Opened:
        """Return the template as it was at `commit`, in a folder inside of `folder`."""
        place = folder / commit
        if not place.exists():
            self.mirror.export(commit, place)
        root = _inside(place, self.external.directory)
        engine = engine_of(root, self.external.engine)
        return Opened(
            engine,
            root,
            self.external.source,
            self.named(commit),
            commit,
            self.external.checkout,
            self.external.directory,
        )


def repository(project: Project) -> Repository:
    """Return the repository of the template that `project` records; raises `ScaffoldError`."""
    if project.external is None:
        raise ValueError("a project of our own template")
    address = addresses.recorded(project.external.source, project.root)
    if address.kind in (FOLDER, ZIP):
        what = f"The template {address.recorded} is not a git repository, so it has no versions."
        raise ScaffoldError(what, "Put it into a repository, then: scaffold adopt --template URL")
    return Repository(project, project.external, open_mirror(address))


def open_address(address: Address, directory: str, folder: Path) -> Opened:
    """Return the template that a person named, in a folder inside of `folder`."""
    place = folder / "template"
    if address.kind == FOLDER:
        place = Path(address.url)
    elif address.kind == ZIP:
        from generator.versions.archive import unpack  # few need it, and it takes long to import

        place.mkdir()
        place = unpack(address.url, place)
    if address.kind in (FOLDER, ZIP):
        root = _inside(place, directory)
        return Opened(engine_of(root), root, address.recorded, directory=directory)
    mirror = open_mirror(address)
    commit = mirror.commit(address.ref or mirror.newest())
    mirror.export(commit, place)
    root = _inside(place, directory)
    opened = Opened(engine_of(root), root, address.recorded, "", commit, address.ref, directory)
    version = mirror.described(commit) if opened.engine == COPIER else commit
    return replace(opened, version=version)


def _commit_in(version: str) -> str:
    """Return what names the commit in a description of git's: `v1.0-3-gabcdef` is abcdef."""
    head, _, last = version.rpartition("-g")
    return last if head and head.rpartition("-")[2].isdigit() else version


def _inside(place: Path, directory: str) -> Path:
    root = (place / directory).resolve()
    if not root.is_relative_to(place.resolve()) or not root.is_dir():
        raise UsageError(f"The template has no folder {directory}.", "Check --directory.")
    return root
