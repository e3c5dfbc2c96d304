"""Which program renders a template: that is seen from the file with its questions."""

from __future__ import annotations

from pathlib import Path

from generator.errors import ScaffoldError

COPIER, COOKIECUTTER = "copier", "cookiecutter"
FILES = {"copier.yml": COPIER, "copier.yaml": COPIER, "cookiecutter.json": COOKIECUTTER}
MOST_FOLDERS = 5


def engine_of(root: Path, wanted: str = "") -> str:
    """Return the engine of the template in the folder `root`.

    Of a template with both, the `wanted` one counts, else copier's. Raises `ScaffoldError` for a
    folder without a template.
    """
    found = list(dict.fromkeys(engine for name, engine in FILES.items() if (root / name).is_file()))
    if not found:
        raise ScaffoldError(
            "This is no template: it has no copier.yml or cookiecutter.json.", _cure(root)
        )
    return wanted if wanted in found else found[0]


def _cure(root: Path) -> str:
    places = (root.glob(f"{deep}/{name}") for name in FILES for deep in ("*", "*/*"))
    folders = {file.parent.relative_to(root).as_posix() for found in places for file in found}
    inside = sorted(folders)
    if not inside:
        return "Check the address of the template."
    more = ", ..." if len(inside) > MOST_FOLDERS else ""
    return f"Name a folder in it: --directory {', '.join(inside[:MOST_FOLDERS])}{more}"
