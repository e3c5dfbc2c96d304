"""Template versions as git objects: the hash of a tree on disk, bundles of tagged commits.

A version is one commit without parents, whose tree is `copier.yml` and `templates/`. Identity and
date are fixed, so that the same tree and tag make the same commit on every machine.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from generator.errors import ScaffoldError
from generator.git import run_git

PARTS = ("copier.yml", "templates")
# What tools leave behind; no build of the wheel takes these along either.
IGNORED = frozenset(
    {"__pycache__", ".git", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv", ".DS_Store"}
)
COMMITTER = "scaffold <scaffold@localhost> 946684800 +0000"


def template_files(root: Path) -> Iterator[Path]:
    """Yield the files of the template at `root`, relative to it, in a stable order."""
    for part in PARTS:
        path = root / part
        if path.is_file():
            yield Path(part)
        else:
            for file in sorted(path.rglob("*")):
                relative = file.relative_to(root)
                if file.is_file() and not _is_ignored(relative):
                    yield relative


def _is_ignored(path: Path) -> bool:
    return path.suffix in {".pyc", ".pyo"} or not IGNORED.isdisjoint(path.parts)


def _mode(path: Path) -> str:
    return "100755" if path.stat().st_mode & 0o100 else "100644"


def _object_sha(kind: str, content: bytes) -> bytes:
    header = f"{kind} {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).digest()


def tree_sha(root: Path) -> str:
    """Return the hash that git gives to the tree of the template at `root`, without git."""
    tree: dict[str, object] = {}
    for file in template_files(root):
        folder = tree
        for name in file.parts[:-1]:
            folder = folder.setdefault(name, {})  # type: ignore[assignment]
        content = (root / file).read_bytes()
        folder[file.name] = (_mode(root / file), _object_sha("blob", content))
    return _tree_object(tree).hex()


def _tree_object(tree: dict[str, object]) -> bytes:
    entries = []
    for name, entry in tree.items():
        if isinstance(entry, dict):
            # git sorts a folder as if its name ended in a slash
            entries.append((f"{name}/", b"40000 " + name.encode(), _tree_object(entry)))
        else:
            mode, sha = entry  # type: ignore[misc]
            entries.append((name, f"{mode} {name}".encode(), sha))
    entries.sort(key=lambda item: item[0].encode())
    return _object_sha("tree", b"".join(b"%s\0%s" % (head, sha) for _, head, sha in entries))


def read_tags(bundle: Path) -> dict[str, str]:
    """Return the tags in a git bundle and the commits they name, read from its header.

    A bundle that does not exist has no tags. Raises `ScaffoldError` when it is not a bundle.
    """
    if not bundle.exists():
        return {}
    tags = {}
    with bundle.open("rb") as file:
        if not file.readline().startswith(b"# v2 git bundle"):
            raise ScaffoldError(f"{bundle} is not a git bundle.", "Delete it and run this again.")
        for line in iter(file.readline, b"\n"):
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
            run_git(repository, "fast-import", "--quiet", stdin=_fast_import(*new))
        # One thread, so that the same objects make the same bytes.
        run_git(
            repository,
            "-c",
            "pack.threads=1",
            "bundle",
            "create",
            "--quiet",
            "--version=2",
            str(target),
            "--tags",
        )


def _fast_import(root: Path, tag: str) -> bytes:
    message = f"Template {tag}".encode()
    stream = [
        f"commit refs/tags/{tag}\ncommitter {COMMITTER}\ndata {len(message)}\n".encode(),
        message + b"\n",
    ]
    for file in template_files(root):
        content = (root / file).read_bytes()
        name = file.as_posix().replace("\\", "\\\\").replace('"', '\\"')
        head = f'M {_mode(root / file)} inline "{name}"\ndata {len(content)}\n'
        stream += [head.encode(), content, b"\n"]
    return b"".join(stream)
