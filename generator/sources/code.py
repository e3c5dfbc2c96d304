"""The styles of models that can be read from code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from generator.sources import django, sqlalchemy
from generator.sources.tables import Reading

STYLES: Mapping[str, Callable[[Sequence[Path], Path | None], Reading]] = {
    "django": django.read,
    "sqlalchemy": sqlalchemy.read,
}
