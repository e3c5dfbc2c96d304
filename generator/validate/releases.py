"""Projects of a template's releases, and the commands that update them."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator import git
from generator.errors import ScaffoldError
from generator.questions.answers import complete
from generator.render.backend import backend_of, render
from generator.render.code import question_names
from generator.validate.commands import Result as Said
from generator.validate.commands import run as run_program
from generator.versions import store
from generator.versions.engines import engine_of
from generator.versions.mirror import Mirror

SECONDS = 600
NAME = "project"
SCAFFOLD = (sys.executable, "-m", "generator")
OURS, COPIER, CRUFT = "scaffold", "copier", "cruft"


@dataclass(frozen=True)
class Source:
    """Where the releases of a template are: `address` as `--template` takes it, and `directory`."""

    address: str
    directory: str
    is_own: bool
    other: str
    answers: Mapping[str, object]
    trust: bool


def make(source: Source, release: str, project: Path, stop: threading.Event) -> Said:
    """Make a project of a release, and return what was said."""
    project.parent.mkdir()
    if source.is_own:
        return _make_own(release, project)
    asked = _asked(source, release, project.parent / "template")
    given = {name: value for name, value in source.answers.items() if name in asked}
    data = [part for name, value in given.items() for part in ("--set", f"{name}={value}")]
    data += ["--directory", source.directory] if source.directory else []
    trust = ["--trust"] if source.trust else []
    place = f"{source.address}@{release}"
    command = [*SCAFFOLD, "new", NAME, "--template", place, "--yes", "--no-git", *trust, *data]
    return run(command, project.parent, stop)


def _asked(source: Source, release: str, folder: Path) -> list[str]:
    """Return what a release asks; its files are written to `folder`."""
    mirror = Mirror(Path(source.address), source.address)
    mirror.export(mirror.commit(release), folder)
    root = folder / source.directory
    return question_names(engine_of(root), root)


def _make_own(release: str, project: Path) -> Said:
    """Render a release of scaffold's own templates, as that scaffold did."""
    try:
        template = store.fetch(release, project.parent)
        answers = complete(
            backend_of(template.root).catalog(), NAME, options={}, assigned={}, file={}
        )
        project.mkdir()
        render(answers, project, template, release)
    except ScaffoldError as error:
        return Said(1, error.message)
    return Said(0, "")


def update_command(source: Source, program: str) -> list[str]:
    """Return the command with which a program updates a project to the newest version."""
    trust = ["--trust"] if source.trust else []
    if program == OURS:
        return [*SCAFFOLD, "update", *([] if source.is_own else ["--to", "HEAD"]), *trust]
    if program == COPIER:
        head = [] if source.is_own else ["--vcs-ref", "HEAD"]
        options = ["--defaults", "--quiet", "--conflict", "inline", *head, *trust]
        return [sys.executable, "-m", "copier", "update", *options]
    return [sys.executable, "-m", "cruft", "update", "--skip-apply-ask", "--checkout", "HEAD"]


def commit(project: Path) -> None:
    """Commit everything in the project, which becomes a repository."""
    if not (project / ".git").exists():
        git.run_git(project, "init", "--quiet")
    git.commit_all(project, "Mine")


def run(command: Sequence[str], folder: Path, stop: threading.Event) -> Said:
    """Run a command in a folder, as a person with a name that git takes."""
    identity = {"NAME": "scaffold", "EMAIL": "scaffold@localhost"}
    who = {f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in identity.items()}
    env = {**os.environ, **who}
    return run_program(command, env=env, cwd=folder, timeout=SECONDS, stop=stop)
