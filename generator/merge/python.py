"""Python files that both sides changed side by side, which git calls a conflict.

Both changes are kept where one adds whole definitions, imports, assignments or calls, and the other
adds or replaces some of other names.
"""

from __future__ import annotations

import ast
from textwrap import dedent

from generator.merge.lines import Edit, edits, merge_lines


def merge(base: str, ours: str, theirs: str) -> str | None:
    """Return `base` with what both added; None where anything else touches."""
    before = base.splitlines(keepends=True)
    mine, new = edits(before, ours, 1), edits(before, theirs, 0)
    for one in mine:
        for other in new:
            touch = one.start <= other.end and other.start <= one.end
            if touch and one.lines != other.lines and not _are_independent(before, one, other):
                return None
    merged = merge_lines(base, ours, theirs)
    return merged if merged is not None and _parsed(merged) else None


def _are_independent(before: list[str], one: Edit, other: Edit) -> bool:
    """Tell whether two changes side by side are whole statements of different names.

    One of them at least only adds lines.
    """
    if one.start != one.end and other.start != other.end:
        return False
    if one.end > other.start and other.end > one.start:
        return False  # lines are added in the middle of those that the other side replaces
    names, others = _changed(before, one), _changed(before, other)
    return names is not None and others is not None and not names & others


def _changed(before: list[str], edit: Edit) -> set[str] | None:
    """Return what the lines that an edit replaces, and its own, define or call."""
    new = _names("".join(edit.lines))
    if edit.start == edit.end:
        return new
    old = _names("".join(before[edit.start : edit.end]))
    return None if new is None or old is None else new | old


def _names(text: str) -> set[str] | None:
    """Return what statements define or call; None where some are of another kind, or incomplete."""
    module = _parsed(dedent(text))
    if module is None or not module.body:
        return None
    names: set[str] = set()
    for statement in module.body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(statement.name)
            case ast.Import() | ast.ImportFrom():
                names.update(alias.asname or alias.name for alias in statement.names)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                names.add(name)
            case ast.Expr(value=ast.Call()):
                names.add(ast.unparse(statement))
            case _:
                return None
    return names


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
