"""The records of projects made from other people's templates: copier's answers file, cruft's JSON.

They stay what the other tools read and write: `copier update` and `cruft` go on working.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from generator.errors import ScaffoldError
from generator.project.record import ANSWERS_FILE, RESTORE, External, Project
from generator.tree import File
from generator.versions.engines import COOKIECUTTER, COPIER

CRUFT_FILE = ".cruft.json"
CONTEXT = "cookiecutter"  # the key of the answers in cruft's context


def records_in(folder: Path) -> list[str]:
    """Return the names of the records in `folder`, copier's default one first."""
    found = {path.name for path in folder.glob(".copier-answers*.y*ml") if path.is_file()}
    ours = [ANSWERS_FILE] if ANSWERS_FILE in found else []
    cruft = [CRUFT_FILE] if (folder / CRUFT_FILE).is_file() else []
    return [*ours, *sorted(found - {ANSWERS_FILE}), *cruft]


def read(root: Path, record: str) -> Project:
    """Return the project at `root` that the file `record` describes; raises `ScaffoldError`."""
    path = root / record
    text = path.read_bytes().decode(errors="replace")
    if path.suffix == ".json":
        return _of_cruft(root, record, text)
    return _of_copier(root, record, text)


def _of_copier(root: Path, record: str, text: str) -> Project:
    import yaml

    try:
        data = yaml.safe_load(text)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise _broken(root, record, "is not valid YAML") from error
    if not isinstance(data, dict) or not isinstance(data.get("_src_path"), str):
        raise _broken(root, record, "does not name a template")
    version = data.get("_commit")
    if not isinstance(version, str) or not version:
        what = f"{root / record} names no version of the template {data['_src_path']}."
        raise ScaffoldError(what, "It can be updated only if the template is a git repository.")
    answers = {str(key): value for key, value in data.items() if not str(key).startswith("_")}
    external = External(COPIER, data["_src_path"], record, content=data)
    return Project(root, version, answers, external=external)


def _of_cruft(root: Path, record: str, text: str) -> Project:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _broken(root, record, "is not valid JSON") from error
    data = data if isinstance(data, dict) else {}
    context = data.get("context")
    known = context.get(CONTEXT) if isinstance(context, dict) else None
    template, commit = data.get("template"), data.get("commit")
    if not isinstance(template, str) or not isinstance(commit, str) or not isinstance(known, dict):
        raise _broken(root, record, "does not name a template, a commit and a context")
    answers = {key: value for key, value in known.items() if not key.startswith("_")}
    external = External(
        COOKIECUTTER,
        template,
        record,
        directory=data.get("directory") or "",
        checkout=data.get("checkout") or "",
        content=data,
    )
    return Project(root, commit, answers, external=external)


def cruft_record(
    content: Mapping[str, Any],
    *,
    source: str,
    commit: str,
    checkout: str,
    directory: str,
    context: Mapping[str, Any],
) -> File:
    """Return cruft's record, as cruft writes it; what else the `content` so far has is kept."""
    known = {
        "template": source,
        "commit": commit,
        "checkout": checkout or None,
        "context": context,
        "directory": directory or None,
    }
    text = json.dumps({**content, **known}, ensure_ascii=False, indent=2, separators=(",", ": "))
    return File(f"{text}\n".encode())


def replayed(url: str, name: str) -> dict[str, Any]:
    """Return what cookiecutter last answered to the template at `url`.

    Nothing is returned where that was for another project than that called `name`.
    """
    template = url.rstrip("/").rpartition("/")[2].removesuffix(".git")
    try:
        text = (Path.home() / ".cookiecutter_replay" / f"{template}.json").read_text("utf-8")
        context = json.loads(text)[CONTEXT]
        answers = {key: value for key, value in context.items() if not key.startswith("_")}
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return answers if name in answers.values() else {}


def skipped_by_cruft(project: Project) -> list[str]:
    """Return what cruft is told to leave alone, as patterns of a .gitignore."""
    if project.external is None or project.external.engine != COOKIECUTTER:
        return []
    listed = [*_texts(project.external.content.get("skip")), *_of_pyproject(project.root)]
    return [f"/{path.removeprefix('./').strip('/')}" for path in listed]


def with_skips(old: File, *, add: Collection[str] = (), remove: Collection[str] = ()) -> File:
    """Return cruft's record with patterns more or fewer; cruft's have no slash at their start."""
    data = json.loads(old.content)
    names = {pattern.removeprefix("/") for pattern in remove}
    kept = [entry for entry in _texts(data.get("skip")) if entry not in names]
    skip = [*kept, *(pattern.removeprefix("/") for pattern in add)]
    data = {**data, "skip": skip} if skip else {k: v for k, v in data.items() if k != "skip"}
    text = json.dumps(data, ensure_ascii=False, indent=2, separators=(",", ": "))
    return File(f"{text}\n".encode(), old.mode)


def _of_pyproject(root: Path) -> list[str]:
    import tomllib

    try:
        data = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        return _texts(data["tool"]["cruft"]["skip"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _texts(value: Any) -> list[str]:
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []


def _broken(root: Path, record: str, what: str) -> ScaffoldError:
    cure = RESTORE.replace(ANSWERS_FILE, record)
    return ScaffoldError(f"{root / record} {what}.", cure)
