"""T0: mypy, as each project sets it up, finds nothing in any variant."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .distinct import write_project
from .model import Variant
from .strict import Render
from .workshop import CACHE, environment


def test_mypy_finds_nothing(renders: dict[Variant, Render], tmp_path: Path) -> None:
    different = {variant.inert_part(): variant for variant in renders}
    found = {}
    for variant in different.values():
        folder = tmp_path / str(variant)
        write_project(renders[variant], folder)
        framework = str(variant["framework"])
        cache = CACHE / "mypy" / framework
        mypy = str(environment(framework) / "mypy")
        command = [mypy, "--cache-dir", str(cache), "--no-error-summary"]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if result.returncode:
            found[str(variant)] = result.stdout + result.stderr
    assert not found, "\n".join(f"{variant}:\n{said}" for variant, said in found.items())
