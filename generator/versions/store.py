"""Template versions in the user's data folder, where plain `copier update` finds them offline."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from generator.errors import UPGRADE, ScaffoldError, UsageError, did_you_mean
from generator.files import replacing
from generator.versions.bundle import VERSION, read_tags, unpack, version_key, write_bundle
from generator.versions.locate import (
    RECORDED_PATH,
    Source,
    next_release,
    packaged_source,
    template_root,
)


def path() -> Path:
    """Return where the store is; raises `ScaffoldError` for a user without a home."""
    try:
        return Path.home() / RECORDED_PATH.removeprefix("~/")
    except RuntimeError as error:
        raise ScaffoldError(
            "There is no home directory.", "Set HOME to a directory that you can write to."
        ) from error


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


def versions() -> list[str]:
    """Return the versions that can be updated to, oldest first; the packaged ones are among them.

    A store that cannot be written is read as it is. Raises `ScaffoldError` when the store has
    another template for a release than was released.
    """
    source = packaged_source()
    with suppress(OSError):
        ensure(source)
    stored, released = read_tags(path()), read_tags(source.releases)
    for tag, commit in released.items():
        if stored.get(tag, commit) != commit:
            cure = f"Move {path()} away and run this again."
            raise ScaffoldError(f"The store's {tag} is not the {tag} that was released.", cure)
    tags = {*stored, *released, version_of(source)}
    return sorted(filter(VERSION.match, tags), key=version_key)


def at_hand() -> list[str]:
    """Return the versions that are stored or came with this package, oldest first.

    Unlike `versions`, this writes nothing and takes no time to speak of.
    """
    bundles = [path(), Source(template_root(), "", None).releases]
    tags = {tag for bundle in bundles for tag in read_tags(bundle)}
    return sorted(filter(VERSION.match, tags), key=version_key)


def newest(current: str, known: list[str]) -> str:
    """Return what a project at `current` is updated to: the newest release of `known`.

    A project at a development version, and every one while there is no release, gets the newest
    of all.
    """
    released = [tag for tag in known if ".dev" not in tag]
    return max(known if ".dev" in current or not released else released, key=version_key)


def find_version(word: str, known: list[str]) -> str:
    """Return the version of `known` that a person calls `word`, with or without the v."""
    for tag in (word, f"v{word}"):
        if tag in known:
            return tag
    raise UsageError(f"There is no version {word}.", did_you_mean(word, known))


def check_known(tag: str, known: list[str]) -> None:
    """Raise `ScaffoldError` with the cure when a project's version `tag` is not at hand."""
    if tag in known:
        return
    if version_key(tag) > version_key(known[-1]):
        raise ScaffoldError(f"A newer scaffold made this, with template {tag}.", UPGRADE)
    cure = f"Copy {RECORDED_PATH} from the machine where the project was made or updated."
    raise ScaffoldError(f"Template {tag} is not stored here.", cure)


def fetch(tag: str, folder: Path) -> Source:
    """Return the template of version `tag`, in `folder` where it is not the packaged one.

    Raises `ScaffoldError` for a version that neither the store nor this package has.
    """
    source = packaged_source()
    if version_of(source) == tag:
        return source
    check_known(tag, versions())
    root = folder / tag
    unpack(path() if tag in read_tags(path()) else source.releases, tag, root)
    return Source(root, "", tag)


def _missing(source: Source, tag: str, present: dict[str, str]) -> bool:
    wanted = {tag, *read_tags(source.releases)}
    return not wanted <= present.keys()


def _add(source: Source, tag: str) -> None:
    present = read_tags(path())
    released = read_tags(source.releases)
    new = None if tag in present or tag in released else (source.root, tag)
    with replacing(path()) as temporary:
        if present or new:
            write_bundle(temporary, [path(), source.releases], new)
        else:
            temporary.write_bytes(source.releases.read_bytes())
        temporary.chmod(0o644)


def _development_tag(source: Source, tags: dict[str, str]) -> str:
    mark = f"+g{source.tree[:10]}"
    for tag in tags:
        if tag.endswith(mark):
            return tag
    release = next_release(source.root)
    pattern = re.compile(re.escape(release) + r"\.dev(\d+)\+g")
    used = [int(match[1]) for tag in tags if (match := pattern.match(tag))]
    return f"{release}.dev{max(used, default=-1) + 1}{mark}"
