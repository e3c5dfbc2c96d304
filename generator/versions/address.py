"""How a person names a template: `gh:owner/name@v1.2`, a git URL, a folder or a zip file."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from generator.errors import UsageError

# As copier and cookiecutter abbreviate the hosts of repositories.
HOSTS = {
    "gh": "https://github.com/{}.git",
    "gl": "https://gitlab.com/{}.git",
    "bb": "https://bitbucket.org/{}.git",
}
GIT, FOLDER, ZIP = "git", "folder", "zip"
URL = re.compile(r"(git\+)?[a-z][a-z0-9+.-]*://")
SCP = re.compile(r"[\w.-]+@[\w.-]+:")  # git@host:path
FORMS = "Write gh:owner/name, a git URL, a folder or a .zip file, with @VERSION after a repository."


@dataclass(frozen=True)
class Address:
    """A template: `recorded` as projects record it, and `url` as git or the system reads it.

    `ref` is the tag, branch or commit that was asked for, and empty for the newest version.
    """

    recorded: str
    url: str
    kind: str
    ref: str = ""


def parse(text: str, base: Path) -> Address:
    """Return the address that a person wrote as `text`; paths are seen from the folder `base`.

    Raises `UsageError` for text that is no address.
    """
    where, ref = _split(text, base)
    if not where:
        raise UsageError("The template has no address.", FORMS)
    url = expanded(where)
    if url != where or URL.match(where) or SCP.match(where):
        kind = ZIP if url.lower().endswith(".zip") else GIT
        if kind == ZIP and ref:
            raise UsageError(f"{where} is a zip file, which has no versions.", f"Leave @{ref} out.")
        return Address(where, url.removeprefix("git+"), kind, ref)
    return _local(where, base, ref)


def recorded(text: str, base: Path) -> Address:
    """Return the address that a project at `base` records as `text`."""
    url = expanded(text)
    if url != text or URL.match(text) or SCP.match(text):
        return Address(text, url.removeprefix("git+"), GIT)
    found = _local(text, base, "")
    return Address(text, found.url, found.kind)


def expanded(text: str) -> str:
    """Return `text` with the name of a host instead of its abbreviation."""
    short, colon, rest = text.partition(":")
    if not colon or short not in HOSTS or not rest.strip("/") or rest.startswith("//"):
        return text
    return HOSTS[short].format(rest.strip("/").removesuffix(".git"))


def _local(where: str, base: Path, ref: str) -> Address:
    path = _path(where, base)
    if path.suffix.lower() == ".zip" and path.is_file():
        return Address(str(path), str(path), ZIP, ref)
    if path.suffix == ".bundle" and path.is_file():
        return Address(str(path), str(path), GIT, ref)
    if not path.is_dir():
        raise UsageError(f"There is no template {where}.", FORMS)
    is_bare = (path / "HEAD").exists() and (path / "objects").is_dir()
    if is_bare or (path / ".git").exists():
        return Address(str(path), str(path), GIT, ref)
    if ref:
        what = f"{where} is not a git repository, so it has no {ref}."
        raise UsageError(what, f"Leave @{ref} out.")
    return Address(str(path), str(path), FOLDER)


def _path(text: str, base: Path) -> Path:
    """Return the path that `text` is, seen from `base`."""
    # Not `resolve` and `expanduser`: a link means itself, and a person may have no home.
    return Path(os.path.abspath(base / os.path.expanduser(text)))  # noqa: PTH100, PTH111


def _split(text: str, base: Path) -> tuple[str, str]:
    """Return the place and the version in `text`; an @ before the path is part of the place."""
    if "@" not in text or _path(text, base).exists():
        return text, ""
    start = 0
    if found := URL.match(text):
        start = text.find("/", found.end()) + 1 or len(text)
    elif found := SCP.match(text):
        start = found.end()
    place, at, ref = text[start:].partition("@")
    if at and not ref:
        raise UsageError(f"{text} names no version after the @.", FORMS)
    return text[:start] + place, ref
