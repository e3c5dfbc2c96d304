"""What a project records of itself in its answers file: its template version and its answers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.errors import ScaffoldError
from generator.versions.bundle import VERSION
from generator.versions.locate import RECORDED_PATH

ANSWERS_FILE = ".copier-answers.yml"
CHECKSUM = re.compile(r"(?m)^# checksum: ([0-9a-f]{64})$")
RESTORE = f"Restore it: git checkout HEAD -- {ANSWERS_FILE}"


@dataclass(frozen=True)
class External:
    """Somebody else's template, as a project records it in the file `record`.

    `engine` renders it. `source` is its address, and `directory` the folder in it; a project may
    follow the branch or tag `checkout`. `content` is all that the record has.
    """

    engine: str
    source: str
    record: str
    directory: str = ""
    checkout: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Project:
    """A project that the template made: its folder, its template version and its answers.

    The answers file of a project that v0.1.0 made has no checksum. Where the template is not ours,
    `external` describes it.
    """

    root: Path
    version: str
    answers: Mapping[str, Any]
    has_checksum: bool = True
    external: External | None = None

    @property
    def record(self) -> str:
        """The file that records the template's version and the answers."""
        return self.external.record if self.external else ANSWERS_FILE

    @property
    def name(self) -> str:
        """What the project is called."""
        return str(self.answers.get("project_name") or self.root.name)


class BrokenRecordError(ScaffoldError):
    """An answers file is not as it was written."""


class OtherTemplateError(ScaffoldError):
    """An answers file is that of somebody else's template."""


def read_record(content: bytes, root: Path) -> Project:
    """Return the project at `root` whose answers file has this `content`.

    Raises `BrokenRecordError`, and `OtherTemplateError` for the project of another template.
    """
    import yaml

    path = root / ANSWERS_FILE
    try:
        text = content.decode().replace("\r\n", "\n")
        data = yaml.safe_load(text)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise BrokenRecordError(f"{path} is not valid YAML.", RESTORE) from error
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise BrokenRecordError(f"{path} contains no answers.", RESTORE)
    version, source = data.get("_commit"), data.get("_src_path")
    if source is None:
        raise BrokenRecordError(f"{path} does not name a template.", RESTORE)
    if source != RECORDED_PATH:
        raise OtherTemplateError(f"{path} names another template, {source}.")
    if not isinstance(version, str) or not VERSION.match(version):
        raise BrokenRecordError(f"{path} does not name a template version.", RESTORE)
    recorded = CHECKSUM.findall(text)
    if recorded and recorded != [answers_checksum(text)]:
        cure = "Undo the edit, and use scaffold set KEY=VALUE to change an answer."
        raise BrokenRecordError(f"{path} was edited by hand.", cure)
    answers = {key: value for key, value in data.items() if not key.startswith("_")}
    return Project(root, version, answers, has_checksum=bool(recorded))


def answers_checksum(text: str) -> str:
    """Return the checksum of an answers file: of its lines below the comment at its top."""
    body = re.sub(r"\A(#.*\n)+", "", text)
    return hashlib.sha256(body.encode()).hexdigest()
