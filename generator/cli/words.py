"""Arguments that a shell can complete, and the examples in help texts.

What there is to complete is read from the template when a shell asks, and never for help alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Completer = Callable[[click.Context, click.Parameter, str], "list[CompletionItem[Any]] | list[str]"]


class LazyChoice(click.ParamType[str]):
    """A word whose choices are read for help and completion; the command itself checks it."""

    name = "choice"

    def __init__(self, choices: Callable[[], list[str]]) -> None:
        self.choices = choices

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Return the choices for the help text."""
        return f"[{'|'.join(self.choices())}]"

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem[Any]]:
        """Return the choices that begin as typed."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(word) for word in self.choices() if word.startswith(incomplete)]


def answers_to(question: str) -> LazyChoice:
    """Return the type of an option that answers `question`."""

    def choices() -> list[str]:
        from generator.cli import candidates

        return candidates.values(question)

    return LazyChoice(choices)


def presets() -> LazyChoice:
    """Return the type of an option that names a preset."""

    def choices() -> list[str]:
        from generator.cli import candidates

        return candidates.presets()

    return LazyChoice(choices)


def features(*, wanted: bool) -> Completer:
    """Return what completes the features that can be added, or removed unless `wanted`."""

    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
        from generator.cli import candidates

        given = ctx.params.get("features") or ()
        return _beginning(incomplete, candidates.features(wanted=wanted), given)

    return complete


def pairs(*fixed: str) -> Completer:
    """Return what completes KEY=VALUE, but for the keys that are `fixed`."""

    def complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
        from generator.cli import candidates

        return _beginning(incomplete, candidates.pairs(fixed))

    return complete


def nothing(_context: click.Context, _parameter: click.Parameter, _incomplete: str) -> list[str]:
    """Complete nothing: the word is new."""
    return []


def resources(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete a resource of the current project."""
    from generator.cli import candidates

    return _beginning(incomplete, list(candidates.resources()))


def fields(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete a field of the resource that is named before it."""
    from generator.cli import candidates

    known = candidates.resources().get(context.params.get("resource") or "", [])
    return _beginning(incomplete, known, context.params.get("names") or ())


def endpoints(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete an endpoint of the resource that is named before it."""
    from generator.cli import candidates

    known = candidates.endpoints().get(context.params.get("resource") or "", [])
    return _beginning(incomplete, known)


def methods(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete a method of HTTP."""
    from generator.questions.endpoints import METHODS

    return _beginning(incomplete.upper(), METHODS)


def resource(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete types and modifiers of the fields of a resource."""
    from generator.cli import candidates

    return candidates.resource(incomplete, context.params.get("resources") or ())


def new_name(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete the options after the name of a new resource."""
    from generator.cli import candidates

    return candidates.new_name(incomplete)


def access(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete the options of who owns, reads and writes the rows of a resource."""
    from generator.cli import candidates

    given = context.params.get("options") or ()
    return _beginning(incomplete, candidates.access_options(given))


def new_fields(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete types and modifiers of the fields of the resource that is named before them."""
    from generator.cli import candidates

    name = context.params.get("resource") or context.params.get("name") or ""
    return candidates.new_fields(incomplete, name)


def versions(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete a version of the template."""
    from generator.cli import candidates

    return _beginning(incomplete, candidates.versions())


def files(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[Any]]:
    """Leave it to the shell to complete a file."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def to_version(command: Callable[..., None]) -> Callable[..., None]:
    """Add the option that names the version of an update."""
    return click.option(
        "--to",
        metavar="VERSION",
        help="Update to this version, not to the newest.",
        shell_complete=versions,
    )(command)


def no_config(command: Callable[..., None]) -> Callable[..., None]:
    """Add the option that ignores the user's own settings."""
    return click.option("--no-config", is_flag=True, help="Ignore ~/.config/scaffold/config.toml.")(
        command
    )


def trust(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say whether code of a template runs."""
    for option in (
        click.option("--trust", is_flag=True, help="Let code of the template run: hooks, tasks."),
        click.option("--no-hooks", is_flag=True, help="Leave the template's hooks and tasks out."),
    ):
        command = option(command)
    return command


answers_file = click.option(
    "--answers-file",
    metavar="FILE",
    default="",
    help="Record of the template, in a project with several.",
)


def need_template(**options: object) -> None:
    """Raise `click.UsageError` for an option that has no meaning without --template."""
    for name, value in options.items():
        if value:
            option = "--" + name.replace("_", "-")
            raise click.UsageError(f"{option} needs --template.")


def help_alone(group: click.Context) -> None:
    """Show the help of a group that is called without one of its commands."""
    if group.invoked_subcommand is None:
        click.echo(group.get_help())


def examples(*lines: str) -> str:
    """Return the end of a help text with command lines that can be typed as they are."""
    # click fills paragraphs, but for those that begin with this character.
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def _beginning(incomplete: str, words: Sequence[str], given: Sequence[str] = ()) -> list[str]:
    """Return those of `words` that begin as typed and are not `given` already."""
    return [word for word in words if word.startswith(incomplete) and word not in given]
