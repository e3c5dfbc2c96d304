"""Python files that both sides changed side by side, which git calls a conflict.

Both changes are kept where one adds whole definitions, imports, assignments, calls, or items of a
collection, and the other adds, replaces or drops some of other names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import partial
from textwrap import dedent

from generator.merge.lines import Edit, Pieces, as_ours, merge_lines

IDENTIFIER = re.compile(r"[^\W\d]\w*")
DOTTED = re.compile(r"[\w.]+")


def merge(base: str, ours: str, theirs: str) -> Pieces | None:
    """Return `base` with what both changed; None where that would be no Python."""
    tree = _parsed(base)
    merged = merge_lines(base, ours, theirs, partial(_are_independent, tree))
    return merged if _parsed(as_ours(merged)) else None


def _are_independent(
    tree: ast.Module | None, before: Sequence[str], one: Edit, other: Edit
) -> bool:
    """Tell whether two changes side by side are about different names.

    One of them at least only adds lines, and these use no name that the other takes away.
    """
    adding, changing = (one, other) if one.only_adds else (other, one)
    around = _around(tree, adding.start)
    added, new = "".join(adding.lines), "".join(changing.lines)
    texts = added, new, "".join(before[changing.start : changing.end])
    names = [_items(around, text) if around else _names(text) for text in texts]
    if not adding.only_adds or any(found is None for found in names):
        return False
    mine, left, old = (found or set() for found in names)
    gone = {name.partition(".")[0] for name in old - left if DOTTED.fullmatch(name)}
    return mine.isdisjoint(left | old) and gone.isdisjoint(IDENTIFIER.findall(added))


def _names(text: str) -> set[str] | None:
    """Return what statements define or call; None where some are of another kind, or incomplete."""
    module = _parsed(dedent(text))
    if module is None:
        return _header(text)
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


def _header(text: str) -> set[str] | None:
    """Return the names in the first lines of one function or class, without its body."""
    module = _parsed(f"{dedent(text).rstrip()} pass")
    if module is None or len(module.body) != 1:
        return None
    definition = module.body[0]
    if not isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return None
    parameters = [node.arg for node in ast.walk(definition) if isinstance(node, ast.arg)]
    return {definition.name, *parameters}


def _items(around: ast.expr, text: str) -> set[str] | None:
    """Return the items of a collection, or the named arguments of a call, in whole lines.

    None for anything else, such as arguments whose place counts, and for a last item that goes on.
    """
    match around:
        case ast.List() | ast.Tuple() | ast.Set():
            form = "[%s0]"  # another item, which needs a comma before it
        case ast.Dict():
            form = "{%s0: 0}"
        case ast.Call():
            form = "f(%s_=0)"
        case _:
            return None
    module = _parsed(form % f"\n{text}\n")
    match module and module.body:
        case [ast.Expr(value=ast.List(elts=[*items, _]))]:
            return {ast.unparse(item) for item in items}
        case [ast.Expr(value=ast.Dict(keys=[*keys, _]))]:
            return {ast.unparse(key) for key in keys if key} if all(keys) else None
        case [ast.Expr(value=ast.Call(args=[], keywords=[*named, _]))]:
            return {one.arg for one in named if one.arg} if all(n.arg for n in named) else None
    return None


def _around(tree: ast.Module | None, place: int) -> ast.expr | None:
    """Return the innermost expression that goes on from one line of the base to the next."""
    found: ast.expr | None = None
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.expr) and node.lineno <= place < (node.end_lineno or 0):
            found = node  # outer ones come first
    return found


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
