"""What stands in a project's way on this machine, and how to cure it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator import git
from generator.errors import ScaffoldError
from generator.project import environment
from generator.project.project import Project, is_in_git
from generator.text import read_settings
from generator.transaction import journal
from generator.versions import store
from generator.versions.bundle import version_key

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

LEAST_GIT = (2, 38)
LEAST_SECRET = 32  # bytes, as every project demands it in production
SECRET = re.compile(r"(SECRET|PASSWORD|TOKEN)(_KEY)?$")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; without a cure there is nothing to do."""

    what: str
    cure: str = ""


def examine(project: Project) -> Iterator[Finding]:
    """Yield what was found, good and bad, in the order in which it should be cured."""
    yield _uv()
    yield _python(project)
    yield from _git(project.root)
    settings, example = (_settings(project.root / name) for name in (".env", ".env.example"))
    if example and not settings:
        yield Finding(".env is missing.", "uv run poe dev writes it.")
    elif example:
        yield from _keys(settings, example)
    yield _migrations(project, settings or example)
    yield _port(settings or example)
    yield from _template(project)


def _python(project: Project) -> Finding:
    name = environment.folder(project.root).name
    try:
        running = environment.python_version(project.root)
    except ScaffoldError as error:
        return Finding(error.message, error.hint)
    wanted = _requires_python(project)
    if not wanted.contains(running, prereleases=True):
        what = f"Python in {name} is {running}; the project needs {wanted}."
        return Finding(what, "uv sync makes it anew.")
    return Finding(f"Python {running} in {name}")


def _requires_python(project: Project) -> SpecifierSet:
    from packaging.specifiers import SpecifierSet

    try:
        data = tomllib.loads((project.root / "pyproject.toml").read_text(encoding="utf-8"))
        return SpecifierSet(data["project"]["requires-python"])
    except (OSError, ValueError, KeyError):  # deleted, or with the marks of a conflict
        return SpecifierSet(f">={project.answers['python_version']}")


def _uv() -> Finding:
    if shutil.which("uv"):
        return Finding("uv is there")
    return Finding("uv is not on the PATH.", "pip install uv, or https://docs.astral.sh/uv/")


def _git(root: Path) -> Iterator[Finding]:
    try:
        words = git.run_git(root, "version").split()
    except git.GitMissingError as error:
        yield Finding(error.message, "Install it; updates need it.")
        return
    if tuple(int(part) for part in re.findall(r"\d+", words[2])[:2]) < LEAST_GIT:
        yield Finding(
            f"git is {words[2]}; updates follow no moved files.", "Install 2.38 or newer."
        )
    else:
        yield Finding(f"git {words[2]}")
    if not is_in_git(root):
        yield Finding("The project is in no git repository.", "git init, and commit.")
    elif git.call(root, "ls-files", "--error-unmatch", ".env").returncode == 0:
        cure = "git rm --cached .env, commit, and replace its secrets: they are known now."
        yield Finding(".env is in git.", cure)


def _settings(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    return read_settings(text)


def _keys(settings: Mapping[str, str], example: Mapping[str, str]) -> Iterator[Finding]:
    missing = [name for name in example if name not in settings]
    if missing:
        cure = "Copy from .env.example what shall not be the default."
        yield Finding(f".env does not have {', '.join(missing)}.", cure)
    unknown = [name for name in settings if name not in example]
    if unknown:
        yield Finding(
            f".env has {', '.join(unknown)}, which .env.example does not explain.",
            "Take them out, or add them to .env.example.",
        )
    weak = [
        name
        for name, value in settings.items()
        if SECRET.search(name)
        and name in example
        and (value == example[name] or len(value.encode()) < LEAST_SECRET)
    ]
    for name in weak:
        yield Finding(
            f"{name} in .env can be guessed.", "openssl rand -hex 32 prints a better one."
        )
    if not missing and not weak:
        yield Finding(".env has every setting, and no weak secret")


def _migrations(project: Project, settings: Mapping[str, str]) -> Finding:
    url = os.environ.get("DATABASE_URL") or settings.get("DATABASE_URL", "")
    file = project.root / url.removeprefix("sqlite:///").partition("?")[0]
    if url.startswith("sqlite:///") and not file.exists():  # asking would make it
        return Finding(f"The database {file.name} is not there.", "uv run poe migrate makes it.")
    try:
        if environment.lacks_migrations(project.root, project.answers["framework"]):
            return Finding("The database has pending migrations.", "uv run poe migrate")
    except ScaffoldError as error:
        return Finding(f"Pending migrations are not known: {error.message}", error.hint)
    return Finding("The database has every migration")


def _port(settings: Mapping[str, str]) -> Finding:
    host, port = settings.get("HOST") or "127.0.0.1", settings.get("PORT") or "8000"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except (OSError, ValueError, OverflowError):
            cure = "End what listens there, or set another PORT in .env."
            return Finding(f"Port {port} of {host} is taken.", cure)
    return Finding(f"Port {port} is free")


def _template(project: Project) -> Iterator[Finding]:
    waiting = journal.pending(project.root)
    if waiting:
        what = "was cut short" if waiting.was_cut_short else "has conflicts"
        yield Finding(f"A change {what}.", "scaffold update --continue or --abort")
    try:
        newest = store.newest(project.version, store.versions())
    except ScaffoldError as error:
        yield Finding(error.message, error.hint)
        return
    if version_key(newest) > version_key(project.version):
        yield Finding(
            f"The template is at {project.version}; there is {newest}.", "scaffold update"
        )
    else:
        yield Finding(f"The template is the newest, {project.version}")
