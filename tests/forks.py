"""`scaffold` in forks of a process that has imported it: tests run it more than a thousand times.

Starting Python and importing copier, click and the like takes a third of a second of CPU for each
command. `serving` starts one process that does so once; each command is a fork of it, which has its
own process id, memory, folder, environment and output, and runs the same code as the console
script. A fork cannot show how long imports take, or what Python reads from the environment when it
starts; `run` leaves such commands to the caller.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

# On other systems there is no fork, or the system's libraries do not bear it.
HAS_FORKS = sys.platform == "linux"
# What commands import only when they need it, besides the modules of `generator`.
LATER = ("copier", "pathspec", "questionary", "rich.progress", "ruamel.yaml", "tomlkit", "yaml")
# Variables that are read when Python starts, by their first letters.
READ_AT_START = ("PYTHON", "LANG", "LC_", "TZ")
NUMBER = struct.Struct("i")
GRACE = 120

_servers: dict[str, _Server] = {}


@contextmanager
def serving(root: Path) -> Iterator[None]:
    """Let `run` fork commands of the checkout at `root`, whose code no longer changes."""
    _servers[str(root)] = server = _Server(root)
    try:
        yield
    finally:
        del _servers[str(root)]
        server.close()


def run(
    arguments: Sequence[str], *, folder: Path, env: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str] | None:
    """Run `scaffold` with nothing on its stdin, as `subprocess.run` with text would.

    None where this command needs a process of its own. Raises `subprocess.TimeoutExpired`.
    """
    server = _servers.get(env.get("PYTHONPATH", ""))
    if server is None or not HAS_FORKS or _read_at_start(env) != _read_at_start(os.environ):
        return None
    return server.run(arguments, folder, env, timeout)


def _read_at_start(env: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in env.items() if k.startswith(READ_AT_START) and k != "PYTHONPATH"}


def _umask() -> int:
    os.umask(now := os.umask(0o077))
    return now


class _Server:
    """The process that forks, as the tests see it; it is started by the first command."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.process: subprocess.Popen[bytes] | None = None
        self.lock = threading.Lock()

    def start(self) -> None:
        self.socket, end = socket.socketpair()
        with end:
            # With -c, as the console script's code is run: no folder of this file on the path.
            self.process = subprocess.Popen(
                [sys.executable, "-c", Path(__file__).read_text(), str(end.fileno())],
                cwd=self.root,  # where a module is looked for first
                env={**os.environ, "PYTHONPATH": str(self.root)},
                stdin=subprocess.DEVNULL,
                pass_fds=[end.fileno()],
            )

    def run(
        self, arguments: Sequence[str], folder: Path, env: Mapping[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        with (
            self.lock,
            tempfile.TemporaryFile("w+") as request,
            tempfile.TemporaryFile("w+") as out,
            tempfile.TemporaryFile("w+") as err,
        ):
            if self.process is None:
                self.start()
            json.dump([list(arguments), str(folder), dict(env), _umask()], request)
            request.flush()
            socket.send_fds(self.socket, [b"!"], [f.fileno() for f in (request, out, err)])
            pid = self._number(GRACE)
            try:
                code = self._number(timeout)
            except TimeoutError:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                self._number(GRACE)
                raise subprocess.TimeoutExpired(["scaffold", *arguments], timeout) from None
            out.seek(0)
            err.seek(0)
            command = ["scaffold", *arguments]
            return subprocess.CompletedProcess(command, code, out.read(), err.read())

    def _number(self, timeout: float) -> int:
        self.socket.settimeout(timeout)
        answer = self.socket.recv(NUMBER.size, socket.MSG_WAITALL)
        if not answer:
            raise RuntimeError("the process that forks commands has ended")
        return int(NUMBER.unpack(answer)[0])

    def close(self) -> None:
        if self.process:
            self.socket.close()
            self.process.wait(GRACE)


def serve(connection: socket.socket) -> None:
    """Fork a command for each request. Returns in the fork, which goes on as that command."""
    while True:
        byte, files, *_ = socket.recv_fds(connection, 1, 3)
        if not byte:
            sys.exit()
        pid = os.fork()
        if not pid:
            connection.close()
            return become(*files)
        for file in files:
            os.close(file)
        connection.send(NUMBER.pack(pid))
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        connection.send(NUMBER.pack(code))


def become(request: int, out: int, err: int) -> None:
    """Make this process what a new one for the request would be."""
    with open(request) as file:
        file.seek(0)
        arguments, folder, env, umask = json.load(file)
    for number, stream in ((1, out), (2, err)):
        os.dup2(stream, number)
        os.close(stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    os.umask(umask)
    # plumbum, with which copier starts programs, has a copy of both.
    from plumbum import local

    local.env.clear()
    local.env.update(env)
    local.cwd.chdir(folder)
    sys.argv[1:] = arguments


def import_everything() -> None:
    import generator

    for module in pkgutil.walk_packages(generator.__path__, "generator."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in LATER:
        importlib.import_module(name)


def run_main() -> NoReturn:
    """Run `scaffold` and end, without taking modules apart: that would copy all shared memory."""
    from generator.cli.main import main

    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with the tests
    import_everything()
    gc.collect()
    gc.freeze()
    serve(socket.socket(fileno=int(sys.argv[1])))
    run_main()
