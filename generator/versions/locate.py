"""Where the template comes from, and what a project records of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from generator import __version__
from generator.versions.bundle import tree_sha, version_key

# Recorded as it stands: copier expands the `~`, so the project can go to another user or machine.
RECORDED_PATH = "~/.local/share/scaffold/templates.bundle"


@dataclass(frozen=True)
class Source:
    """A template on disk; `tag` is its release, or None for a tree that was never released."""

    root: Path
    tree: str
    tag: str | None

    @property
    def releases(self) -> Path:
        """The git bundle of all releases that came with this template."""
        return self.root / "releases" / "templates.bundle"


def template_root() -> Path:
    """Return the folder with `copier.yml`: inside the installed package, or the checkout."""
    package = Path(__file__).parents[1]
    installed = package / "_template"
    return installed if installed.is_dir() else package.parent


def find_source(root: Path | None = None) -> Source:
    """Return the template at `root` (default: the one this package came with)."""
    root = root or template_root()
    tree = tree_sha(root)
    tags = {sha: tag for tag, sha in released_versions(root).items()}
    return Source(root, tree, tags.get(tree))


@cache
def packaged_source() -> Source:
    """Return the template that this package came with; hashing it takes a while."""
    return find_source()


def released_versions(root: Path) -> dict[str, str]:
    """Return the tree of each release, by tag, from `releases/versions.txt`, oldest first."""
    path = root / "releases" / "versions.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return dict(pair for pair in pairs)


def next_release(root: Path) -> str:
    """Return the tag that the tree at `root` would be released as.

    It is this package's version; where that is released, the one after the newest.
    """
    own = f"v{__version__}"
    newest = max(released_versions(root), key=version_key, default="")
    if not newest or version_key(own) > version_key(newest):
        return own
    major, minor, patch, _ = version_key(newest)
    return f"v{major}.{minor}.{patch + 1}"
