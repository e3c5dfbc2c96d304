"""Environments that commands find their programs in, made once and kept in the user's cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from uv import find_uv_bin

from generator.errors import ScaffoldError
from generator.tree import Tree, matching
from generator.validate import kept
from generator.validate.commands import run, shell
from generator.validate.config import Environment
from generator.validate.linting import search_path
from generator.validate.pythons import find_python

INSTALL_SECONDS = 1800


class EnvironmentFailure(ScaffoldError):
    """An environment could not be made; `output` is what its commands said."""

    def __init__(self, message: str, output: str) -> None:
        super().__init__(message)
        self.output = output


class NoPythonError(ScaffoldError):
    """The Python that a render needs is not on this machine."""


@dataclass(frozen=True)
class Workshop:
    """Makes the environments of renders; those of shared ones stay in `folder`."""

    wanted: Environment
    folder: Path
    stop: threading.Event
    python: str = ""

    def name(self, tree: Tree, group: Sequence[Tree]) -> str:
        """Return what an environment for `tree` is known by; `group` are those that share it."""
        trees = group if self.wanted.by else [tree]
        content = sorted({item for one in trees for item in self._decides(one)})
        about = (sys.version, self.python, self.wanted.install, content)
        return hashlib.sha256(repr(about).encode()).hexdigest()[:16]

    def shared(self, project: Path, tree: Tree, group: Mapping[Path, Tree]) -> Path:
        """Return the shared environment for a project, made if it is not there yet.

        Raises `EnvironmentFailure`.
        """
        place = self.folder / self.name(tree, list(group.values()))
        projects = list(group) if self.wanted.by else [project]
        return kept.made_once(place, lambda place: self.make(place, projects))

    def make(self, place: Path, projects: Sequence[Path]) -> None:
        """Make an environment in the folder `place`; what was there is removed."""
        shutil.rmtree(place, ignore_errors=True)
        venv = [find_uv_bin(), "venv", "--quiet", str(place)]
        python = ["--python", self._found_python()]
        self._run([*venv, *python], self.folder, dict(os.environ))
        if self.wanted.install:
            for project in projects:
                self._run(shell(self.wanted.install), project, variables(place))

    def _found_python(self) -> str:
        if not self.python:
            return sys.executable
        found = find_python(self.python)
        if found is None:
            raise NoPythonError(f"there is no Python {self.python} on this machine")
        return found

    def _decides(self, tree: Tree) -> list[tuple[str, bytes]]:
        names = matching(self.wanted.depends_on, tree)
        return [(name, tree[name].content) for name in sorted(names)]

    def _run(self, command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> None:
        done = run(command, env=env, cwd=cwd, timeout=INSTALL_SECONDS, stop=self.stop)
        if done.code != 0:
            how = f"exit code {done.code}" if done.code is not None else "not done in time"
            raise EnvironmentFailure(f"{command[-1]}: {how}.", done.output)


def variables(environment: Path | None) -> dict[str, str]:
    """Return the variables with which programs of an environment are found first."""
    own = {k: v for k, v in os.environ.items() if k not in {"PYTHONHOME", "PYTHONPATH"}}
    own["PATH"] = search_path()
    uv = Path(find_uv_bin()).parent
    own["PATH"] = os.pathsep.join([own["PATH"], str(uv)])
    if environment is None:
        return own
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    path = os.pathsep.join([str(programs), own["PATH"]])
    return {**own, "VIRTUAL_ENV": str(environment), "PATH": path, "BIN": str(programs)}
