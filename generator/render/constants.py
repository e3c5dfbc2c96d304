"""Texts without a tag of Jinja's, which are what they say and need not be compiled.

Most parts of paths are such texts, and many files; compiling them takes longer than all the rest.
"""

from __future__ import annotations

from functools import cached_property
from types import CodeType
from typing import Any

from jinja2 import Environment, Template
from jinja2.ext import Extension

PLACEHOLDER = "what a template says"


class Constants:
    """What one environment would compile such texts to."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        names = ("block_start_string", "variable_start_string", "comment_start_string")
        self.tags = [getattr(environment, name) for name in names]

    def use(self) -> None:
        """Have the environment compile nothing but texts with tags."""
        self.environment.compile = self.compile  # type: ignore[method-assign]

    def compile(self, source: Any, *args: Any, **named: Any) -> Any:
        """Return the code for the text `source`, as `Environment.compile` does."""
        if not self.has(source):
            return Environment.compile(self.environment, source, *args, **named)
        return _saying(source, self.code)

    def has(self, source: Any) -> bool:
        """Tell whether `source` renders to itself, whatever the answers are."""
        return (
            isinstance(source, str)
            and self.are_possible
            and not any(tag in source for tag in self.tags)
            and "\r" not in source
            and (self.environment.keep_trailing_newline or not source.endswith("\n"))
            and self.environment.preprocess(source) == source
        )

    @cached_property
    def are_possible(self) -> bool:
        """Tell whether no setting and no extension changes the text between tags."""
        environment = self.environment
        filters = {type(one).filter_stream for one in environment.extensions.values()}
        return (
            environment.newline_sequence == "\n"
            and not environment.line_statement_prefix
            and not environment.line_comment_prefix
            and environment.template_class is Template
            and environment.finalize is None
            and environment.autoescape is False
            and filters <= {Extension.filter_stream}
        )

    @cached_property
    def code(self) -> CodeType:
        return Environment.compile(self.environment, PLACEHOLDER)


def _saying(text: str, code: CodeType) -> CodeType:
    """Return compiled code with `text` in the place of the placeholder."""
    constants = tuple(
        _saying(text, one) if isinstance(one, CodeType) else text if one == PLACEHOLDER else one
        for one in code.co_consts
    )
    return code.replace(co_consts=constants)
