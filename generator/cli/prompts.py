"""Questions in a terminal that can move its cursor, by questionary."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any

import questionary
from prompt_toolkit.application import Application
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import to_filter
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.shortcuts import CompleteStyle
from prompt_toolkit.validation import ValidationError, Validator

from generator.cli.output import say
from generator.cli.prompting import Back, Option

KEYS = "Arrow keys move, Space selects, Tab completes, Enter answers, Esc goes back, Ctrl-C stops."
# How long to wait, in seconds, for the rest of a key that begins with Esc, such as an arrow.
ESCAPE_DELAY = 0.1
STYLE = questionary.Style(
    [
        ("qmark", "fg:ansicyan"),
        ("pointer", "fg:ansicyan bold"),
        ("highlighted", "fg:ansicyan bold"),
        ("selected", "fg:ansicyan"),
        ("label", "fg:ansibrightblack"),
        ("placeholder", "fg:ansibrightblack"),
        ("validation-toolbar", "noreverse bg:default fg:ansired"),
    ]
)


class QuestionaryPrompts:
    """Asks with arrow keys; what was answered stays on the screen as one line."""

    def __init__(self) -> None:
        say(_wrapped(KEYS), "bright_black")

    def line(
        self,
        question: str,
        default: str,
        objection: Callable[[str], str],
        typed: str = "",
        completions: Callable[[str], list[str]] | None = None,
    ) -> str:
        """Return a line, or `default` for an empty one; refuse what has an objection."""
        keys = KeyBindings()
        asked = questionary.text(
            f"{question}:",
            typed,
            style=STYLE,
            validate=_Objecting(lambda text: objection(text.strip() or default)),
            validate_while_typing=True,
            placeholder=FormattedText([("class:placeholder", default)]),
            completer=_Completing(completions) if completions else None,
            complete_while_typing=False,
            complete_style=CompleteStyle.READLINE_LIKE,
            key_bindings=keys,
        )
        # The line for errors has one row, which cuts long ones off.
        for window in asked.application.layout.find_all_windows():
            if window.height == 1:
                window.height, window.wrap_lines = None, to_filter(True)
                window.dont_extend_height = to_filter(True)
        answer = str(_ask(asked, keys)).strip() or default
        _answered(question, answer)
        return answer

    def one(self, question: str, options: Sequence[Option], chosen: str) -> str:
        """Return the value of one option."""
        asked = questionary.select(
            question,
            _choices(options),
            default=chosen,
            style=STYLE,
            instruction=" ",
            use_jk_keys=False,
        )
        answer = str(_ask(asked))
        _answered(question, answer)
        return answer

    def several(
        self,
        question: str,
        options: Sequence[Option],
        chosen: Container[str],
        objection: Callable[[Sequence[str]], str],
    ) -> list[str]:
        """Return the values of any number of options."""
        choices = _choices(options)
        for choice in choices:
            choice.checked = choice.value in chosen
        asked = questionary.checkbox(
            question,
            choices,
            validate=lambda words: objection(words) or True,
            style=STYLE,
            instruction="(Space selects)",
            use_jk_keys=False,
        )
        answer = list(_ask(asked))
        _answered(question, ", ".join(answer) or "none")
        return answer

    def say(self, text: str) -> None:
        """Show a text between questions."""
        for line in text.splitlines():
            say(_wrapped(line))


class _Objecting(Validator):
    def __init__(self, objection: Callable[[str], str]) -> None:
        self.objection = objection

    def validate(self, document: Document) -> None:
        if message := self.objection(document.text):
            raise ValidationError(len(document.text), _wrapped(message))


class _Completing(Completer):
    def __init__(self, completions: Callable[[str], list[str]]) -> None:
        self.completions = completions

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002
    ) -> Iterator[Completion]:
        text = document.text_before_cursor
        for found in self.completions(text):
            yield Completion(found, start_position=-len(text), display=found.split(" ")[-1])


def _choices(options: Sequence[Option]) -> list[questionary.Choice]:
    width = max(len(option.value) for option in options)
    return [
        questionary.Choice(
            [("", f"{option.value:{width}}  "), ("class:label", option.label)], option.value
        )
        for option in options
    ]


def _ask(asked: questionary.Question, keys: KeyBindings | None = None) -> Any:
    application: Application[Any] = asked.application
    bindings = keys or application.key_bindings
    assert isinstance(bindings, KeyBindings)

    @bindings.add("escape")
    def _(event: KeyPressEvent) -> None:
        event.app.exit(exception=Back())

    application.timeoutlen = application.ttimeoutlen = ESCAPE_DELAY
    application.erase_when_done = True
    sys.stdout.flush()
    try:
        return asked.unsafe_ask()
    except EOFError as error:  # Ctrl-D, or a terminal that went away
        raise KeyboardInterrupt from error


def _wrapped(text: str) -> str:
    columns = shutil.get_terminal_size().columns
    return textwrap.fill(text, columns - 1, subsequent_indent="  ", break_on_hyphens=False)


def _answered(question: str, answer: str) -> None:
    if answer:
        say(f"{question}: {answer}")
