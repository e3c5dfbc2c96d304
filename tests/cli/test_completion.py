"""Completion, in the shells themselves: what the tab key would put on the line, or list."""

from __future__ import annotations

import os
import re
import select
import shlex
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import COMMAND, Scaffold

fcntl = pytest.importorskip("fcntl", reason="Windows has no terminals of this kind")
pty = pytest.importorskip("pty", reason="Windows has no terminals of this kind")
termios = pytest.importorskip("termios", reason="Windows has no terminals of this kind")
pytestmark = pytest.mark.posix("the shells that completion is for")

# How each shell is started, and told to complete and to insert all candidates at a key.
ALL = "\x18a"
SHELLS = {
    "bash": (
        ["--norc", "--noprofile", "-i"],
        'eval "$(scaffold completion bash)"',
        """bind '"\\C-xa": insert-completions'""",
    ),
    "zsh": (
        ["-f", "-i"],
        "autoload -U compinit; compinit -D -u",
        "zstyle ':completion:all:*' completer _all_matches _complete",
        "zstyle ':completion:all:*' insert true",
        "zle -C all complete-word _generic; bindkey '^Xa' all",
        'eval "$(scaffold completion zsh)"',
    ),
}


@pytest.fixture
def shop(scaffold: Scaffold, tmp_path: Path) -> Scaffold:
    """A project, and `scaffold` on the PATH."""
    scaffold.ok("new", "shop", "--ci", "github")
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "scaffold").write_text(f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n')
    (programs / "scaffold").chmod(0o755)
    env = {**scaffold.env, "PATH": f"{programs}:{scaffold.env['PATH']}"}
    return Scaffold(scaffold.folder / "shop", env)


@contextmanager
def started(shop: Scaffold, shell: str) -> Iterator[int]:
    """Yield the terminal of a shell in the project that knows how to complete `scaffold`."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell}")
    options, *script = SHELLS[shell]
    env = {**shop.env, "PS1": "$ ", "TERM": "dumb"}
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(shop.folder)
        os.execve(program, [program, *options], env)
    try:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 4000, 0, 0))
        for line in [*script, "echo rea''dy"]:
            os.write(terminal, f"{line}\n".encode())
        read_until(terminal, r"\nready\n")
        yield terminal
    finally:
        os.close(terminal)
        os.waitpid(pid, 0)


def read_until(terminal: int, pattern: str) -> str:
    """Read until what was seen has the `pattern`; return its group."""
    seen, deadline = "", time.monotonic() + 30
    while (match := re.search(pattern, seen)) is None:
        assert time.monotonic() < deadline, seen
        if select.select([terminal], [], [], 1)[0]:
            seen += os.read(terminal, 65536).decode().replace("\r", "")
    return match[match.lastindex or 0]


def completed(terminal: int, line: str) -> list[str]:
    """Return the words on the command line when all candidates were inserted after `line`."""
    os.write(terminal, f"scaffold {line}{ALL}\x01echo '<<' \x05 '>>'\n".encode())
    return read_until(terminal, r"\n<< scaffold (.*) >>\n").split()


def after_tab(terminal: int, line: str) -> str:
    """Return the command line after the tab key, and a closing quote, as the shell reads it."""
    close = '"' * (line.count('"') % 2)
    os.write(terminal, f"scaffold {line}\t{close}\x01echo '<<' \x05 '>>'\n".encode())
    return read_until(terminal, r"\n<< scaffold (.*) >>\n")


FOLLOWS = {
    "he": "help",
    "add ": "add jobs queue observability otel storage files docker gitlab",
    "remove ": "remove auth tokens ci github",
    "set data": "set database=sqlite database=postgres",
    "set docker=y": "set docker=yes",
    "generate access item read=a": "generate access item read=all",
    "set desc": "set description=",
    "new x --set database=po": "new x --set database=postgres",
    "adopt --set data": "adopt --set database=sqlite database=postgres",
    "new x -d ": "new x -d sqlite postgres",
    "new x --framework fl": "new x --framework flask",
    "new x --preset m": "new x --preset minimal",
    "new x --dry": "new x --dry-run",
    "help fleet u": "help fleet update",
    "completion z": "completion zsh",
    "completion p": "completion powershell",
    "diff .copier": "diff .copier-answers.yml",
    "skip READ": "skip README.md",
    "new x --answers AG": "new x --answers AGENTS.md",
}


@pytest.mark.seconds(20)
@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_inserts_what_can_follow(shop: Scaffold, shell: str) -> None:
    with started(shop, shell) as terminal:
        found = {line: " ".join(completed(terminal, line)) for line in FOLLOWS}
    assert found == FOLLOWS


# A single candidate would have its quote closed; so a type comes with the modifiers it can have.
FIELDS = {
    'new x --resource "book title:st': "new x --resource book title:str",
    'new x --resource "book title:str:o': "new x --resource book title:str:optional",
    'new x --resource "pen ink:str" --resource "book pen:ref=p': (
        "new x --resource pen ink:str --resource book pen:ref=pen"
    ),
    'adopt --resource "book read_on:datet': "adopt --resource book read_on:datetime",
    "generate field item title:st": "generate field item title:str",
    "generate resource pen item:ref=i": "generate resource pen item:ref=item",
}


@pytest.mark.seconds(10)
@pytest.mark.parametrize("shell", SHELLS)
def test_a_field_goes_on_in_its_quotes_and_without(shop: Scaffold, shell: str) -> None:
    with started(shop, shell) as terminal:
        assert {line: after_tab(terminal, line) for line in FIELDS} == FIELDS


POWERSHELL = {
    "scaffold he": "help\tShow the help of a command.",
    "scaffold add ": "\n".join(
        f"{word}\t{word}"
        for word in "jobs queue observability otel storage files docker gitlab".split()
    ),
    "scaffold new x -d p": "postgres\tpostgres",
    "scaffold new x --set docker=": "docker=yes\tdocker=yes\ndocker=no\tdocker=no",
    'scaffold new x --resource "book genre:en': (
        '"book genre:enum="\tbook genre:enum=\n'
        '"book genre:enum=draft,published"\tbook genre:enum=draft,published'
    ),
    "scaffold new x --answers C:\\my` files\\ --preset m": "minimal\tminimal",
    "scaffold skip READ": "",
}  # fmt: skip


@pytest.mark.parametrize("line", POWERSHELL)
def test_powershell_gets_what_it_inserts_and_its_help(shop: Scaffold, line: str) -> None:
    env = {"_SCAFFOLD_COMPLETE": "powershell_complete", "COMP_LINE": line}
    assert shop(**env).stdout == POWERSHELL[line] + "\n"


@pytest.mark.seconds(10)
def test_fish_lists_what_can_follow(shop: Scaffold) -> None:
    if shutil.which("fish") is None:
        pytest.skip("there is no fish")
    script = "scaffold completion fish | source; for line in $argv; complete -C $line; echo; end"
    lines = ["scaffold add ", "scaffold set data", "scaffold new x -d p", "scaffold skip READ"]
    lines.append('scaffold new x --resource "book title:dateti')
    found = subprocess.check_output(
        ["fish", "--no-config", "-c", script, *lines], cwd=shop.folder, env=shop.env, text=True
    )
    assert found.split("\n\n")[:-1] == [
        "docker\nfiles\ngitlab\njobs\nobservability\notel\nqueue\nstorage",
        "database=postgres\ndatabase=sqlite", "postgres",
        "README.md",
        "\n".join(
            f"book title:datetime{m}"
            for m in ("", ":index", ":max=", ":min=", ":optional", ":unique")
        ),
    ]  # fmt: skip


def test_the_versions_of_an_update_are_those_from_the_projects_own_on(shop: Scaffold) -> None:
    own = shop.json("status")["version"]
    with started(shop, "bash") as terminal:
        assert completed(terminal, "update --to ") == ["update", "--to", own]


def test_outside_of_a_project_every_version_and_feature_is_a_candidate(shop: Scaffold) -> None:
    outside = Scaffold(shop.folder.parent, shop.env)
    with started(outside, "bash") as terminal:
        assert "v0.1.0" in completed(terminal, "update --to ")
        assert {"docker", "github", "gitlab"} < set(completed(terminal, "add "))


def test_a_record_that_cannot_be_read_leaves_the_terminal_alone(shop: Scaffold) -> None:
    (shop.folder / ".copier-answers.yml").write_text("<<<<<<<\n")
    env = {"_SCAFFOLD_COMPLETE": "bash_complete", "COMP_LINE": "scaffold update --to "}
    assert shop(**env).stderr == ""
