"""Other people's templates on the command line: `new --template`, questions and trust."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator.cli.output import print_json, say
from generator.cli.prompting import Back, Option
from generator.engine import trust as trusting
from generator.engine.options import ChangeOptions
from generator.errors import ScaffoldError, TrustNeededError, UsageError
from generator.questions.given import assignments, read_answers_file
from generator.questions.prompt import (
    BOOL,
    ONE,
    SECRET,
    SEVERAL,
    Ask,
    PreviousError,
    Prompt,
)
from generator.text import counted

if TYPE_CHECKING:
    from generator.engine.external_new import ExternalProject

Result = TypeVar("Result")
Options = TypeVar("Options", bound=ChangeOptions)
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Arguments:
    """The arguments of `scaffold new --template`."""

    template: str
    directory: str
    pairs: Sequence[str]
    file: Path | None
    trust: bool
    no_hooks: bool
    yes: bool
    dry_run: bool
    as_json: bool
    no_git: bool
    no_config: bool
    install: bool
    start: bool

    @property
    def may_ask(self) -> bool:
        """Tell whether a person is there to be asked."""
        ci = os.environ.get("CI", "").lower() not in {"", "0", "false"}
        return not (self.yes or self.file or ci) and can_ask(quiet=self.as_json)


def new(name: str | None, arguments: Arguments, refused: Mapping[str, Any]) -> int:
    """Make a project from somebody else's template, and return the exit code.

    Options that only scaffold's own template has are `refused`.
    """
    from generator.engine import external_new
    from generator.versions.address import parse

    if name is None:
        raise UsageError("The project has no name.", "Write scaffold new NAME --template ...")
    own = {**refused, "install": arguments.install, "start": arguments.start}
    for option, value in own.items():
        if value:
            what = f"--{option.replace('_', '-')} is for scaffold's own template."
            raise UsageError(what, "Answer the template's questions with --set KEY=VALUE.")
    address = parse(arguments.template, Path.cwd())
    given = {**file_answers(arguments.file), **assignments(arguments.pairs)}
    ask = terminal_ask() if arguments.may_ask else None
    change = ChangeOptions(trust=arguments.trust, hooks=not arguments.no_hooks, ask=ask)

    def make(options: ChangeOptions) -> ExternalProject:
        wanted = external_new.NewOptions(
            options, arguments.directory, not arguments.no_git, arguments.dry_run
        )
        return external_new.create(Path.cwd() / name, address, given, wanted)

    made = trusted(make, change, quiet=arguments.as_json)
    _report(made, arguments)
    return 0


def trusted(do: Callable[[Options], Result], options: Options, *, quiet: bool = False) -> Result:
    """Return what `do` does; where code of a template is to run, ask in a terminal first."""
    try:
        return do(options)
    except TrustNeededError as needed:
        if not can_ask(quiet=quiet):
            raise
        say(f"The template {needed.source} runs code:", "yellow")
        for words in needed.found:
            say(f"  {words}")
        if not click.confirm("Do you trust it, until this code changes?"):
            raise ScaffoldError("Nothing was changed.", needed.hint) from needed
        trusting.remember(needed.source, needed.digest)
    return do(options)


def can_ask(*, quiet: bool) -> bool:
    """Tell whether a person is at the terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty() and not quiet


def terminal_ask() -> Ask:
    """Return what asks a question of a template in the terminal, as our own are asked."""
    asks: list[Any] = []

    def ask(prompt: Prompt) -> Any:
        if not asks:
            from generator.cli.asking import prompts

            asks.append(prompts())
        try:
            return _asked(asks[0], prompt)
        except Back as error:
            raise PreviousError from error

    return ask


def _asked(asks: Any, prompt: Prompt) -> Any:
    question = prompt.text.rstrip(" :")
    if prompt.kind == BOOL:
        options = [Option(YES, ""), Option(NO, "")]
        return asks.one(question, options, YES if prompt.default else NO) == YES
    if prompt.kind == SECRET:
        default = str(prompt.default)
        return click.prompt(question, default=default, hide_input=True, show_default=False)
    if prompt.kind in (ONE, SEVERAL):
        return _chosen(asks, question, prompt)
    return asks.line(question, str(prompt.default), prompt.objection)


def _chosen(asks: Any, question: str, prompt: Prompt) -> Any:
    free = [choice for choice in prompt.choices if not choice.reason]
    if not free:
        raise ScaffoldError(f"{question}: there is nothing to choose from.")
    values = {str(choice.value): choice.value for choice in free}
    options = [
        Option(word, "" if choice.label == word else choice.label)
        for word, choice in zip(values, free, strict=False)
    ]
    if prompt.kind == ONE:
        first = str(prompt.default) if str(prompt.default) in values else next(iter(values))
        return values[asks.one(question, options, first)]
    chosen = {str(value) for value in prompt.default or ()}

    def objection(words: Sequence[str]) -> str:
        return prompt.objection([values[word] for word in words if word in values])

    return [values[word] for word in asks.several(question, options, chosen, objection)]


def file_answers(path: Path | None) -> dict[str, Any]:
    """Return the answers in a file, which may be one that cookiecutter replays."""
    answers = read_answers_file(path) if path else {}
    inside = answers.get("cookiecutter")
    if isinstance(inside, dict):
        return {name: value for name, value in inside.items() if not name.startswith("_")}
    return answers


def _report(made: ExternalProject, arguments: Arguments) -> None:
    name = made.path.name
    if arguments.as_json:
        print_json(
            {
                "project": name,
                "path": str(made.path),
                "template": made.template,
                "version": made.version,
                "dry_run": arguments.dry_run,
                "answers": dict(made.answers),
                "files": list(made.files),
                "committed": made.committed,
                "message": made.message,
                "notes": made.notes,
                "milliseconds": made.milliseconds,
            }
        )
        return
    if arguments.dry_run:
        for path in made.files:
            say(f"  {path}")
        say(f"{name} would have these {counted(len(made.files), 'file')}. Nothing was written.")
        return
    commit = " and the first commit" if made.committed else ""
    what = f"{counted(len(made.files), 'file')}{commit} in {made.milliseconds / 1000:.1f} s"
    version = f" {made.version[:20]}" if made.version else ""
    say(f"Created {name} from {made.template}{version}: {what}.", "bold green")
    for note in made.notes:
        say(f"Note: {note}", "yellow")
    if made.message:
        say(made.message.rstrip())
