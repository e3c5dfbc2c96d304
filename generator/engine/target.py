"""The template version that a project is updated to."""

from __future__ import annotations

from generator.errors import UsageError
from generator.project.project import Project
from generator.versions import store
from generator.versions.bundle import version_key


def newest_version(project: Project) -> str:
    """Return the newest version that `project` can be updated to, at least its own."""
    newest = store.newest(project.version, store.versions())
    return max(newest, project.version, key=version_key)


def target_version(project: Project, word: str | None) -> str:
    """Return the version that `word` names, by default the newest; `UsageError` for an older one.

    Raises `ScaffoldError` where the project's own version is not stored here.
    """
    known = store.versions()
    store.check_known(project.version, known)
    if word is None:
        return newest_version(project)
    version = store.find_version(word, known)
    if version_key(version) < version_key(project.version):
        cure = "Updates go forward; git brings the older state back."
        raise UsageError(f"{version} is older than the project's {project.version}.", cure)
    return version
