"""Asks a person for a new project: the questions, a summary, and the command that says the same."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

from rich.console import Console

from generator.cli import command_line as writing
from generator.cli.listing import size
from generator.cli.output import say
from generator.cli.plain import PlainPrompts
from generator.cli.prompting import Option, Prompts
from generator.cli.wizard import ASKED, NAME, RESOURCES, Wizard
from generator.engine.locking import is_needed
from generator.engine.shares import Contents, contents
from generator.questions.catalog import Catalog
from generator.text import counted

Answers = dict[str, Any]
YES, NO = "yes", "no"


class DeclinedError(Exception):
    """The person has seen the summary, and wants no such project."""


def ask(
    catalog: Catalog,
    answers: Callable[[Mapping[str, Any]], Answers],
    given: Container[str],
    command_line: Sequence[str],
    *,
    dry_run: bool,
) -> Answers | None:
    """Return the answers to what was asked; None where the person has declined the project.

    `answers` completes what was asked. Nothing is asked that is `given`. A dry run shows the
    project itself, and asks for no consent.
    """
    asks = prompts()

    def consent(asked: Answers) -> Answers:
        project = answers(asked)
        with Console().status("Counting the files", spinner="line"):
            found = contents(catalog, project, ASKED)
        lock = catalog.manifest.facts(project["framework"]).lock
        locked = lock.file if lock and is_needed(lock, project) else ""
        _summary(project[NAME], found, locked)
        options = [Option(YES, "Write these files"), Option(NO, "Write nothing")]
        if asks.one(f"Create {project[NAME]}", options, YES) == NO:
            raise DeclinedError
        return {}

    wizard = Wizard(catalog, answers({}), given, asks)
    try:
        asked = wizard.ask() if dry_run else wizard.ask(consent)
    except DeclinedError:
        say("Nothing was written.")
        return None
    if asked:
        say("\nThe same without questions:\n")
        for line in writing.lines(_words(command_line, asked)):
            say(line)
        say("")
    return asked


def prompts() -> Prompts:
    """Return the prompts for a terminal that can move its cursor, or for one that cannot."""
    is_dumb = os.environ.get("TERM", "").lower() in {"", "dumb", "unknown"} and os.name != "nt"
    try:
        "»●○".encode(sys.stdout.encoding or "ascii")  # the marks of a list
    except UnicodeEncodeError:
        is_dumb = True
    if is_dumb:
        return PlainPrompts()
    from generator.cli.prompts import QuestionaryPrompts  # takes a quarter of a second

    return QuestionaryPrompts()


def _summary(name: str, found: Contents, locked: str) -> None:
    """Show how many files the project will have, and what each choice adds to them.

    The lock file `locked`, which may be empty, is made after them, and needs the network.
    """
    total = f"{counted(len(found.sizes), 'file')}, {size(sum(found.sizes.values()))}"
    total += f", and {locked}" if locked else ""
    say(f"\n{name} will have {total}:", "bold")
    names = max(len(share.question) for share in found.shares)
    values = max(len(share.value) for share in found.shares)
    for number, share in enumerate(found.shares):
        files = counted(share.files, "file") if share.files else ""
        plus = "+" if files and number else ""
        say(f"  {share.question:{names}}  {share.value:{values}}  {plus}{files}".rstrip())
    say("")


def _words(command_line: Sequence[str], asked: Answers) -> list[str]:
    """Return the command line that gives what was `asked`."""
    words = ["scaffold", *command_line]
    if NAME in asked:
        words.insert(words.index("new") + 1, asked[NAME])
    for key in ASKED:
        match asked.get(key):
            case bool() as on:
                words.append(f"--{key}" if on else f"--no-{key}")
            case str() as value:
                words += [f"--{key}", value]
    for text in asked.get(RESOURCES, ()):
        words += ["--resource", text]
    return words
