"""Completion scripts for shells: click's own, but for bash."""

from __future__ import annotations

import os
from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

PROGRAM, VARIABLE = "scaffold", "_SCAFFOLD_COMPLETE"
SHELLS = ("bash", "zsh", "fish")


@add_completion_class
class Bash(BashComplete):
    """Completion for bash, which takes KEY=VALUE for three words.

    The script passes the line as it was typed, up to the cursor, and this class finds the words.
    """

    source_template = """\
%(complete_func)s() {
    local IFS=$'\\n' completion type value
    COMPREPLY=()
    for completion in $(env COMP_LINE="${COMP_LINE:0:COMP_POINT}" %(complete_var)s=bash_complete "$1"); do
        IFS=',' read -r type value <<< "$completion"
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain)
                COMPREPLY+=("$value")
                if [[ $value == *= ]]; then compopt -o nospace; fi ;;
        esac
    done
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""  # noqa: E501

    typed_before = ""  # what of the last word bash leaves as it is: up to the last `=`

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the complete words after the program's name, and the word at the cursor."""
        line = os.environ["COMP_LINE"]
        words = split_arg_string(line)
        last = "" if line[-1:].isspace() else words.pop()
        self.typed_before = last[: last.rfind("=") + 1]
        return words[1:], last

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Return a line for the script: what kind of thing to complete, and what bash inserts."""
        return f"{item.type},{item.value.removeprefix(self.typed_before)}"


def script(shell: str, command: click.Command) -> str:
    """Return the script that makes `shell` complete `command`."""
    completer = get_completion_class(shell)
    assert completer is not None
    return completer(command, {}, PROGRAM, VARIABLE).source()
