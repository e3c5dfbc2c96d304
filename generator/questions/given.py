"""Answers as a person gives them: `KEY=VALUE` on the command line, and files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from generator.errors import UsageError


def assignments(pairs: Sequence[str]) -> dict[str, str]:
    """Return `KEY=VALUE` strings as a mapping."""
    result: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(f"{pair!r} has no value.", "Write KEY=VALUE.")
        if result.get(key, value) != value:
            raise UsageError(f"{key} is given twice.", "Keep one of them.")
        result[key] = value
    return result


def read_answers_file(path: Path) -> dict[str, Any]:
    """Return the answers in a YAML or JSON file, such as another project's `.copier-answers.yml`.

    Keys that start with an underscore are copier's own and are left out.
    """
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Check --answers.") from error
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        reason = str(error).replace("\n", " ")[:200]
        raise UsageError(
            f"{path} is not valid YAML or JSON: {reason}", "Check --answers."
        ) from error
    if not isinstance(data, dict):
        raise UsageError(f"{path} contains no answers.", "Write KEY: VALUE lines.")
    return {str(key): value for key, value in data.items() if not str(key).startswith("_")}
