"""What keeps a project from running on this machine, and how to cure it."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from generator import git
from generator.engine import locking, monorepo, programs
from generator.engine.doctor_settings import Finding, examine_settings, install_cure, no_environment
from generator.engine.opened import repository
from generator.engine.target import newest_version
from generator.errors import ScaffoldError
from generator.project import environment
from generator.project.project import is_in_git
from generator.project.record import Project
from generator.questions.facts import Facts
from generator.render.backend import facts_of
from generator.transaction import journal
from generator.versions.bundle import version_key

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

LEAST_GIT = (2, 38)


def examine(project: Project, facts: Facts | None = None) -> Iterator[Finding]:
    """Yield what was found, good and bad, in the order in which it should be cured.

    `facts` are by default those that the template of this package has of the project's framework.
    """
    if project.external:
        yield from _git(project.root, Facts())
        yield from _external_template(project)
        return
    facts = facts or facts_of(project.answers.get("framework"))
    if facts.programs:
        yield from programs.examine(facts)
        yield _packages(project.root, facts)
    else:
        yield _uv()
        yield _python(project, facts)
    yield from _git(project.root, facts)
    yield from locking.examine(project, facts.lock)
    folder = monorepo.folder_of(project.root)
    for step in monorepo.steps(project.root, facts.monorepo, project.answers, folder, {}):
        yield Finding(f"{step.why}.", step.command)
    yield from examine_settings(project, facts)
    yield from _template(project)


def _uv() -> Finding:
    if shutil.which("uv"):
        return Finding("uv is installed")
    cure = "Write scaffold uv for it, or install it: https://docs.astral.sh/uv/"
    return Finding("uv is not on the PATH.", cure, later=True)


def _packages(root: Path, facts: Facts) -> Finding:
    if not environment.is_installed(root, facts):
        return no_environment(root, facts)
    return Finding(f"The dependencies are in {facts.packages}")


def _python(project: Project, facts: Facts) -> Finding:
    if not environment.folder(project.root).exists():
        return no_environment(project.root, facts)
    try:
        running = environment.python_version(project.root)
    except ScaffoldError as error:
        return Finding(error.message, install_cure(facts))
    name, wanted = environment.folder(project.root).name, _requires_python(project)
    if not wanted.contains(running, prereleases=True):
        return Finding(
            f"Python in {name} is {running}; the project needs {wanted}.", install_cure(facts)
        )
    return Finding(f"Python {running} in {name}")


def _requires_python(project: Project) -> SpecifierSet:
    from packaging.specifiers import SpecifierSet

    try:
        data = tomllib.loads((project.root / "pyproject.toml").read_text(encoding="utf-8"))
        return SpecifierSet(data["project"]["requires-python"])
    except (OSError, ValueError, KeyError):  # deleted, or with conflict marks
        return SpecifierSet(f">={project.answers.get('python_version', 0)}")


def _git(root: Path, facts: Facts) -> Iterator[Finding]:
    try:
        words = git.run_git(root, "version").split()
    except git.GitMissingError as error:
        yield Finding(error.message, "Install git; updates need it.")
        return
    if tuple(int(part) for part in re.findall(r"\d+", words[2])[:2]) < LEAST_GIT:
        yield Finding(
            f"git is {words[2]}; updates do not follow files that were moved.",
            "Install git 2.38 or newer.",
        )
    else:
        yield Finding(f"git {words[2]}")
    if not is_in_git(root):
        yield Finding("The project is not in a git repository.", "Run git init, and commit.")
    elif facts.settings:
        file = facts.settings.file
        if git.call(root, "ls-files", "--error-unmatch", file).returncode == 0:
            cure = f"git rm --cached {file}, commit, and replace its secrets: they are known now."
            yield Finding(f"{file} is in git.", cure)


def _external_template(project: Project) -> Iterator[Finding]:
    yield from _unfinished(project)
    try:
        found = repository(project)
        current, newest = (found.shown(one) for one in (found.current(), found.newest()))
    except ScaffoldError as error:
        yield Finding(error.message, error.hint)
        return
    if found.mirror.problem:
        yield Finding(f"The template could not be fetched: {found.mirror.problem}", "", later=True)
    if current == newest:
        yield Finding(f"The template is the newest, {current}")
    else:
        yield Finding(f"The template is at {current}; {newest} is available.", "scaffold update")


def _unfinished(project: Project) -> Iterator[Finding]:
    waiting = journal.pending(project.root)
    if waiting:
        what = "was interrupted" if waiting.was_cut_short else "has conflicts"
        yield Finding(f"A change {what}.", "scaffold update --continue or --abort")


def _template(project: Project) -> Iterator[Finding]:
    yield from _unfinished(project)
    try:
        newest = newest_version(project)
    except ScaffoldError as error:
        yield Finding(error.message, error.hint)
        return
    if version_key(newest) > version_key(project.version):
        yield Finding(
            f"The template is at {project.version}; {newest} is available.", "scaffold update"
        )
    else:
        yield Finding(f"The template is the newest, {project.version}")
