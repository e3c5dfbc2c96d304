"""What each command does, between the command line and the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator import report
from generator import new as engine
from generator.answers import assignments, complete, read_answers_file
from generator.catalog import load_questions
from generator.errors import UsageError
from generator.names import check_project_name
from generator.sources import template_root

OPTIONS = ("framework", "database", "auth", "docker", "ci")


def new(name: str | None, **given: Any) -> int:
    """Make a project as the command line asks, and return the exit code."""
    questions = load_questions(template_root())
    if name is None:
        raise UsageError("The project needs a name.", "Write scaffold new NAME.")
    check_project_name(name)
    as_json, dry_run = given["as_json"], given["dry_run"]
    wants_install = (given["install"] or given["start"]) and not dry_run
    answers = complete(
        questions,
        name,
        options={key: given[key] for key in OPTIONS},
        assigned=assignments(given["pairs"]),
        file=read_answers_file(given["file"]) if given["file"] else {},
        preset=given["preset"],
        resources=given["resources"],
    )
    target = Path.cwd() / name
    if dry_run:
        project = engine.preview(target, answers)
    else:
        project = engine.create(target, answers, use_git=given["use_git"], lock=wants_install)
    if as_json:
        report.print_json(report.project_object(project, dry_run=dry_run))
    else:
        report.project_text(project, dry_run=dry_run)
    return 0
