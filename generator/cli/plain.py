"""Questions in a terminal that can only print lines; there is no way back."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

import click

from generator.cli.prompting import Option
from generator.questions.features import OFF


class PlainPrompts:
    """Asks for words, which are typed."""

    def line(
        self,
        question: str,
        default: str,
        objection: Callable[[str], str],
        typed: str = "",  # noqa: ARG002 - nothing is typed again without a way back
        completions: Callable[[str], list[str]] | None = None,  # noqa: ARG002 - readline has none
    ) -> str:
        """Return a line, or `default` for an empty one; refuse what has an objection."""

        def check(text: str) -> str:
            if message := objection(text.strip()):
                raise click.UsageError(message)
            return text.strip()

        shown = bool(default)
        answer: str = click.prompt(question, default, value_proc=check, show_default=shown)
        return answer

    def one(self, question: str, options: Sequence[Option], chosen: str) -> str:
        """Return the value of one option."""
        self._show(question, options)
        words = click.Choice([option.value for option in options])
        answer: str = click.prompt("Choose one", chosen, type=words, show_choices=False)
        return answer

    def several(
        self,
        question: str,
        options: Sequence[Option],
        chosen: Container[str],
        objection: Callable[[Sequence[str]], str],
    ) -> list[str]:
        """Return the values of any number of options."""

        def check(text: str) -> list[str]:
            words = [word for word in text.replace(",", " ").split() if word != OFF]
            if message := objection(words):
                raise click.UsageError(message)
            return words

        self._show(question, options)
        default = " ".join(o.value for o in options if o.value in chosen) or OFF
        answer: list[str] = click.prompt(f"Choose any, or {OFF}", default, value_proc=check)
        return answer

    def say(self, text: str) -> None:
        """Show a text between questions."""
        click.echo(text)

    def _show(self, question: str, options: Sequence[Option]) -> None:
        click.echo(f"{question}:")
        width = max(len(option.value) for option in options)
        for option in options:
            click.echo(f"  {option.value:{width}}  {option.label}")
