"""What a pull request says of a change, as Markdown."""

from __future__ import annotations

import os
import re
from pathlib import Path

from generator.cli.change_output import kinds_of, summary
from generator.engine.change import ChangeResult
from generator.errors import ScaffoldError, UsageError
from generator.text import counted, shown

# What is no plain text: code, and words that could be the mention of a person.
SPECIAL = re.compile(r"(`[^`]*`|\S*@\S*)")


def check_place(path: Path) -> None:
    """Raise `UsageError` where no report can be written to `path`."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", "Name a file for --report.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}.", "Make it, or name another file.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise UsageError(f"{path} cannot be written.", "Name another file for --report.")


def write(result: ChangeResult, path: Path) -> None:
    """Write the report of a change that has been made, or planned, to `path`."""
    try:
        path.write_text(as_markdown(result), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        what = f"{path}: {error.strerror}; the report is not complete."
        raise ScaffoldError(what, "See scaffold status for what became of the change.") from error


def as_markdown(result: ChangeResult) -> str:
    """Return the text of a pull request: what came, what to do, and what to look at."""
    advice = result.advice
    sections = {
        "Conflicts": [f"[ ] {_code(found.path)}: {found.reason}." for found in result.conflicts],
        "Action required": [f"[ ] {as_text(line)}" for line in advice.you_must_do],
        "Review": [as_text(line) for line in advice.please_look],
        "Before deploying": [f"[ ] {as_text(line)}" for line in advice.before_you_deploy],
        "Good to know": [*_answers(result), *map(as_text, advice.good_to_know)],
    }
    parts = [as_text(summary(result))]
    for heading, lines in sections.items():
        if lines:
            parts.append("\n".join([f"## {heading}", "", *(f"- {line}" for line in lines)]))
    files = _files(result)
    if files:
        count = counted(len(files), "file")
        parts += [f"<details>\n<summary>{count}</summary>", "\n".join(files), "</details>"]
    return "\n\n".join(parts) + "\n"


def _answers(result: ChangeResult) -> list[str]:
    if result.change is None:
        return []
    old, new = result.project.answers, result.change.answers
    return [
        f"{_code(key)} was {_code(shown(old[key]))} and is {_code(shown(new[key]))}."
        for key in old
        if old[key] != new.get(key, old[key])
    ]


def _files(result: ChangeResult) -> list[str]:
    merged = dict.fromkeys(result.advice.merged, ", merged with your edits")
    return [
        f"- {_code(path)}: {kind}{merged.get(path, '')}"
        for path, kind in sorted(kinds_of(result).items())
    ]


def _code(text: str) -> str:
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def as_text(line: str) -> str:
    """Return a sentence that Markdown shows as it is, and that mentions nobody."""
    return "".join(
        part if part.startswith("`") else _code(part) if "@" in part else _escaped(part)
        for part in SPECIAL.split(line)
    )


def _escaped(text: str) -> str:
    return re.sub(r"[\\*_<\[~]", r"\\\g<0>", text)
