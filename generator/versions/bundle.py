"""Template versions as git objects: the hash of a tree on disk, bundles of tagged commits.

A version is one commit without parents, whose tree is `copier.yml`, `scaffold.yml` and
`templates/`; releases up to v0.3.0 have no `scaffold.yml`. Identity and date are fixed, so that the
same tree and tag make the same commit on every machine.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from generator.errors import UPGRADE, ScaffoldError
from generator.git import commit_stream, run_git

# The format of the bundles, which git numbers.
HEADER, BUNDLE = b"# v2 git bundle\n", re.compile(rb"# v\d+ git bundle\n")
PARTS = ("copier.yml", "scaffold.yml", "templates")
# What tools leave behind; no build of the wheel takes these along either.
IGNORED = frozenset(
    {"__pycache__", ".git", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv", ".DS_Store"}
)
VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)(?:\.dev(\d+)\+|$)")


def template_files(root: Path) -> Iterator[tuple[str, str, bytes]]:
    """Yield path, git's mode and content of each file of the template at `root`, sorted."""
    for part in PARTS:
        if (root / part).is_file():
            yield _read(root / part, part)
        for folder, folders, names in os.walk(root / part):
            folders[:] = sorted(set(folders) - IGNORED)
            inside = Path(folder).relative_to(root).as_posix()
            for name in sorted(set(names) - IGNORED):
                if not name.endswith((".pyc", ".pyo")):
                    yield _read(Path(folder, name), f"{inside}/{name}")


def _read(file: Path, path: str) -> tuple[str, str, bytes]:
    with file.open("rb") as stream:
        mode = os.fstat(stream.fileno()).st_mode
        return path, "100755" if mode & 0o100 else "100644", stream.read()


def _object_sha(kind: str, content: bytes) -> bytes:
    header = f"{kind} {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).digest()


def tree_sha(root: Path) -> str:
    """Return the hash that git gives to the tree of the template at `root`, without git."""
    blobs = {
        path: (mode, _object_sha("blob", content)) for path, mode, content in template_files(root)
    }
    return _tree_object(blobs).hex()


def _tree_object(blobs: dict[str, tuple[str, bytes]]) -> bytes:
    """Return the hash of the tree with `blobs`, by path."""
    entries: dict[str, tuple[str, bytes]] = {}
    folders: dict[str, dict[str, tuple[str, bytes]]] = {}
    for path, blob in blobs.items():
        name, slash, rest = path.partition("/")
        if slash:
            folders.setdefault(name, {})[rest] = blob
        else:
            entries[name] = blob
    # git sorts a folder as if its name ended in a slash
    entries |= {f"{name}/": ("40000", _tree_object(inside)) for name, inside in folders.items()}
    lines = (
        f"{mode} {name.rstrip('/')}\0".encode() + sha
        for name, (mode, sha) in sorted(entries.items(), key=lambda entry: entry[0].encode())
    )
    return _object_sha("tree", b"".join(lines))


def version_key(tag: str) -> tuple[int, int, int, float]:
    """Return what tags are ordered by: `v1.2.0.dev3+g...` comes before `v1.2.0`."""
    match = VERSION.match(tag)
    if match is None:
        raise ScaffoldError(f"{tag} is not a version.", "Versions look like v1.2.0.")
    major, minor, patch, dev = match.groups()
    return int(major), int(minor), int(patch), float(dev or "inf")


def read_tags(bundle: Path) -> dict[str, str]:
    """Return the tags in a git bundle and the commits they name, read from its header.

    A bundle that does not exist has no tags. Raises `ScaffoldError` when it is not a bundle, or one
    of a newer format.
    """
    if not bundle.exists():
        return {}
    cure = "It may hold versions that are nowhere else: move it away, and run this again."
    tags = {}
    with bundle.open("rb") as file:
        first = file.readline()
        if first != HEADER:
            if BUNDLE.match(first):
                raise ScaffoldError(f"A newer scaffold wrote {bundle}.", UPGRADE)
            raise ScaffoldError(f"{bundle} is not a git bundle.", cure)
        while (line := file.readline()) != b"\n":
            if not line:
                raise ScaffoldError(f"{bundle} is cut off.", cure)
            sha, _, ref = line.decode().strip().partition(" ")
            if ref.startswith("refs/tags/"):
                tags[ref.removeprefix("refs/tags/")] = sha
    return tags


def write_bundle(target: Path, bundles: list[Path], new: tuple[Path, str] | None = None) -> None:
    """Write a bundle with the tags of `bundles` and, as `(root, tag)`, one new version.

    Where two bundles have a tag of the same name, the earlier bundle's is kept. `target` is
    written in place: callers that need it atomic write beside it and rename.
    """
    with tempfile.TemporaryDirectory(prefix="scaffold-", dir=target.parent) as folder:
        repository = Path(folder)
        run_git(repository, "init", "--bare", "--quiet", "--template=", "--object-format=sha1")
        known: set[str] = set()
        for bundle in bundles:
            missing = [tag for tag in read_tags(bundle) if tag not in known]
            if missing:
                refs = [f"refs/tags/{tag}:refs/tags/{tag}" for tag in missing]
                run_git(repository, "fetch", "--quiet", "--no-auto-maintenance", str(bundle), *refs)
            known.update(missing)
        if new is not None:
            root, tag = new
            stream = commit_stream(f"refs/tags/{tag}", f"Template {tag}", template_files(root))
            run_git(repository, "fast-import", "--quiet", stdin=stream)
            known.add(tag)
        # Copier falls back to HEAD where there are development versions only.
        newest = max(known, key=version_key)
        run_git(repository, "update-ref", "--no-deref", "HEAD", f"refs/tags/{newest}")
        run_git(repository, "bundle", "create", "--quiet", str(target), "HEAD", "--tags")


def unpack(bundle: Path, tag: str, folder: Path) -> None:
    """Write the template that `bundle` has as `tag` into `folder`, byte for byte."""
    folder.mkdir()
    line_ends = ("-c", "core.autocrlf=false", "-c", "core.eol=lf")
    run_git(folder, "init", "--quiet", "--template=", "--object-format=sha1")
    run_git(folder, "fetch", "--quiet", "--no-auto-maintenance", str(bundle), f"refs/tags/{tag}")
    run_git(folder, *line_ends, "checkout", "--quiet", "FETCH_HEAD")
    shutil.rmtree(folder / ".git")
