"""Our own template, rendered by copier.

Copier's own functions clone a template from git, and start git once for each file they write.
Here the template is a plain folder, which the store has unpacked, and the project is a new one:
subclasses of copier's `Template` and `Worker` say so. Those classes are private to copier, so
`pyproject.toml` allows only the series of copier that is tested.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import ScaffoldError
from generator.questions.catalog import Catalog, load_catalog, load_owned_patterns
from generator.render.cache import CompiledTemplates
from generator.versions.locate import RECORDED_PATH, template_root

if TYPE_CHECKING:
    from copier._main import Worker


@dataclass(frozen=True)
class CopierTemplate:
    """The copier template in the folder `root`; a `Backend`."""

    root: Path

    def catalog(self) -> Catalog:
        """Return the questions in `copier.yml` and the files it includes, and `scaffold.yml`."""
        return load_catalog(self.root, fallback=template_root())

    def written_once(self) -> list[str]:
        """Return copier's setting `_skip_if_exists`."""
        return load_owned_patterns(self.root)

    def render(
        self,
        answers: Mapping[str, Any],
        out: Path,
        version: str,
        transition: Mapping[str, Any] | None = None,
    ) -> list[str]:
        """Write what `copier copy` writes from the store with the same version and answers."""
        import copier.errors
        import jinja2
        import yaml

        compiled = CompiledTemplates.of(f"{version}-{answers.get('framework', 'any')}")
        try:
            # Copier records the answers to its questions, and no other data.
            data = {**answers, **({"transition": transition} if transition else {})}
            with _worker(self.root, out, version, data) as worker:
                compiled.use_in(worker.jinja_env)
                worker.run_copy()
        except (
            copier.errors.CopierError,
            jinja2.TemplateError,
            yaml.YAMLError,
            ValueError,
            TypeError,
        ) as error:
            reason = " ".join(str(error).split())
            cure = "Run it again with SCAFFOLD_DEBUG=1 to see where."
            raise ScaffoldError(f"The template could not be rendered: {reason}.", cure) from error
        compiled.save()
        return _set_modes(out)


def _worker(root: Path, out: Path, version: str, data: Mapping[str, Any]) -> Worker:
    """Return the copier worker that renders the plain folder `root` as `version`."""
    from copier._main import Worker
    from copier._settings import SettingsModel
    from copier._template import Template

    class UnpackedTemplate(Template):
        """A template that the store has unpacked; the project records the store itself."""

        vcs = None
        commit = version
        local_abspath = root.resolve()

    class PlainWorker(Worker):
        """A worker for a project that is in no git repository yet."""

        @cached_property
        def template(self) -> Template:
            return UnpackedTemplate(RECORDED_PATH)

        def _sync_git_index_executable_bit(self, *_: object) -> None:
            """Do nothing: copier asks git about each file that it has written."""

    # Empty settings: the user's own defaults must not change what a version renders to.
    return PlainWorker(
        src_path=str(root),
        dst_path=out,
        data=dict(data),
        settings=SettingsModel(),
        defaults=True,
        quiet=True,
    )


def _set_modes(out: Path) -> list[str]:
    """Give the files in `out` the modes that git would give them, and return their paths.

    Copier takes over the mode of the template's file, which an installer may have made read-only.
    """
    files = []
    umask = _umask(out)
    for path in out.rglob("*"):
        if path.is_dir():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = (0o777 if mode & 0o100 else 0o666) & ~umask
        if mode != wanted:
            path.chmod(wanted)
        files.append(path.relative_to(out).as_posix())
    return sorted(files)


def _umask(folder: Path) -> int:
    """Return the process's umask, read off a new file: `os.umask` can only swap it."""
    probe = folder / f".umask-{os.getpid()}"
    probe.touch(mode=0o666)
    try:
        return 0o666 & ~stat.S_IMODE(probe.stat().st_mode)
    finally:
        probe.unlink()
