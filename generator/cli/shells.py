"""Completion scripts for shells: click's own for zsh and fish, and ours for bash and PowerShell."""

from __future__ import annotations

import os
import shlex
from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

PROGRAM, VARIABLE = "scaffold", "_SCAFFOLD_COMPLETE"


@add_completion_class
class Bash(BashComplete):
    """Completion for bash, which takes KEY=VALUE and name:type for three words.

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

    typed_before = ""  # what of the last word bash leaves as it is, since `=` and `:` part words

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the complete words after the program's name, and the word at the cursor."""
        line = os.environ["COMP_LINE"]
        words = split_arg_string(line)
        in_quotes = _ends_in_quotes(line)
        last = "" if line[-1:].isspace() and not in_quotes else words.pop()
        end = max(last.rfind("="), last.rfind(":")) + 1
        self.typed_before = "" if in_quotes else last[:end]
        return words[1:], last

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Return a line for the script: what kind of thing to complete, and what bash inserts."""
        return f"{item.type},{item.value.removeprefix(self.typed_before)}"


@add_completion_class
class PowerShell(ShellComplete):
    """Completion for PowerShell, which completes files itself where it gets nothing."""

    name = "powershell"
    source_template = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $command, $cursor)
    $length = $cursor - $command.Extent.StartOffset
    $env:COMP_LINE = "$command".PadRight($length).Substring(0, $length)
    $env:%(complete_var)s = "powershell_complete"
    try {
        %(prog_name)s | ForEach-Object {
            $value, $help = $_ -split "`t", 2
            [System.Management.Automation.CompletionResult]::new($value, $value, "ParameterValue", $help)
        }
    } finally {
        Remove-Item Env:COMP_LINE, Env:%(complete_var)s
    }
}
"""  # noqa: E501

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the complete words after the program's name, and the word at the cursor."""
        line = os.environ["COMP_LINE"]
        lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
        lexer.whitespace_split, lexer.commenters, lexer.escape = True, "", "`"
        words: list[str] = []
        try:
            words += lexer
        except ValueError:  # the last word has no closing quote yet
            words.append(lexer.token)
            return words[1:-1], words[-1]
        last = "" if line[-1:].isspace() else words.pop()
        return words[1:], last

    def complete(self) -> str:
        """Return a line for each candidate that is not a file: what is inserted, and its help."""
        items = self.get_completions(*self.get_completion_args())
        return "\n".join(self.format_completion(item) for item in items if item.type == "plain")

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Return a candidate, in quotes where it has spaces, and its help.

        PowerShell takes no empty help.
        """
        value = f'"{item.value}"' if " " in item.value else item.value
        return f"{value}\t{item.help or item.value}"


def _ends_in_quotes(line: str) -> bool:
    try:
        shlex.split(line)
    except ValueError:
        return True
    return False


def script(shell: str, command: click.Command) -> str:
    """Return the script that makes `shell` complete `command`."""
    completer = get_completion_class(shell)
    assert completer is not None
    return completer(command, {}, PROGRAM, VARIABLE).source()
