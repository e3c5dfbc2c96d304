"""A fault: a change of one place in the code, and what must notice it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """`old` becomes `new` in the file `path`, once; the test `caught_by` must fail then.

    For a fault in a template, `step` is what is done with a project of `framework`, and of the
    `options` that validate names the variant by; `caught_by` is what the step must say when it
    fails: usually a test of the project's own.
    """

    name: str
    path: str
    old: str
    new: str
    caught_by: str
    framework: str = ""
    step: str = ""
    options: str = ""

    def __str__(self) -> str:
        return self.name

    def plant(self, root: Path) -> None:
        """Change the code in a copy of the repository at `root`."""
        file = root / self.path
        text = file.read_text(encoding="utf-8")
        assert self.old in text, f"{self.path} has changed: {self.name} must be written anew"
        file.write_text(text.replace(self.old, self.new, 1), encoding="utf-8")
