"""Release the template: `python -m generator.versions.release`, for maintainers in a checkout."""

from __future__ import annotations

import sys
from pathlib import Path

from generator import __version__
from generator.errors import ScaffoldError
from generator.files import replacing
from generator.versions.bundle import write_bundle
from generator.versions.locate import find_source, released_versions


def release(root: Path, tag: str) -> str:
    """Append the template at `root` to its releases as `tag`; return what was done.

    Raises `ScaffoldError` when `tag` is released already with another tree: what users have made
    projects from never changes.
    """
    if not (root / "copier.yml").exists():
        raise ScaffoldError(f"{root} has no template.", "Run this in a checkout.")
    source = find_source(root)
    released = released_versions(root)
    if source.tag:
        return f"The template is {source.tag} already; there is nothing to release."
    if tag in released:
        cure = "Raise __version__ in generator/__init__.py first."
        raise ScaffoldError(f"{tag} is released, and the template has changed since.", cure)
    bundle = source.releases
    bundle.parent.mkdir(exist_ok=True)
    with replacing(bundle) as temporary:
        write_bundle(temporary, [bundle], (root, tag))
        temporary.chmod(0o644)
    with (root / "releases" / "versions.txt").open("a", encoding="utf-8", newline="\n") as file:
        file.write(f"{tag} {source.tree}\n")
    return f"Released {tag}; commit the folder releases."


if __name__ == "__main__":
    try:
        print(release(Path(__file__).parents[2], f"v{__version__}"))
    except ScaffoldError as error:
        sys.exit(f"Error: {error.message} {error.hint}")
