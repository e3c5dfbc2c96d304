"""A terminal to run `scaffold` in, with what a person would see on its screen."""

from __future__ import annotations

import os
import re
import select
import struct
import time
from collections.abc import Mapping

import pyte
import pytest

from tests.conftest import COMMAND, Scaffold

ENTER, ESCAPE, SPACE, UP, DOWN, CTRL_C = "\r", "\x1b", " ", "\x1b[A", "\x1b[B", "\x03"
ERASE_LINE = "\x15"
SECONDS = 30
QUIET = 0.2  # seconds without output, after which the screen is drawn


class Screen(pyte.Screen):
    """A screen that tells programs where its cursor is, as terminals do."""

    terminal: int

    def write_process_input(self, data: str) -> None:
        os.write(self.terminal, data.encode())


class Terminal:
    """`scaffold` with some arguments, in a terminal of its own."""

    def __init__(
        self, scaffold: Scaffold, *arguments: str, columns: int = 80, rows: int = 60, **env: str
    ) -> None:
        self.screen = Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.pid, self.terminal = _fork(scaffold, arguments, env, columns, rows)
        self.screen.terminal = self.terminal

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def shows(self, text: str) -> str:
        """Wait until the screen shows `text`, in one line or several, and the rest is drawn too.

        Return the whole screen.
        """
        deadline = time.monotonic() + SECONDS
        while text not in " ".join(self.text.split()):
            assert time.monotonic() < deadline, f"{text!r} is not on the screen:\n{self.text}"
            assert self.read(), f"it ended without {text!r}:\n{self.text}"
        while select.select([self.terminal], [], [], QUIET)[0] and self.read():
            pass
        return self.text

    def press(self, *keys: str) -> None:
        for key in keys:
            os.write(self.terminal, key.encode())

    def answer(self, question: str, *keys: str) -> None:
        """Wait for a question, then press keys, and Enter in the end."""
        self.shows(f"? {question}")
        self.press(*keys, ENTER)
        self.shows_not(f"? {question}")

    def shows_not(self, text: str) -> None:
        """Wait until `text` is gone, or the command has ended."""
        deadline = time.monotonic() + SECONDS
        while text in self.text and self.read():
            assert time.monotonic() < deadline, f"{text!r} stays on the screen:\n{self.text}"

    def end(self) -> int:
        """Wait for the command to end; return its exit code."""
        while self.read():
            pass
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def read(self) -> bool:
        """Take in what the command has written; return whether it goes on."""
        if not select.select([self.terminal], [], [], 1)[0]:
            return True
        try:
            data = os.read(self.terminal, 65536)
        except OSError:  # how Linux says that the other side is closed
            return False
        self.raw += data
        self.stream.feed(data)
        return bool(data)


def _fork(
    scaffold: Scaffold, arguments: tuple[str, ...], env: Mapping[str, str], columns: int, rows: int
) -> tuple[int, int]:
    fcntl, pty, termios = (
        pytest.importorskip(name, reason="Windows has no terminals of this kind")
        for name in ("fcntl", "pty", "termios")
    )
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.chdir(scaffold.folder)
        program, *rest = [*COMMAND, *arguments]
        os.execve(program, [program, *rest], {"TERM": "xterm-256color", **scaffold.env, **env})
    return pid, terminal


def in_terminal(scaffold: Scaffold, *arguments: str, type: str = "") -> tuple[int, str]:
    """Run in a terminal, type `type` at its first prompt; return the exit code and what is seen.

    A Ctrl-C that comes just before readline waits is not noticed; as a person would, press again.
    """
    terminal = Terminal(scaffold, *arguments)
    typed, before = "", -1
    while terminal.read():
        if not typed and terminal.raw.endswith((b"> ", b": ")):
            typed = type
            terminal.press(typed)
        elif CTRL_C in typed and len(terminal.raw) == before:
            terminal.press(CTRL_C)
        before = len(terminal.raw)
    return terminal.end(), terminal.raw.decode().replace("\r\n", "\n")


def copied_command(text: str) -> str:
    """Return the command line that a screen shows, with its line ends, as it would be copied."""
    match = re.search(r"(?m)^scaffold new(.*\\\n)*.*$", text)
    assert match, text
    return match[0]
