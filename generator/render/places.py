"""Where in a template an error is: its file and line, from Jinja's rewritten traceback."""

from __future__ import annotations

import traceback
from pathlib import Path

import jinja2


def described(error: BaseException, root: Path, rendered: Path | None = None) -> str:
    """Return the error in one line, with the file of the template at `root` and the line.

    The folder that is `rendered` is where relative paths of files begin.
    """
    reason = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, jinja2.TemplateNotFound):
        reason = f"there is no template {reason}"
    place = _place(error, root.resolve(), (rendered or root).resolve())
    return f"{place}: {reason}" if place else reason


def _place(error: BaseException, root: Path, rendered: Path) -> str:
    if isinstance(error, jinja2.TemplateSyntaxError):
        file = error.filename or error.name
        return f"{_relative(file, root, rendered)}, line {error.lineno}" if file else ""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if _is_inside(frame.filename, root, rendered)]
    if not inside:
        return ""
    return f"{_relative(inside[-1].filename, root, rendered)}, line {inside[-1].lineno}"


def _is_inside(file: str, root: Path, rendered: Path) -> bool:
    path = (rendered / file).resolve()
    return path.is_relative_to(root) and path.is_file()


def _relative(file: str, root: Path, rendered: Path) -> str:
    path = (rendered / file).resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file
