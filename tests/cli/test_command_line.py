"""The command that `scaffold new` prints, as a shell reads it after it was copied."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from generator.cli.command_line import lines

pytestmark = pytest.mark.posix("shells in which a command can go on in the next line")
LONG = (
    "item title:str description:text:optional status:enum=todo,doing,done due_on:date? "
    "price:decimal:default=0.50 owner:ref=user"
)


@pytest.mark.parametrize("shell", ["sh", "bash", "zsh", "fish"])
@pytest.mark.parametrize(
    "words",
    [
        ["scaffold", "new", "shop"],
        ["scaffold", "new", "shop", "--framework", "flask", "--database", "postgres", "--auth",
         "tokens", "--no-docker", "--ci", "github", "--resource", "pen ink:str", "-n"],
        ["scaffold", "new", "shop", "--resource", LONG, "--resource", "pen ink:str:unique"],
        ["scaffold", "new", "shop", "--set", "author=Ada \"$HOME\" O'Hara `id` !x \\ *"],
    ],
)  # fmt: skip
def test_a_shell_reads_the_words_back(shell: str, words: list[str]) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    printed = lines(words)
    assert all(len(line) <= 78 for line in printed)
    script = "\n".join(["printf '%s|\\n' \\", *printed])
    read = subprocess.check_output([shell, "-c", script], text=True).split("|\n")[:-1]
    assert [" ".join(word.split()) for word in read] == words
