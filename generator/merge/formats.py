"""The kinds of files that are merged by what they mean, and how each is read and edited."""

from __future__ import annotations

import io
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from generator.merge.data import Pick, merge_into
from generator.merge.keyed import REQUIREMENTS, SETTINGS
from generator.merge.values import plain

INDENTS = ((2, 4, 2), (2, 2, 0))  # of mappings, sequences, and the dash in those
COMMENT = re.compile(r"(?m)(?:^|\s)(#.*)$")
NO_COMMENT = re.compile(r"(?!)")  # JSON has none
INDENT = re.compile(r"\n([ \t]+)\S")
# What programs write from beginning to end.
LOCK = re.compile(r".*\.lock|.*[-.]lock\.(json|ya?ml)|npm-shrinkwrap\.json")
REQUIREMENTS_FILE = re.compile(
    r"(.*/)?([^/]*(requirements|constraints)[^/]*|requirements/[^/]+)\.(txt|in)"
)


@dataclass(frozen=True)
class Format:
    """How files of a kind are read, and how one is edited without losing its formatting."""

    read: Callable[[str], Any]
    edit: Callable[[str, str, str, Pick], str | None]
    comment: re.Pattern[str] = COMMENT


def is_lock(path: str) -> bool:
    """Tell whether a program writes the file: what it says belongs together."""
    return bool(LOCK.fullmatch(PurePosixPath(path).name))


def format_of(path: str) -> Format | None:
    """Return the format of a file; None where it has none."""
    name = PurePosixPath(path).name
    if name.endswith(".toml"):
        return Format(tomllib.loads, _edit_toml)
    if name == ".env.example":
        return Format(SETTINGS.read, SETTINGS.edit)
    if REQUIREMENTS_FILE.fullmatch(path):
        return Format(REQUIREMENTS.read, REQUIREMENTS.edit)
    if name.endswith((".yml", ".yaml")):
        return Format(_read_yaml, _edit_yaml)
    if name.endswith(".json"):
        return Format(_read_json, _edit_json, NO_COMMENT)
    return None


def _edit_toml(base: str, ours: str, theirs: str, pick: Pick) -> str:
    import tomlkit

    document = tomlkit.parse(ours)
    merge_into(document, tomlkit.parse(base), tomlkit.parse(theirs), pick)
    return tomlkit.dumps(document)


def _read_yaml(text: str) -> Any:
    import yaml

    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(text) from error
    return plain(data)  # `on` is a key that YAML takes for true


def _edit_yaml(base: str, ours: str, theirs: str, pick: Pick) -> str | None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    for mapping, sequence, offset in INDENTS:
        yaml = YAML()
        yaml.preserve_quotes = True
        yaml.width = 4096
        yaml.indent(mapping=mapping, sequence=sequence, offset=offset)
        try:
            document = yaml.load(ours)
            if _dump(yaml, document) == ours:
                merge_into(document, yaml.load(base), yaml.load(theirs), pick)
                return _dump(yaml, document)
        except YAMLError:
            return None
    return None  # it would come back in another shape


def _dump(yaml: Any, document: Any) -> str:
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _read_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key is given twice")
    return dict(pairs)


def _edit_json(base: str, ours: str, theirs: str, pick: Pick) -> str | None:
    document = _read_json(ours)
    found = INDENT.search(ours)
    write = partial(json.dumps, ensure_ascii=False, indent=found[1] if found else None)
    end = ours[len(ours.rstrip()) :]
    if write(document) + end != ours:
        return None  # it would come back in another shape
    merge_into(document, _read_json(base), _read_json(theirs), pick)
    return write(document) + end
