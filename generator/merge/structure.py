"""Merging files by what they mean, where git finds a conflict in their lines.

A result counts only when it says what a merge of the data says, and has the comments of both sides.
"""

from __future__ import annotations

import copy
import io
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from generator.merge import python
from generator.merge.data import Unmergeable, merge_into, plain, unordered
from generator.merge.lines import merge_lines
from generator.text import setting_name

INDENTS = ((2, 4, 2), (2, 2, 0))  # of mappings, sequences, and the dash in those
COMMENT = re.compile(r"(?m)(?:^|\s)(#.*)$")


@dataclass(frozen=True)
class Format:
    """How files of a kind are read, and how one is edited without losing its formatting."""

    read: Callable[[str], Any]
    edit: Callable[[str, str, str], str | None]


def merge(path: str, base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Return `ours` with what changed from `base` to `theirs`, None where that is a conflict."""
    form = _format_of(path)
    try:
        sides = base.decode(), ours.decode(), theirs.decode()
        if path.endswith(".py"):
            text = python.merge(*sides)
            return None if text is None else text.encode()
        if form is None:
            return None
        expected = _expected(form, *sides)
        for attempt in (merge_lines, form.edit):
            text = attempt(*sides)
            if text is not None and _is_sound(form, text, expected, sides):
                return text.encode()
    except (ValueError, TypeError, Unmergeable):
        pass
    return None


def _format_of(path: str) -> Format | None:
    name, parents = PurePosixPath(path).name, PurePosixPath(path).parts[:-1]
    if name == "pyproject.toml":
        return Format(tomllib.loads, _edit_toml)
    if name == "package.json":
        return Format(json.loads, _edit_json)
    if name == ".env.example":
        return Format(_read_settings, _edit_settings)
    is_compose = re.fullmatch(r"(docker-)?compose(\..+)?\.ya?ml", name)
    if is_compose or name == ".gitlab-ci.yml" or parents[:2] == (".github", "workflows"):
        return Format(_read_yaml, _edit_yaml)
    return None


def _expected(form: Format, base: str, ours: str, theirs: str) -> Any:
    merged = copy.deepcopy(form.read(ours))
    merge_into(merged, form.read(base), form.read(theirs))
    return unordered(merged)


def _is_sound(form: Format, text: str, expected: Any, sides: tuple[str, str, str]) -> bool:
    try:
        found = form.read(text)
    except ValueError:
        return False
    base, ours, theirs = (set(COMMENT.findall(side)) for side in sides)
    comments = (ours & theirs) | (ours - base) | (theirs - base)
    return bool(unordered(found) == expected) and comments <= set(COMMENT.findall(text))


def _edit_toml(base: str, ours: str, theirs: str) -> str:
    import tomlkit

    document = tomlkit.parse(ours)
    merge_into(document, tomllib.loads(base), tomlkit.parse(theirs))
    return tomlkit.dumps(document)


def _edit_json(base: str, ours: str, theirs: str) -> str | None:
    document = json.loads(ours)
    if _dump_json(document) != ours:
        return None  # it would come back in another shape
    merge_into(document, json.loads(base), json.loads(theirs))
    return _dump_json(document)


def _dump_json(document: Any) -> str:
    """Return JSON as npm writes it."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _read_yaml(text: str) -> Any:
    import yaml

    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(text) from error
    return plain(data)  # `on` is a key that YAML takes for true


def _edit_yaml(base: str, ours: str, theirs: str) -> str | None:
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
                merge_into(document, yaml.load(base), yaml.load(theirs))
                return _dump(yaml, document)
        except YAMLError:
            return None
    return None  # it would come back in another shape


def _dump(yaml: Any, document: Any) -> str:
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _read_settings(text: str) -> dict[str, str]:
    """Return each setting as it is written, with its quotes and its comment."""
    lines = [(setting_name(line), line) for line in text.splitlines()]
    settings = [(name, line.partition("=")[2].strip()) for name, line in lines if name]
    if len(dict(settings)) < len(settings):
        raise ValueError("a setting is given twice")
    return dict(settings)


def _edit_settings(base: str, ours: str, theirs: str) -> str:
    """Change setting by setting; a new one comes with its comment, after its neighbour."""
    lines = ours.splitlines(keepends=True)
    old, mine, new = _read_settings(base), _read_settings(ours), _read_settings(theirs)
    neighbour = ""
    for name, block in _blocks(theirs).items():
        place = _line_of(lines, name)
        if name not in old and name not in mine:
            after = _line_of(lines, neighbour) if neighbour else -1
            lines[after + 1 : after + 1] = block
        elif place >= 0 and mine.get(name) == old.get(name):
            lines[place] = block[-1]
        neighbour = name if _line_of(lines, name) >= 0 else neighbour
    for name in old.keys() - new.keys() & mine.keys():
        del lines[_line_of(lines, name)]
    return "".join(lines)


def _blocks(text: str) -> dict[str, list[str]]:
    """Return the lines of each setting: the comments right above it, and its own."""
    blocks: dict[str, list[str]] = {}
    comments: list[str] = []
    for line in text.splitlines(keepends=True):
        if name := setting_name(line):
            blocks[name] = [*comments, line]
        comments = [*comments, line] if line.startswith("#") else []
    return blocks


def _line_of(lines: list[str], name: str) -> int:
    return next((i for i, line in enumerate(lines) if setting_name(line) == name), -1)
