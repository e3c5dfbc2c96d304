"""Chromium, which reaches nothing but this machine, driven through its DevTools protocol."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from .polling import wait_until

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Most keep the browser from talking to its maker; the last one takes the network away.
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
# Chromium reads commands from descriptor 3, and writes answers and events to 4.
PIPES = 'exec "${@:3}" --remote-debugging-pipe 3<&"$1" 4>&"$2"'


def program() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@dataclass
class Page:
    """A tab, and the URLs of all that it has asked for."""

    commands: IO[bytes]
    answers: Iterator[dict[str, Any]]
    requests: list[str] = field(default_factory=list)
    session: str | None = None
    last_id: int = 0

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command, and return its result."""
        self.last_id += 1
        message: dict[str, Any] = {"id": self.last_id, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.commands.write(json.dumps(message).encode() + b"\0")
        self.commands.flush()
        for answer in self.answers:
            if answer.get("method") == "Network.requestWillBeSent":
                self.requests.append(answer["params"]["request"]["url"])
            if answer.get("id") == self.last_id:
                assert "error" not in answer, answer
                return dict(answer["result"])
        raise EOFError("Chromium has ended.")

    def open(self, url: str) -> None:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        self.call("Network.enable")
        self.call("Page.navigate", url=url)

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in JavaScript."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Wait until an expression in JavaScript is true."""
        wait_until(lambda: bool(self.evaluate(f"!!({expression})")), expression, timeout=60)

    def click(self, selector: str) -> None:
        self.wait_for(f"document.querySelector({json.dumps(selector)})")
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def type(self, selector: str, text: str) -> None:
        self.wait_for(f"document.querySelector({json.dumps(selector)})")
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        self.call("Input.insertText", text=text)

    def text(self) -> str:
        return str(self.evaluate("document.body.innerText"))


@contextmanager
def browsing(found: str) -> Iterator[Page]:
    """Run Chromium with a profile of its own."""
    commands_in, commands_out = os.pipe()
    answers_in, answers_out = os.pipe()
    pipes = [str(commands_in), str(answers_out)]
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        command = [found, *FLAGS, f"--user-data-dir={profile}"]
        with (
            subprocess.Popen(
                ["bash", "-c", PIPES, "bash", *pipes, *command],
                pass_fds=(commands_in, answers_out),
                stderr=subprocess.DEVNULL,
            ) as process,
            os.fdopen(commands_out, "wb") as commands,
            os.fdopen(answers_in, "rb") as answers,
        ):
            os.close(commands_in)
            os.close(answers_out)
            try:
                yield Page(commands, _messages(answers))
            finally:
                process.kill()


def _messages(answers: IO[bytes]) -> Iterator[dict[str, Any]]:
    """What Chromium says: JSON, each message followed by a NUL byte."""
    rest = b""
    while more := os.read(answers.fileno(), 65536):
        *whole, rest = (rest + more).split(b"\0")
        yield from map(json.loads, whole)
