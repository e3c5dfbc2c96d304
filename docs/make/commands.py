"""The commands and their options, as click knows them."""

from __future__ import annotations

from collections.abc import Iterator

import click

from generator.cli.main import scaffold

from .blocks import code, table


def all_commands(
    group: click.Group = scaffold, prefix: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    """Yield each command of the help text with its full name, in its order."""
    for name in group.list_commands(click.Context(group)):
        command = group.commands[name]
        if command.hidden:
            continue
        if isinstance(command, click.Group):
            yield from all_commands(command, (*prefix, name))
        else:
            yield " ".join((*prefix, name)), command


def commands() -> str:
    """Return the table of all commands, each with its arguments and its first sentence."""
    rows = [(code(_usage(name, command)), _summary(command)) for name, command in all_commands()]
    return table(("command", "what it does"), rows)


def options(*words: str) -> str:
    """Return the table of the options of the command that `words` name."""
    command = dict(all_commands())[" ".join(words)]
    context = click.Context(command)
    rows = [
        (_names(option, context), option.help or "")
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden
    ]
    return table(("option", ""), rows)


def _usage(name: str, command: click.Command) -> str:
    context = click.Context(command)
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    return " ".join(["scaffold", name, *(a.make_metavar(context) for a in arguments)])


def _summary(command: click.Command) -> str:
    return " ".join((command.help or "").split("\n\n")[0].split())


def _names(option: click.Option, context: click.Context) -> str:
    names = ", ".join(code(name) for name in [*option.opts, *option.secondary_opts])
    if option.is_flag:
        return names
    return f"{names} {code(option.make_metavar(context))}"
