"""All variants rendered: once for each state of the templates, whatever the number of processes."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock

from generator.render.strict import Render, Strict
from generator.validate.kept import sweep, used

from .machine import RENDERS
from .model import ROOT, Variant, all_variants

# What a render is made of: the templates, the questions, and what reads them.
MADE_OF = (
    "copier.yml",
    "templates/**/*",
    "generator/**/*.py",
    "tests/variants/model.py",
    "tests/variants/renders.py",
    "tests/variants/resources.py",
)
LIBRARIES = ("jinja2", "jinja2-ansible-filters", "pathspec", "pyyaml")


def all_renders() -> dict[Variant, Render]:
    """Return the files of each variant."""
    file = RENDERS / f"{_key()}.json"
    RENDERS.mkdir(parents=True, exist_ok=True)
    with FileLock(RENDERS / "lock"):
        if not file.exists():
            sweep(RENDERS)
            strict = Strict(ROOT)
            file.write_text(_pack(strict.render(v.answers()) for v in all_variants()), "utf-8")
        used(file)
        return _unpack(file.read_text("utf-8"))


def _pack(renders: Iterable[Render]) -> str:
    """Write each different file once, and each variant as the numbers of its files."""
    numbers: dict[tuple[str, str], int] = {}
    variants = [
        [numbers.setdefault(file, len(numbers)) for file in files.items()] for files in renders
    ]
    return json.dumps({"files": list(numbers), "variants": variants})


def _unpack(text: str) -> dict[Variant, Render]:
    data = json.loads(text)
    files = [tuple(file) for file in data["files"]]
    return {
        variant: dict(files[number] for number in numbers)
        for variant, numbers in zip(all_variants(), data["variants"], strict=True)
    }


def _key() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for path in _sources():
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources() -> list[Path]:
    found = {path for pattern in MADE_OF for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if "__pycache__" not in path.parts)
