"""The files of all variants, as `scaffold validate` renders them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from generator.render.strict import Render

from .model import Variant, all_variants, strict
from .planned import once


@cache
def all_renders() -> dict[Variant, Render]:
    """Return the files of each variant."""
    data = once("renders", lambda: _pack(strict().render(v.answers()) for v in all_variants()))
    files = [tuple(file) for file in data["files"]]
    return {
        variant: dict(files[number] for number in numbers)
        for variant, numbers in zip(all_variants(), data["variants"], strict=True)
    }


def tree_of(variant: Variant) -> dict[str, bytes]:
    """Return the files of a project as they are written, without rendering the others."""
    return {path: text.encode() for path, text in strict().render(variant.answers()).items()}


def _pack(renders: Iterable[Render]) -> dict[str, Any]:
    """Name each different file once, and each variant by the numbers of its files."""
    numbers: dict[tuple[str, str], int] = {}
    variants = [
        [numbers.setdefault(file, len(numbers)) for file in files.items()] for files in renders
    ]
    return {"files": list(numbers), "variants": variants}
