"""Where in a template an error is: its file and line, from Jinja's rewritten traceback."""

from __future__ import annotations

import traceback
from pathlib import Path

import jinja2


def described(error: BaseException, root: Path) -> str:
    """Return the error in one line, with the file of the template at `root` and the line."""
    reason = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, jinja2.TemplateNotFound):
        reason = f"there is no template {reason}"
    place = _place(error, root)
    return f"{place}: {reason}" if place else reason


def _place(error: BaseException, root: Path) -> str:
    if isinstance(error, jinja2.TemplateSyntaxError):
        file = error.filename or error.name
        return f"{_relative(file, root)}, line {error.lineno}" if file else ""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if _is_inside(frame.filename, root)]
    return f"{_relative(inside[-1].filename, root)}, line {inside[-1].lineno}" if inside else ""


def _is_inside(file: str, root: Path) -> bool:
    # Cookiecutter's loader has paths from the folder that it renders.
    path = Path(file)
    if not path.is_absolute():
        return not file.startswith("<") and path.exists()
    return path.resolve().is_relative_to(root.resolve())


def _relative(file: str, root: Path) -> str:
    path = Path(file).resolve()
    return (
        path.relative_to(root.resolve()).as_posix() if path.is_relative_to(root.resolve()) else file
    )
