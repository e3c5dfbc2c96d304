"""The template version that a project is updated to."""

from __future__ import annotations

import tempfile
from pathlib import Path

from generator.errors import TooNewError, UsageError
from generator.project.record import Project
from generator.render.backend import backend_of
from generator.versions import store
from generator.versions.bundle import version_key
from generator.versions.locate import packaged_source


def newest_version(project: Project) -> str:
    """Return the newest version that `project` can be updated to, at least its own.

    Versions whose template needs a newer scaffold, which may share the store, are passed over.
    """
    known = store.versions()
    while True:
        newest = max(store.newest(project.version, known), project.version, key=version_key)
        if newest == project.version or _is_usable(newest):
            return newest
        known.remove(newest)


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


def _is_usable(version: str) -> bool:
    """Tell whether this scaffold can use `version`: what came with it, it can."""
    if version_key(version) <= version_key(store.version_of(packaged_source())):
        return True
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        try:
            backend_of(store.fetch(version, Path(folder)).root).catalog()
        except TooNewError:
            return False
    return True
