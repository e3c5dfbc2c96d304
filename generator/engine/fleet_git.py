"""A branch and a commit for each project that a fleet's update changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator import git
from generator.errors import ScaffoldError
from generator.project.project import is_in_git


@dataclass(frozen=True)
class Place:
    """Where a project was before: on a branch, or at a commit that is on none."""

    root: Path
    head: str
    branch: str


def begin(root: Path, branch: str) -> Place:
    """Switch the project at `root` to a new `branch`, where one is named.

    Raises `ScaffoldError` for a project with uncommitted changes, or that has this branch.
    """
    if not is_in_git(root):
        raise ScaffoldError("The project is not in a git repository.", "First: git init")
    if git.run_git(root, "status", "--porcelain").strip():
        raise ScaffoldError("The project has uncommitted changes.", "Commit or stash them first.")
    found = git.call(root, "symbolic-ref", "--quiet", "--short", "HEAD")
    place = Place(
        root, git.run_git(root, "rev-parse", "HEAD").strip(), found.stdout.decode().strip()
    )
    if branch:
        if not git.call(
            root, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"
        ).returncode:
            what = f"The project already has a branch {branch}."
            raise ScaffoldError(what, "Name another one, or delete it.")
        git.run_git(root, "switch", "--quiet", "--create", branch)
    return place


def leave(place: Place, branch: str) -> None:
    """Return to where the project was; nothing was changed on the new `branch`."""
    if branch:
        git.run_git(
            place.root,
            "switch",
            "--quiet",
            *([place.branch] if place.branch else ["--detach", place.head]),
        )
        git.run_git(place.root, "branch", "--quiet", "-D", branch)


def commit(place: Place, message: str) -> str:
    """Commit all changes of the project, and return the commit."""
    git.commit_all(place.root, message)
    return git.run_git(place.root, "rev-parse", "HEAD").strip()


def _has(root: Path, branch: str) -> bool:
    found = git.call(root, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}")
    return not found.returncode
