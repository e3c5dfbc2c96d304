"""The commands for projects that stand already. What they do is imported when they run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from generator.cli import words


def changing(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every command has which changes a project."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object; ask nothing."),
        click.option(
            "-y", "--yes", is_flag=True, help="Ask nothing: change uncommitted files and data too."
        ),
        click.option(
            "--force",
            is_flag=True,
            help="Delete files that the template dropped, even with your edits.",
        ),
        click.option(
            "--report",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="Write a description for a pull request to FILE, as Markdown.",
        ),
        click.option(
            "-v",
            "--verbose",
            is_flag=True,
            help="Also list files that were merged without a conflict.",
        ),
        click.option("--diff", is_flag=True, help="Show the changes as a git diff."),
        click.option(
            "-n", "--dry-run", is_flag=True, help="Show what would change; write nothing."
        ),
    ):
        command = option(command)
    return command


def of_templates(command: Callable[..., None]) -> Callable[..., None]:
    """Add what concerns other people's templates."""
    return words.answers_file(words.trust(command))


_owner = click.option(
    "--owner", metavar="EMAIL", help="Email of the account that will own the existing rows."
)


@click.command(
    epilog=words.examples(
        "scaffold update --dry-run --diff", "scaffold update", "scaffold update --continue"
    )
)
@words.to_version
@click.option("--check", is_flag=True, help="Only report whether there is a newer version.")
@click.option(
    "--continue", "finish", is_flag=True, help="Finish a change whose conflicts are resolved."
)
@click.option("--abort", is_flag=True, help="Undo a change that has conflicts.")
@of_templates
@changing
@click.pass_context
def update(
    context: click.Context,
    /,
    to: str | None,
    check: bool,
    finish: bool,
    abort: bool,
    **given: Any,
) -> None:
    """Bring the project to the newest version of its template."""
    from generator.cli import change

    if finish or abort:
        others = {"to": to, "check": check, **given, "as_json": False}
        if finish:
            change.check_alone("continue", {**others, "abort": abort, "verbose": False})
            context.exit(change.finish(verbose=given["verbose"], as_json=given["as_json"]))
        change.check_alone("abort", {**others, "force": False})
        context.exit(change.abort(force=given["force"], as_json=given["as_json"]))
    if check:
        change.check_alone("check", {"report": given["report"]})
        record = given["answers_file"]
        context.exit(change.check(to=to, record=record, as_json=given["as_json"]))
    context.exit(change.update(change.Arguments(**given), to=to))


@click.command(epilog=words.examples("scaffold add docker github", "scaffold add docker --dry-run"))
@click.argument("features", nargs=-1, required=True, shell_complete=words.features(wanted=True))
@_owner
@changing
@click.pass_context
def add(context: click.Context, /, features: Sequence[str], **given: Any) -> None:
    """Add FEATURES to the project, such as docker or github."""
    from generator.cli import change

    context.exit(change.add(features, change.Arguments(**given)))


@click.command(epilog=words.examples("scaffold remove docker", "scaffold remove ci --diff -n"))
@click.argument("features", nargs=-1, required=True, shell_complete=words.features(wanted=False))
@changing
@click.pass_context
def remove(context: click.Context, /, features: Sequence[str], **given: Any) -> None:
    """Remove FEATURES from the project."""
    from generator.cli import change

    context.exit(change.remove(features, change.Arguments(**given)))


@click.command(
    "set",
    epilog=words.examples(
        "scaffold set database=postgres", 'scaffold set ci=gitlab "description=A shop."'
    ),
)
@click.argument(
    "pairs",
    metavar="KEY=VALUE...",
    nargs=-1,
    required=True,
    shell_complete=words.pairs("framework"),
)
@_owner
@of_templates
@changing
@click.pass_context
def set_(context: click.Context, /, pairs: Sequence[str], **given: Any) -> None:
    """Change answers of the project, such as database=postgres."""
    from generator.cli import change

    context.exit(change.set_(pairs, change.Arguments(**given)))


@click.command(epilog=words.examples("scaffold status", "scaffold status --check"))
@click.option("--check", is_flag=True, help="Exit with 5 where files differ from the template's.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@of_templates
@click.pass_context
def status(context: click.Context, /, check: bool, as_json: bool, **template: Any) -> None:
    """Show the project's version and its edited files."""
    from generator.cli import inspect as inspecting

    options = inspecting.options(**template)
    context.exit(inspecting.status(options, check=check, as_json=as_json))


@click.command(epilog=words.examples("scaffold diff", "scaffold diff app/main.py"))
@click.argument("paths", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--exit-code", "check", is_flag=True, help="Exit with 5 where there is a difference.")
@of_templates
@click.pass_context
def diff(context: click.Context, /, paths: Sequence[Path], check: bool, **template: Any) -> None:
    """Show your edits to what the template made."""
    from generator.cli import inspect as inspecting

    context.exit(inspecting.diff(paths, inspecting.options(**template), check=check))


@click.command(epilog=words.examples("scaffold doctor", "scaffold doctor --json"))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def doctor(context: click.Context, /, as_json: bool) -> None:
    """Check this machine for problems, and suggest fixes."""
    from generator.cli import inspect as inspecting

    context.exit(inspecting.doctor(as_json=as_json))


@click.command(epilog=words.examples("scaffold dev", "PORT=8001 scaffold dev"))
@click.pass_context
def dev(context: click.Context) -> None:
    """Run the project's development server. The uv that came with scaffold is used."""
    from generator.cli import tasks

    context.exit(tasks.dev())


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog=words.examples("scaffold test", "scaffold test -x -k login"),
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, shell_complete=words.files)
@click.pass_context
def test(context: click.Context, arguments: Sequence[str]) -> None:
    """Run the project's tests. ARGUMENTS go to pytest; the uv that came with scaffold is used."""
    from generator.cli import tasks

    context.exit(tasks.test(arguments))


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog=words.examples("scaffold uv sync", "scaffold uv run poe seed"),
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, shell_complete=words.files)
@click.pass_context
def uv(context: click.Context, arguments: Sequence[str]) -> None:
    """Run the uv that came with scaffold, in the project, with ARGUMENTS."""
    from generator.cli import tasks

    context.exit(tasks.uv(arguments))
