"""The commands that tell about scaffold itself; each imports what it does."""

from __future__ import annotations

from collections.abc import Sequence

import click

from generator.cli import words


@click.command("list", epilog=words.examples("scaffold list", "scaffold list --json"))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@words.no_config
def list_(as_json: bool, no_config: bool) -> None:
    """Show frameworks, features, presets and exclusions."""
    from generator.cli import catalog

    catalog.list_(no_config=no_config, as_json=as_json)


@click.command(
    epilog=words.examples("scaffold schema", "scaffold schema --json > answers.schema.json")
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON Schema of an answers file.")
@click.option("-t", "--template", metavar="TEMPLATE", help="The questions of another template.")
@click.option("--directory", metavar="DIR", help="Folder of the template in its repository.")
def schema(as_json: bool, template: str | None, directory: str | None) -> None:
    """Show every question, its type and its default."""
    if template is not None:
        from generator.cli import external_schema

        external_schema.schema(template, directory or "", as_json=as_json)
        return
    words.need_template(directory=directory)
    from generator.cli import catalog

    catalog.schema(as_json=as_json)


@click.command(
    epilog=words.examples(
        'eval "$(scaffold completion bash)"',
        "scaffold completion fish > ~/.config/fish/completions/scaffold.fish",
        "scaffold completion powershell | Out-String | Invoke-Expression",
    )
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish", "powershell"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script for a shell."""
    from generator.cli import shells

    click.echo(shells.script(shell, context.find_root().command))


def _names(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a command, of a group's where the group is given already."""
    command = context.find_root().command
    for name in context.params.get("names") or ():
        command = getattr(command, "commands", {}).get(name, command)
    return [name for name in getattr(command, "commands", {}) if name.startswith(incomplete)]


@click.command("help", epilog=words.examples("scaffold help new", "scaffold help fleet update"))
@click.argument("names", metavar="[COMMAND]...", nargs=-1, shell_complete=_names)
@click.pass_context
def help_(context: click.Context, names: Sequence[str]) -> None:
    """Show the help of a command."""
    shown = context.find_root()
    for name in names:
        group = shown.command
        found = group.get_command(shown, name) if isinstance(group, click.Group) else None
        if found is None:
            raise click.UsageError(f"No such command {name!r}.", shown)
        shown = click.Context(found, shown, name)
    click.echo(shown.get_help())
