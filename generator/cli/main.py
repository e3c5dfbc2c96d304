"""The command line. What a command does is in the other modules, imported when it runs."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from generator import __version__
from generator.cli import words
from generator.cli.about import completion, help_, list_, schema
from generator.cli.files import adopt, resolve, skip, unskip
from generator.cli.project import (
    add,
    dev,
    diff,
    doctor,
    remove,
    set_,
    status,
    test,
    update,
    uv,
)
from generator.cli.projects import fleet
from generator.cli.resource_changes import destroy, rename
from generator.cli.resources import generate
from generator.cli.sources import import_
from generator.cli.validating import validate

if TYPE_CHECKING:
    from generator.errors import ScaffoldError

COMPLETING = "_SCAFFOLD_COMPLETE"  # a shell sets it when it asks for candidates


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    epilog=words.examples(
        "scaffold new shop --framework django",
        "scaffold update",
        "scaffold help new",
    ),
)
@click.version_option(__version__, "-V", "--version", prog_name="scaffold")
@click.pass_context
def scaffold(context: click.Context) -> None:
    """Create backends, and keep them up to date with their template."""
    words.help_alone(context)


@scaffold.command(
    epilog=words.examples(
        "scaffold new shop",
        "scaffold new shop -f django -d postgres --preset full --yes",
        'scaffold new shop --resource "book title:str author:ref=user" --start',
        "scaffold new site --template gh:cookiecutter/cookiecutter-django",
    )
)
@click.argument("name", required=False)
@click.option("-f", "--framework", type=words.answers_to("framework"), help="Web framework.")
@click.option("-d", "--database", type=words.answers_to("database"), help="Default database.")
@click.option("--auth", type=words.answers_to("auth"), help="Authentication.")
@click.option("--docker/--no-docker", default=None, help="Dockerfile and Compose file.")
@click.option("--ci", type=words.answers_to("ci"), help="Continuous integration.")
@click.option("--jobs", type=words.answers_to("jobs"), help="Background jobs.")
@click.option("--observability", type=words.answers_to("observability"), help="Telemetry.")
@click.option("--storage", type=words.answers_to("storage"), help="Uploads and downloads.")
@click.option(
    "--resource",
    "resources",
    multiple=True,
    metavar="TEXT",
    help='A resource of the API, such as "product name:str price:decimal". Repeat for more.',
    shell_complete=words.resource,
)
@click.option(
    "--set",
    "pairs",
    multiple=True,
    metavar="KEY=VALUE",
    help="Answer any question.",
    shell_complete=words.pairs("project_name"),
)
@click.option(
    "--answers",
    "file",
    type=click.Path(path_type=Path),
    help="Read answers from a YAML or JSON file.",
)
@click.option("--preset", type=words.presets(), help="A named set of answers.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing; use the defaults.")
@click.option("-n", "--dry-run", is_flag=True, help="Show the files; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; ask nothing.")
@words.no_config
@click.option(
    "-t",
    "--template",
    metavar="TEMPLATE",
    help="Another template than scaffold's: gh:owner/name@v1.2, a git URL, a folder or a zip file.",
)
@click.option("--directory", metavar="DIR", help="Folder of the template in its repository.")
@words.trust
@click.option("--no-git", is_flag=True, help="Do not create a git repository.")
@click.option("--install", is_flag=True, help="Install the dependencies.")
@click.option("--start", is_flag=True, help="Install, then run the development server.")
@click.pass_context
def new(
    context: click.Context,
    /,
    name: str | None,
    resources: Sequence[str],
    pairs: Sequence[str],
    file: Path | None,
    preset: str | None,
    template: str | None,
    directory: str | None,
    trust: bool,
    no_hooks: bool,
    **given: Any,
) -> None:
    """Create the project NAME in the current folder."""
    from generator.cli.wizard import ASKED

    options = {key: given.pop(key) for key in ASKED}
    if template is not None:
        from generator.cli import external

        refused = {**options, "resource": resources, "preset": preset}
        place = directory or ""
        of_template = external.Arguments(template, place, pairs, file, trust, no_hooks, **given)
        context.exit(external.new(name, of_template, refused))
    words.need_template(directory=directory, trust=trust, no_hooks=no_hooks)
    from generator.cli import new as command

    answered = {key: value for key, value in options.items() if value is not None}
    arguments = command.Arguments(answered, resources, pairs, file, preset, **given)
    context.exit(command.new(name, arguments, context.obj or []))


for command in (
    update,
    resolve,
    add,
    remove,
    set_,
    skip,
    unskip,
    adopt,
    status,
    diff,
    dev,
    test,
    uv,
    doctor,
    fleet,
    generate,
    destroy,
    rename,
    import_,
    validate,
    list_,
    schema,
    completion,
    help_,
):
    scaffold.add_command(command)
for alias, group in (("g", generate), ("d", destroy)):
    hidden = copy(group)
    hidden.hidden = True
    scaffold.add_command(hidden, alias)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run `scaffold` and exit; every failure is one line and an exit code, never a traceback."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        # A name that the locale cannot show must not end the program.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _interrupt)
    if COMPLETING in os.environ:
        from generator.cli import shells  # noqa: F401
    gc.disable()  # a short life: collecting while modules load, and at the end, takes a sixth of it
    try:
        code = scaffold.main(arguments, "scaffold", standalone_mode=False, obj=arguments)
    except BrokenPipeError:  # `scaffold list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (Exception, KeyboardInterrupt) as error:
        if os.environ.get("SCAFFOLD_DEBUG"):
            raise
        if COMPLETING in os.environ:
            sys.exit(1)  # the shell has nothing to complete; a message would be in the way
        code = _fail(error, as_json=_wants_json(arguments))
    gc.freeze()
    sys.exit(code)


def _wants_json(arguments: Sequence[str]) -> bool:
    """Tell whether JSON is printed; `scaffold validate` may write it to a file instead."""
    if "--json" not in arguments:
        return False
    after = arguments[arguments.index("--json") + 1 :]
    return arguments[0] != "validate" or after[:1] == ["-"]


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _fail(error: BaseException, *, as_json: bool) -> int:
    from generator.cli import output as report

    explained = _explain(error)
    report.failure(explained, as_json=as_json)
    return explained.exit_code


def _explain(error: BaseException) -> ScaffoldError:
    from generator.errors import Interruption, ScaffoldError, UsageError

    match error:
        case ScaffoldError():
            return error
        case KeyboardInterrupt() | click.Abort():
            return Interruption("Interrupted.", "Nothing incomplete was left behind.")
        case click.UsageError():
            command = error.ctx.command_path if error.ctx else "scaffold"
            message = error.format_message()
            stop = "" if message.endswith((".", "?")) else "."
            return UsageError(message + stop, f"See {command} --help.")
        case OSError() if error.strerror:
            where = f"{error.filename}: " if error.filename else ""
            return ScaffoldError(f"{where}{error.strerror}.", "Nothing was changed.")
    what = " ".join(f"{type(error).__name__}: {error}".split())
    cure = "Run it again with SCAFFOLD_DEBUG=1 and report what it prints."
    return ScaffoldError(f"This should not happen: {what}.", cure)
