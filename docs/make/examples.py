"""The folder `examples`: the default project of each framework, to browse."""

from __future__ import annotations

import shutil

from .projects import ROOT, files, frameworks

FOLDER = ROOT / "examples"


def examples() -> dict[str, bytes]:
    """Return the content of each file by its path; those beside the projects are by hand."""
    made = {f"{name}/{path}": data for name in frameworks() for path, data in files(name).items()}
    by_hand = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.is_file()}
    return {**by_hand, **made}


def there() -> dict[str, bytes]:
    """Return what the folder has."""
    paths = sorted(path for path in FOLDER.rglob("*") if path.is_file())
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in paths}


def write() -> bool:
    """Write the examples anew if they differ; return whether they did."""
    wanted = examples()
    if there() == wanted:
        return False
    shutil.rmtree(FOLDER)
    for path, data in wanted.items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_bytes(data)
    return True
