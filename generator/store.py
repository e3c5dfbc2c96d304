"""Template versions in the user's data folder, where plain `copier update` finds them offline."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from generator.errors import ScaffoldError
from generator.history import read_tags, write_bundle
from generator.sources import RECORDED_PATH, Source, next_release


def path() -> Path:
    """Return where the store is; raises `ScaffoldError` for a user without a home."""
    try:
        return Path.home() / RECORDED_PATH.removeprefix("~/")
    except RuntimeError as error:
        raise ScaffoldError("There is no home folder.", "Set HOME to a folder of yours.") from error


def version_of(source: Source) -> str:
    """Return the tag of `source`: its release, or the development version it has or would get."""
    return source.tag or _development_tag(source, read_tags(path()))


def ensure(source: Source) -> str:
    """Put `source`, and every release that came with it, in the store; return the tag of `source`.

    Nothing is written when all are there. Versions that others put there stay as they are, so
    that an older and a newer scaffold share one store. Raises `OSError` or `ScaffoldError`.
    """
    tag = version_of(source)
    if _missing(source, tag, read_tags(path())):
        path().parent.mkdir(parents=True, exist_ok=True)
        from filelock import FileLock

        with FileLock(path().with_suffix(".lock"), timeout=60):
            tag = version_of(source)
            if _missing(source, tag, read_tags(path())):
                _add(source, tag)
    return tag


def _missing(source: Source, tag: str, present: dict[str, str]) -> bool:
    wanted = {tag, *read_tags(source.releases)}
    return not wanted <= present.keys()


def _add(source: Source, tag: str) -> None:
    present = read_tags(path())
    released = read_tags(source.releases)
    new = None if tag in present or tag in released else (source.root, tag)
    handle, name = tempfile.mkstemp(prefix="templates.", suffix=".tmp", dir=path().parent)
    os.close(handle)
    temporary = Path(name)
    try:
        if present or new:
            write_bundle(temporary, [path(), source.releases], new)
        else:
            temporary.write_bytes(source.releases.read_bytes())
        temporary.chmod(0o644)
        temporary.replace(path())
    finally:
        temporary.unlink(missing_ok=True)


def _development_tag(source: Source, tags: dict[str, str]) -> str:
    mark = f"+g{source.tree[:10]}"
    for tag in tags:
        if tag.endswith(mark):
            return tag
    release = next_release(source.root)
    pattern = re.compile(re.escape(release) + r"\.dev(\d+)\+g")
    used = [int(match[1]) for tag in tags if (match := pattern.match(tag))]
    return f"{release}.dev{max(used, default=-1) + 1}{mark}"
