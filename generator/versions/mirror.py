"""Repositories of templates: each is mirrored in the user's cache, and fetched once per command."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from packaging.version import InvalidVersion, Version

from generator import git
from generator.errors import ScaffoldError, UsageError, did_you_mean
from generator.files import user_cache
from generator.versions.address import Address

# A fleet sets it: what was fetched since then, in seconds since 1970, is not fetched again.
FETCHED_SINCE = "SCAFFOLD_FETCHED_SINCE"

HASH = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
SHOWN_NAMES = 8  # of versions and branches, to a person who names one that is not there


@dataclass(frozen=True)
class Mirror:
    """A repository with a template's versions, at `path`; `url` is where they are from.

    `problem` says why nothing could be fetched, where the mirror may be out of date.
    """

    path: Path
    url: str
    problem: str = ""

    def tags(self) -> list[str]:
        """Return the tags that are versions by PEP 440, oldest first, with pre-releases."""
        versions = {name: version for name in self._tags() if (version := pep440(name))}
        return sorted(versions, key=versions.__getitem__)

    def newest(self, *, than: str = "") -> str:
        """Return the newest release, or where there is none, the main branch's commit.

        Pre-releases count where the version `than` is one.
        """
        own = pep440(than)
        early = bool(own and own.is_prerelease)
        releases = [tag for tag in self.tags() if early or not Version(tag).is_prerelease]
        return releases[-1] if releases else self.commit("HEAD")

    def commit(self, ref: str) -> str:
        """Return the commit that a tag, branch or commit names; raises `UsageError` for none.

        Of a tag and a branch of one name the tag counts.
        """
        if found := _commit(self.path, ref):
            return found
        tags, branches = self.tags(), self._branches()
        names = [*tags, *branches] if len(branches) < SHOWN_NAMES else [*branches, *tags]
        what = f"The template {self.url} has no version, branch or commit {ref}."
        raise UsageError(what, did_you_mean(ref, names, shown=SHOWN_NAMES) if names else "")

    def is_branch(self, name: str) -> bool:
        """Tell whether there is a branch of this name, and no tag."""
        return name in self._branches() and name not in self._tags()

    def described(self, commit: str) -> str:
        """Return what copier records for a commit: its tag, or the last one and the distance."""
        return _described(self.path, commit)

    def is_ancestor(self, old: str, new: str) -> bool:
        """Tell whether the history of the commit `new` has the commit `old`."""
        return not git.call(self.path, "merge-base", "--is-ancestor", old, new).returncode

    def export(self, commit: str, folder: Path) -> None:
        """Write the files of `commit`, with its submodules, into `folder`, as a repository.

        Templates may ask git about themselves, and copier does.
        """
        self._clone_into(folder)
        self._check_out(commit, folder)

    def export_all(self, folders: Mapping[str, Path]) -> None:
        """Write the files of several commits, each into its folder, as `export` does."""
        first, *others = folders.values()
        self._clone_into(first)
        for folder in others:
            shutil.copytree(first, folder)  # with the objects elsewhere, it is small
        with ThreadPoolExecutor(len(folders)) as pool:
            list(pool.map(self._check_out, folders.keys(), folders.values()))

    def _clone_into(self, folder: Path) -> None:
        clone = ("clone", "--quiet", "--shared", "--no-checkout", "--template=")
        git.run_git(folder.parent, *clone, "--", str(self.path), folder.name)
        git.run_git(folder, "remote", "set-url", "origin", self.url)

    def _check_out(self, commit: str, folder: Path) -> None:
        line_ends = ("-c", "core.autocrlf=false", "-c", "core.eol=lf")
        git.run_git(folder, *line_ends, "checkout", "--quiet", "--detach", commit)
        if (folder / ".gitmodules").exists():
            update = ("submodule", "update", "--init", "--recursive", "--quiet")
            git.run_git(folder, *line_ends, *update)

    def history(self, *, most: int) -> list[str]:
        """Return the newest commits of the main branch, `most` at the most, newest first."""
        return git.run_git(self.path, "rev-list", f"--max-count={most}", "HEAD").split()

    def _tags(self) -> list[str]:
        return git.run_git(self.path, "tag", "--list").split()

    def _branches(self) -> list[str]:
        listed = git.run_git(self.path, "for-each-ref", "--format=%(refname:short)", "refs/heads")
        return listed.split()


# Once a command has fetched, the repository stays as it is.
@cache
def _commit(path: Path, ref: str) -> str:
    """Return the commit that `ref` names, or nothing, by one question to git."""
    if "\n" in ref:
        return ""
    names = f"refs/tags/{ref}", f"refs/heads/{ref}", f"refs/remotes/origin/{ref}", ref
    asked = "".join(f"{name}^{{commit}}\n" for name in names)
    answers = git.run_git(path, "cat-file", "--batch-check=%(objectname)", stdin=asked.encode())
    return next((line for line in answers.splitlines() if HASH.fullmatch(line)), "")


@cache
def _described(path: Path, commit: str) -> str:
    return git.run_git(path, "describe", "--tags", "--always", commit).strip()


def open_mirror(address: Address) -> Mirror:
    """Return the repository at `address`, as new as it can be had.

    A local repository is used where it is. Without a network, what was fetched before is used.
    Raises `ScaffoldError` where there is nothing of it.
    """
    local = Path(address.url)
    if local.is_dir():
        return Mirror(local, address.url)
    place = _place(address.url)
    place.parent.mkdir(parents=True, exist_ok=True)
    from filelock import FileLock

    with FileLock(place.with_suffix(".lock"), timeout=600):
        if not (place / "HEAD").exists():
            _clone(address.url, place)
        elif problem := _fetch(place):
            return Mirror(place, address.url, problem)
    return Mirror(place, address.url)


def _place(url: str) -> Path:
    cache = user_cache()
    if cache is None:
        raise ScaffoldError("There is no home directory.", "Set HOME to a directory of yours.")
    key = hashlib.sha256(_without_credentials(url).encode()).hexdigest()[:20]
    name = re.sub(r"[^\w.-]", "-", url.rstrip("/").rpartition("/")[2].removesuffix(".git"))[:40]
    return cache / "mirrors" / f"{name}-{key}.git"


def _without_credentials(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _clone(url: str, place: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="clone-", dir=place.parent) as folder:
        made = Path(folder) / "repository.git"
        found = git.call(Path(folder), "clone", "--quiet", "--mirror", "--", url, made.name)
        if found.returncode:
            what = f"The template {url} could not be fetched: {_reason(found.stderr)}"
            raise ScaffoldError(what, "Check the address, the network and your access to it.")
        shutil.rmtree(place, ignore_errors=True)
        made.rename(place)
    _stamp(place).touch()


def _fetch(place: Path) -> str:
    """Fetch what is new; return why that failed, or nothing."""
    stamp = _stamp(place)
    since = float(os.environ.get(FETCHED_SINCE) or "inf")
    if stamp.exists() and stamp.stat().st_mtime >= since:
        return ""
    found = git.call(place, "fetch", "--quiet", "--prune", "--force", "origin", "+refs/*:refs/*")
    if found.returncode:
        at = (stamp if stamp.exists() else place).stat().st_mtime
        day = time.strftime("%Y-%m-%d", time.localtime(at))
        return f"{_reason(found.stderr)} What was fetched on {day} is used."
    stamp.touch()
    return ""


def _stamp(place: Path) -> Path:
    """Return the file whose time tells when the mirror at `place` was fetched."""
    return place / "scaffold-fetched"


def _reason(said: bytes) -> str:
    """Return git's own reason, which is not its last line: that is advice."""
    lines = [line.strip() for line in said.decode(errors="replace").splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "ERROR:", "error:"))]
    line = (fatal or lines or ["git failed"])[0]
    return line.partition(": ")[2].rstrip(".") + "." if fatal else line.rstrip(".") + "."


def pep440(tag: str) -> Version | None:
    """Return the version that `tag` is, or None."""
    try:
        return Version(tag)
    except InvalidVersion:
        return None
