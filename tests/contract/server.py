"""A generated project's server, run by the project's own commands and spoken to over HTTP only."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType

import yaml

Settings = Mapping[str, str]

CHEAP_HASHES = Path(__file__).parent / "cheap_hashes"
MANIFEST = Path(__file__).parents[2] / "scaffold.yml"
PACKAGES = "node_modules"
SECRET_KEY = "the-contract-suite-brings-its-own-key-of-64-characters-and-so-on"


class CommandError(RuntimeError):
    """One of the project's commands failed."""


GIVEN_PORTS: set[int] = set()


def free_port() -> int:
    """Return a port that this process has not given out before, and that nothing listens on.

    It is below those that the system gives to outgoing connections: one of them could take the
    port before the server does.
    """
    for port in random.sample(range(10_000, 32_000), 1_000):
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            if port not in GIVEN_PORTS:
                GIVEN_PORTS.add(port)
                return port
    raise OSError("There is no free port.")


@dataclass(frozen=True)
class Project:
    """A generated project and the folder of programs of its environment."""

    directory: Path
    bin: Path

    @cached_property
    def runner(self) -> list[str]:
        """The program that runs the project's tasks, and its first arguments."""
        manifest = yaml.safe_load(MANIFEST.read_text("utf-8"))
        for facts in (*manifest["frameworks"].values(), manifest["common"]):
            if "run_task" in facts and (self.directory / facts["lock"]["of"]).exists():
                return list(facts["run_task"])
        raise CommandError(f"{self.directory} has no project of a framework that is known.")

    def copy(self, target: Path, dotenv: Settings) -> Project:
        """The same project in another folder, with a .env file."""
        ignored = shutil.ignore_patterns(".venv", ".git", "__pycache__", "*.db*", PACKAGES)
        shutil.copytree(self.directory, target, ignore=ignored)
        if (packages := self.directory / PACKAGES).exists():
            (target / PACKAGES).symlink_to(packages.resolve())
        lines = [f"{name}={value}\n" for name, value in dotenv.items()]
        (target / ".env").write_text("".join(lines), encoding="utf-8")
        return Project(target, self.bin)

    def environment(self, settings: Settings) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
        path = os.pathsep.join([str(self.bin), os.environ.get("PATH", os.defpath)])
        venv = str(self.bin.parent)
        if settings.get("ENVIRONMENT") == "development":
            kept["PYTHONPATH"] = str(CHEAP_HASHES)
            kept["NODE_OPTIONS"] = f"--import {(CHEAP_HASHES / 'argon2.mjs').as_uri()}"
        return {**kept, "LANG": "C.UTF-8", "PATH": path, "VIRTUAL_ENV": venv, **settings}

    def command(self, *arguments: str) -> list[str]:
        program, *first = self.runner
        return [str(self.bin / program), *first, *arguments]

    def poe(
        self, *arguments: str, settings: Settings, check: bool = True, timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            self.command(*arguments),
            cwd=self.directory,
            env=self.environment(settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        if check and result.returncode:
            raise CommandError(
                f"poe {' '.join(arguments)} exited with {result.returncode}:\n"
                f"{result.stdout}{result.stderr}"
            )
        return result

    def migrate(self, settings: Settings) -> None:
        self.poe("migrate", settings=settings)

    def create_admin(self, email: str, password: str, settings: Settings) -> None:
        self.poe("create-admin", email, settings={**settings, "ADMIN_PASSWORD": password})


def default_settings(database_url: str, mail_dir: Path, **more: str) -> dict[str, str]:
    """Settings for most tests: no rate limits."""
    return {
        "ENVIRONMENT": "development",
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": database_url,
        "MAIL_URL": f"file://{mail_dir}",
        "RATE_LIMITS": "off",
        "WORKERS": "1",
        **more,
    }


@dataclass
class Server:
    """`poe serve`, or another task, as a context manager.

    Leaving it sends SIGTERM, and SIGKILL in the end.
    """

    project: Project
    settings: dict[str, str]
    log: Path
    start_timeout: float = 30
    port: int = field(default_factory=free_port)
    task: str = "serve"
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def launch(self) -> None:
        """Start the command without waiting for it."""
        settings = {**self.settings, "HOST": "127.0.0.1", "PORT": str(self.port)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.project.command(self.task),
                cwd=self.project.directory,
                env=self.project.environment(settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_live(self) -> None:
        deadline = time.monotonic() + self.start_timeout
        while not self.is_live():
            if self.exited():
                raise CommandError(f"poe {self.task} ended by itself:\n{self.log_text()}")
            if time.monotonic() > deadline:
                self.kill()
                raise CommandError(f"poe {self.task} does not answer:\n{self.log_text()}")
            time.sleep(0.02)

    def is_live(self, timeout: float = 2) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", "/health/live")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def exited(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def log_text(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def terminate(self) -> None:
        """Ask the command, and only it, to end: the way a service manager does."""
        if self.process and not self.exited():
            self.process.send_signal(signal.SIGTERM)

    def signal_group(self, number: int) -> None:
        """Send a signal to all processes at once, as a terminal and systemd do."""
        if self.process:
            os.killpg(self.process.pid, number)

    def group_size(self) -> int:
        """Count the command and its children, where /proc tells of them."""
        found = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                group = int(stat.read_text().rpartition(")")[2].split()[2])
                found += self.process is not None and group == self.process.pid
        return found

    def group_exited(self) -> bool:
        """Tell whether no process is left of the command and its children."""
        if not self.exited():
            return False
        assert self.process is not None
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def wait(self, timeout: float) -> int:
        if self.process is None:
            raise CommandError("the server was never started")
        return self.process.wait(timeout)

    def kill(self) -> None:
        """End whatever is left of the command and its children."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)

    def stop(self) -> None:
        self.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.wait(10)
        self.kill()

    def __enter__(self) -> Server:
        self.launch()
        self.wait_until_live()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()


@contextmanager
def running(
    project: Project,
    *,
    database_url: str,
    directory: Path,
    admin: tuple[str, str] | None = None,
    **settings: str,
) -> Iterator[Server]:
    """Migrate, make the admin (e-mail, password), serve, stop; mails and log in `directory`."""
    mail_dir = directory / "mail"
    mail_dir.mkdir(parents=True, exist_ok=True)
    everything = default_settings(database_url, mail_dir, **settings)
    project.migrate(everything)
    if admin:
        project.create_admin(*admin, settings=everything)
    with Server(project, everything, directory / "server.log") as server:
        yield server
