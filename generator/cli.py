"""The command line. What a command does is in the other modules, imported when it runs."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from generator import __version__
from generator.errors import ScaffoldError, UsageError

INTERRUPTED = 130


class Answer(click.ParamType):
    """One of a question's choices, which are read only when they are needed."""

    name = "choice"

    def __init__(self, question: str) -> None:
        self.question = question

    def _values(self) -> list[str]:
        from generator.catalog import load_questions
        from generator.sources import template_root

        return load_questions(template_root())[self.question].values

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the choices for the help text."""
        return f"[{'|'.join(self._values())}]"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[Any]:
        """Return the choices that begin as typed."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(value) for value in self._values() if value.startswith(incomplete)]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="scaffold")
def scaffold() -> None:
    """Make backends that keep receiving their template's fixes."""


@scaffold.command()
@click.argument("name", required=False)
@click.option("--framework", type=Answer("framework"), help="Web framework.")
@click.option("--database", type=Answer("database"), help="Database to begin with.")
@click.option("--auth", type=Answer("auth"), help="Who may call the API.")
@click.option("--docker/--no-docker", default=None, help="Dockerfile and compose file.")
@click.option("--ci", type=Answer("ci"), help="Continuous integration.")
@click.option(
    "--resource",
    "resources",
    multiple=True,
    metavar='"NAME FIELD:TYPE..."',
    help="A resource of the API; repeat for more.",
)
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Answer any question.")
@click.option("--answers", "file", type=click.Path(path_type=Path), help="Answers in YAML or JSON.")
@click.option("--preset", type=click.Choice(["minimal", "full"]), help="Answers that go together.")
@click.option("--yes", is_flag=True, help="Ask nothing; take the defaults.")
@click.option("--dry-run", is_flag=True, help="Show the files; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--git/--no-git", "use_git", default=True, help="Make a repository and a commit.")
@click.option("--install", is_flag=True, help="Install the project's dependencies.")
@click.option("--start", is_flag=True, help="Install, then start the development server.")
def new(name: str | None, **given: Any) -> None:
    """Make the project NAME in the current folder."""
    from generator import commands

    sys.exit(commands.new(name, **given))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `scaffold`; every failure is one line and an exit code, never a traceback."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        # A name that the locale cannot show must not end the program.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        scaffold.main(arguments, prog_name="scaffold", standalone_mode=False)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        print("Interrupted; nothing is left behind.", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except Exception as error:
        if os.environ.get("SCAFFOLD_DEBUG"):
            raise
        sys.exit(_fail(error, as_json="--json" in arguments))


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _fail(error: Exception, *, as_json: bool) -> int:
    from generator import report

    known = _explain(error)
    report.failure(known, as_json=as_json)
    return known.exit_code


def _explain(error: Exception) -> ScaffoldError:
    if isinstance(error, ScaffoldError):
        return error
    if isinstance(error, click.ClickException):
        command = (
            error.ctx.command_path
            if isinstance(error, click.UsageError) and error.ctx
            else "scaffold"
        )
        return UsageError(error.format_message(), f"See {command} --help.")
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return ScaffoldError(f"{where}{error.strerror}.", "")
    what = f"{type(error).__name__}: {error}".replace("\n", " ")
    return ScaffoldError(
        f"This should not happen: {what}",
        "Run it again with SCAFFOLD_DEBUG=1 and report what it prints.",
    )
