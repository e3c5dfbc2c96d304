"""What stands in a project's way on this machine, and how to cure it."""

from __future__ import annotations

import re
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import git, journal, store
from generator.errors import ScaffoldError
from generator.history import version_key
from generator.project import Project, is_in_git

LEAST_GIT = (2, 38)
LEAST_SECRET = 32  # bytes, as every project demands it in production
SECRET = re.compile(r"(SECRET|PASSWORD|TOKEN)(_KEY)?$")
SETTING = re.compile(r"(?m)^(?:export )?([A-Za-z_]\w*)=(.*)$")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; without a cure there is nothing to do."""

    what: str
    cure: str = ""


def examine(project: Project) -> Iterator[Finding]:
    """Yield what was found, good and bad, in the order in which it should be cured."""
    yield _python(project)
    yield _uv()
    yield from _git(project.root)
    settings, example = (_settings(project.root / name) for name in (".env", ".env.example"))
    if example and not settings:
        yield Finding(".env is missing.", "uv run poe dev writes it.")
    elif example:
        yield from _keys(settings, example)
    yield _port(settings or example)
    yield from _template(project)


def _python(project: Project) -> Finding:
    running = ".".join(map(str, sys.version_info[:3]))
    least = str(project.answers.get("python_version", ""))
    if tuple(map(int, re.findall(r"\d+", least))) > sys.version_info[:2]:
        return Finding(
            f"Python is {running}; the project needs {least}.", f"uv python install {least}"
        )
    return Finding(f"Python {running}")


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
    return {name: value.strip().strip("\"'") for name, value in SETTING.findall(text)}


def _keys(settings: Mapping[str, str], example: Mapping[str, str]) -> Iterator[Finding]:
    missing = [name for name in example if name not in settings]
    if missing:
        cure = "Copy their lines from .env.example, unless the defaults suit you."
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
