"""Rendering, by copier. No other module imports it."""

from __future__ import annotations

import gc
import os
import re
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from generator.errors import ScaffoldError
from generator.project.project import ANSWERS_FILE, CHECKSUM, answers_checksum
from generator.render.standins import standing_in
from generator.versions import store
from generator.versions.locate import RECORDED_PATH, Source, find_source

# What copier asks with, counts versions with and colours with; what plumbum makes URLs with.
UNUSED = frozenset(
    {"questionary", "prompt_toolkit", "pygments", "dunamai", "plumbum.colorlib", "urllib.request"}
)
# Of other versions, it is not known what else they need of those.
TRIED_COPIER = "9.19."


@dataclass
class _Choice:
    """What copier keeps of one choice of a question; questionary's own can also be asked."""

    title: str
    value: Any
    disabled: str = ""


@contextmanager
def _quick_import() -> Iterator[None]:
    """Have copier imported without git, and without what a render does not use.

    Copier remembers PATH at import. With git in it, it starts one process for each file it
    writes; for a plain folder that is rendered into a new one there is nothing it could ask.
    Nor does it ask people anything here; the packages for that and the like take two fifths of
    its import.
    """
    unasked = metadata.version("copier").startswith(TRIED_COPIER)
    search_path = os.environ.get("PATH")
    os.environ["PATH"] = ""
    try:
        with standing_in(UNUSED if unasked else frozenset(), {"Choice": _Choice}):
            yield
    finally:
        if search_path is None:
            del os.environ["PATH"]
        else:
            os.environ["PATH"] = search_path


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave garbage where it is: collecting it takes a tenth of a render, and frees little."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def render(
    answers: Mapping[str, Any],
    out: Path,
    source: Source | None = None,
    version: str | None = None,
) -> list[str]:
    """Write the project that `source` and `answers` make into the folder `out`.

    The result, the answers file included, is what `copier copy` writes from the store with the
    same version. `answers` must be complete and checked; `source` is by default the template of
    this package, `version` its tag. Nothing is written outside `out`. Returns the paths of the
    files, sorted. Raises `ScaffoldError` when the template is at fault.
    """
    source = source or find_source()
    version = version or store.version_of(source)
    with _uncollected():
        _run_copy(source.root, answers, out, f"{version}-{answers['framework']}")
    _record(out / ANSWERS_FILE, version)
    return _tidy(out)


def _run_copy(root: Path, answers: Mapping[str, Any], out: Path, kept_as: str) -> None:
    with _quick_import():
        import copier
        import copier.errors
    import jinja2
    import yaml

    from generator.render.cache import compiled_once

    try:
        # Empty settings: the user's own defaults must not change what a version renders to.
        with compiled_once(kept_as):
            copier.run_copy(
                str(root),
                out,
                dict(answers),
                settings=copier.Settings(),
                defaults=True,
                quiet=True,
                unsafe=False,
            )
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


def _record(path: Path, version: str) -> None:
    """Name the store and the version in the answers file, where copier named a plain folder."""
    text = path.read_text(encoding="utf-8")
    # Where copier was imported before, it has rendered a commit of the folder, not the folder.
    assert "\n_commit: " not in text, "copier was imported with git in sight"
    recorded = f"_commit: {version}\n_src_path: {RECORDED_PATH}\n"
    # A long path goes on in indented lines.
    text = re.sub(r"(?m)^_src_path:.*\n(?: .*\n)*", lambda _: recorded, text, count=1)
    text = CHECKSUM.sub(f"# checksum: {answers_checksum(text)}", text, count=1)
    path.write_text(text, encoding="utf-8", newline="\n")


def _tidy(out: Path) -> list[str]:
    """Give the files the modes that git would, and return their paths.

    Copier takes over the mode of the template's file, which an installer may have made read-only.
    """
    umask = os.umask(0)
    os.umask(umask)
    files = []
    for path in out.rglob("*"):
        if path.is_dir():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = (0o777 if mode & 0o100 else 0o666) & ~umask
        if mode != wanted:
            path.chmod(wanted)
        files.append(path.relative_to(out).as_posix())
    return sorted(files)


def write_env(project: Path) -> bool:
    """Write `.env` from `.env.example` with a random secret; only the user can read it.

    Returns whether the project has one.
    """
    try:
        example = (project / ".env.example").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    secret = secrets.token_urlsafe(48)
    text = re.sub(r"(?m)^SECRET_KEY=.*$", f"SECRET_KEY={secret}", example)
    descriptor = os.open(project / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return True
