"""What people and programs are told: text for a person, one JSON object for a program."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from generator.errors import ScaffoldError
from generator.new import Project

BASE_URL = "http://localhost:8000"
URLS = {"API": f"{BASE_URL}/api/v1", "Docs": f"{BASE_URL}/docs"}


def say(text: str, style: str = "", *, error: bool = False) -> None:
    """Print a line, in colour where a terminal wants it; `style` is one of rich's."""
    stream = sys.stderr if error else sys.stdout
    if style and stream.isatty() and os.environ.get("TERM") != "dumb":
        from rich.console import Console
        from rich.text import Text

        Console(file=stream, highlight=False, soft_wrap=True).print(Text(text, style=style))
    else:
        print(text, file=stream, flush=True)


def failure(error: ScaffoldError, *, as_json: bool) -> None:
    """Tell what went wrong and how to cure it."""
    if as_json:
        problem = {"message": error.message, "hint": error.hint, "code": error.code}
        print_json({"error": problem})
    else:
        say(f"Error: {error.message} {error.hint}".rstrip(), "red", error=True)


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object; escapes keep it readable in any locale."""
    print(json.dumps(value, indent=2), flush=True)


def next_steps(project: Project) -> list[str]:
    """Return the commands that are left until the project runs."""
    return [f"cd {project.path.name}", "uv run poe dev"]


def project_object(project: Project, *, dry_run: bool) -> dict[str, Any]:
    """Return what --json prints of a project."""
    return {
        "project": project.answers["project_name"],
        "path": str(project.path),
        "version": project.version,
        "dry_run": dry_run,
        "answers": dict(project.answers),
        "files": project.files,
        "committed": project.committed,
        "installed": project.installed,
        "notes": project.notes,
        "next": next_steps(project),
        "urls": URLS,
        "milliseconds": project.milliseconds,
    }


def project_text(project: Project, *, dry_run: bool) -> None:
    """Tell a person what was made and what is left to do."""
    count = f"{len(project.files)} files, {project.milliseconds} ms"
    if dry_run:
        for file in project.files:
            say(f"  {file}")
        say(f"{project.path.name} would have {count}. Nothing was written.")
        return
    commit = ", first commit" if project.committed else ""
    say(f"Made {project.path.name}: {count}{commit}.", "bold green")
    for note in project.notes:
        say(f"Note: {note}", "yellow")
    say("\nNext:")
    for step in next_steps(project):
        say(f"  {step}", "cyan")
    say("")
    for name, url in URLS.items():
        say(f"  {name:6}{url}")
