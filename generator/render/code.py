"""What a template would run: hooks, tasks, migrations and Jinja extensions are code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import ScaffoldError
from generator.versions.engines import COOKIECUTTER

HOOKS = {"pre_prompt", "pre_gen_project", "post_gen_project"}
# These come with the renderers themselves.
HARMLESS = ("cookiecutter.extensions.", "jinja2.ext.", "jinja2_ansible_filters.")


@dataclass(frozen=True)
class Code:
    """What of a template runs, in words, and a digest of it; `always` cannot be left out."""

    always: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    digest: str = ""

    def running(self, *, hooks: bool) -> tuple[str, ...]:
        """Return what runs when a project is rendered, with or without `hooks` and tasks."""
        return (*self.always, *(self.optional if hooks else ()))


def code_of(engine: str, root: Path, *, migrates: bool = False) -> Code:
    """Return the code of the template in the folder `root`; nothing of it is run.

    Migrations count where the project `migrates`. Raises `ScaffoldError` for a template that
    cannot be read.
    """
    found = list(_of_cookiecutter(root) if engine == COOKIECUTTER else _of_copier(root, migrates))
    digest = hashlib.sha256()
    for _, words, content in sorted(found):
        digest.update(words.encode() + b"\0" + content + b"\0")
    return Code(
        tuple(words for always, words, _ in found if always),
        tuple(words for always, words, _ in found if not always),
        digest.hexdigest() if found else "",
    )


def _of_cookiecutter(root: Path) -> Iterator[tuple[bool, str, bytes]]:
    for hook in sorted((root / "hooks").glob("*")) if (root / "hooks").is_dir() else ():
        if hook.stem in HOOKS and not hook.name.endswith("~"):
            yield False, f"the hook {hook.name}", hook.read_bytes()
    yield from _extensions(root, cookiecutter_json(root).get("_extensions") or [])


def cookiecutter_json(root: Path) -> dict[str, Any]:
    """Return the questions of the template at `root`; raises `ScaffoldError`."""
    try:
        asked = json.loads((root / "cookiecutter.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ScaffoldError(f"The template's cookiecutter.json cannot be read: {error}.") from error
    if not isinstance(asked, dict):
        raise ScaffoldError("The template's cookiecutter.json has no questions.")
    return asked


def _of_copier(root: Path, migrates: bool) -> Iterator[tuple[bool, str, bytes]]:
    settings = settings_of(root)
    kinds = [("task", "_tasks"), *([("migration", "_migrations")] if migrates else [])]
    for kind, key in kinds:
        for entry in settings.get(key) or []:
            words = entry.get("command", entry) if isinstance(entry, dict) else entry
            shown = words if isinstance(words, str) else json.dumps(words, default=str)
            yield False, f"the {kind} {shown!r}", json.dumps(entry, default=str).encode()
    yield from _extensions(root, settings.get("_jinja_extensions") or [])


def _extensions(root: Path, names: list[Any]) -> Iterator[tuple[bool, str, bytes]]:
    own = sorted(root.rglob("*.py")) if names else []
    for name in map(str, names):
        if name.startswith(HARMLESS):
            continue
        module = name.replace(":", ".").split(".")[0]
        files = [path for path in own if module in {path.stem, *path.relative_to(root).parts}]
        yield True, f"the Jinja extension {name}", b"".join(path.read_bytes() for path in files)


def question_names(engine: str, root: Path) -> list[str]:
    """Return what the template in the folder `root` asks; raises `ScaffoldError`."""
    if engine != COOKIECUTTER:
        return [name for name in settings_of(root) if not name.startswith("_")]
    return [name for name in cookiecutter_json(root) if not name.startswith("_")]


def settings_of(root: Path) -> dict[str, Any]:
    """Return copier's settings and questions of the template at `root`, as copier reads them.

    Raises `ScaffoldError` where that cannot be done.
    """
    import copier.errors
    import yaml
    from copier._template import load_template_config

    files = [path for path in (root / "copier.yml", root / "copier.yaml") if path.is_file()]
    if len(files) > 1:
        raise ScaffoldError("The template has copier.yml and copier.yaml.", "Remove one of them.")
    try:
        return dict(load_template_config(files[0], quiet=True)) if files else {}
    except (copier.errors.CopierError, yaml.YAMLError, ValueError, TypeError) as error:
        reason = " ".join(str(error.__cause__ or error).split())
        raise ScaffoldError(f"The template's {files[0].name} is damaged: {reason}") from error
