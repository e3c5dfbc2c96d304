"""Runs the commands of the tour, and writes what they print into the page.

A block of `console` has commands after `$ ` and their output. One with a title is a second
terminal's, in which a server runs until the end. A block of `diff` is an edit.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .users import server

BLOCK = re.compile(r"^```(console|diff)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# What uv and poe say on the way.
NOISE = re.compile(
    r"(?:^ *(?:Using CPython|Creating virtual|Resolved|Prepared|Installed|Building|Built|Audited"
    r"|Downloading|Downloaded|Updated|\+ |Poe =>).*\n)+",
    re.MULTILINE,
)
# A long list of changed files is shown by its first ones.
CHANGED = r"(?:^(?: |\x1b\[[\d;]*m)+(?:changed|added) .*\n)"
LIST = re.compile(rf"({CHANGED}{{4}}){CHANGED}{{6,}}", re.MULTILINE)
# What is another one each time: durations, tokens, ids, times, names of migrations, versions.
VARYING = re.compile(
    r"\d+(?:\.\d+)? ?(?:ms|s)\b|[\w-]{16,}\.[\w-]+\.[\w-]+|\w{8}-\w{4}-\w{4}-\w{4}-\w{12}"
    r"|\d{4}-\d\d-\d\d[T ][\d:.]*Z?|\d{8}_\w+|\b[0-9a-f]{12}\b|v\d+\.\d+\.\d+"
)
PORT = "8000"
RESTART = 6  # seconds, in which a server notices an edit
DONE = "--- done ---"


def run(page: str, folder: Path, env: Mapping[str, str]) -> str:
    """Return `page` with the output that its commands have in `folder` now."""
    parts, at, served = [], 0, False
    with _terminal(folder, env) as shell, ExitStack() as stack:
        for block in BLOCK.finditer(page):
            kind, title, body = block.groups()
            if kind == "diff":
                if refusal := _say(shell, f"git apply <<'EOF'\n{body}EOF"):
                    raise RuntimeError(f"{refusal}{body}")
                new = body
                time.sleep(RESTART if served else 0)
            elif title:
                where = _say(shell, "pwd").strip()
                stack.enter_context(server(body.removeprefix("$ "), Path(where), env))
                served = True
                new = body
            else:
                new = "".join(_answered(shell, command, env) for command in _commands(body))
            same = kept(body) == kept(new)
            parts += [page[at : block.start(3)], body if same else new]
            at = block.end(3)
    return "".join([*parts, page[at:]])


def kept(text: str) -> str:
    """Return `text` without what is another one each time."""
    return VARYING.sub("~", text)


def _commands(body: str) -> list[str]:
    """Return the commands of a block; one goes on in lines that are indented by four spaces."""
    found = re.findall(r"^\$ (.*\n(?: {4}.*\n)*)", body, re.MULTILINE)
    return [command.rstrip("\n") for command in found]


def _answered(shell: subprocess.Popen[str], command: str, env: Mapping[str, str]) -> str:
    said = _say(shell, command.replace(f":{PORT}", f":{env['PORT']}"))
    said = said.replace(f":{env['PORT']}", f":{PORT}").replace(env["HOME"], "~")
    said = LIST.sub(r"\1  ...\n", NOISE.sub("", re.sub(r"\x1b\[[\d;]*m", "", said)))
    said = re.sub(r"(v\d+\.\d+\.\d+)\.dev\d+\+g[0-9a-f]+", r"\1", said)  # as of a release
    lines = "".join(f"{line.rstrip()}\n" for line in said.splitlines())
    return f"$ {command}\n{lines}"


def _say(shell: subprocess.Popen[str], command: str) -> str:
    """Run a command in the shell, and return all that it prints."""
    assert shell.stdin is not None
    assert shell.stdout is not None
    shell.stdin.write(f"{command}\necho; echo '{DONE}'\n")
    shell.stdin.flush()
    lines: list[str] = []
    while (line := shell.stdout.readline()) != f"{DONE}\n":
        if not line:
            raise RuntimeError(f"The shell ended at: {command}")
        lines.append(line)
    return "".join(lines).removesuffix("\n")


@contextmanager
def _terminal(folder: Path, env: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    with subprocess.Popen(
        ["bash"], cwd=folder, env=env, text=True, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT
    ) as shell:
        yield shell
