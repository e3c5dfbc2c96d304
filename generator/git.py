"""Git, as a child process."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from generator.errors import ScaffoldError

# Set while a git hook runs; they would point git at the repository that the hook belongs to.
REPOSITORY_VARIABLES = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
)
# The user's hooks and signing keys are for the user's own commits.
SETTINGS = (
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.safecrlf=false"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "commit.gpgSign=false"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
    *("-c", "safe.bareRepository=all"),
)

OTHER_OWNER = "detected dubious ownership"
COMMITTER = "scaffold <scaffold@localhost> 946684800 +0000"


class GitMissingError(ScaffoldError):
    """There is no git on this machine."""


def environment() -> dict[str, str]:
    """Return the environment for a git process that works on the folder it is started in."""
    # Errors are recognised by their English text. A file that was moved is found by how much of it
    # is alike; git would prefer another one with the same name.
    own = {"LC_ALL": "C.UTF-8", "LANGUAGE": "", "GIT_BASENAME_FACTOR": "100"}
    return {**_users_environment(), **own}


def _users_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in REPOSITORY_VARIABLES}


def call(folder: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git in `folder`, whatever its exit code; raises `GitMissingError` without git."""
    try:
        return subprocess.run(
            ["git", *SETTINGS, *arguments],
            cwd=folder,
            env=environment(),
            input=stdin,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise GitMissingError("git is not installed.", "Install git and run this again.") from error


def read(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """Run git in `folder` and return what it printed.

    Raises `GitMissingError` without git, `ScaffoldError` with git's last line when it fails.
    """
    process = call(folder, *arguments, stdin=stdin)
    if process.returncode:
        raise _failure(arguments[0], process)
    return process.stdout


def interact(folder: Path, *arguments: str) -> int:
    """Run git in `folder` with the terminal as its own, and return its exit code."""
    command = ["git", *arguments]
    return subprocess.run(command, cwd=folder, env=_users_environment(), check=False).returncode


def _failure(command: str, process: subprocess.CompletedProcess[bytes]) -> ScaffoldError:
    """Return the error for a git that failed: its last line, but for what needs a cure."""
    said = process.stderr.decode(errors="replace").strip()
    if OTHER_OWNER in said:
        # git prints the command that trusts the folder as its last line.
        cure = f"If you trust it: {said.splitlines()[-1].strip()}"
        return ScaffoldError("The repository belongs to another user, so git refuses it.", cure)
    reason = said.splitlines()[-1] if said else f"exit code {process.returncode}"
    return ScaffoldError(f"git {command} failed: {reason}")


def run_git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """Run git as `read` does and return what it printed as text."""
    return read(folder, *arguments, stdin=stdin).decode(errors="replace")


def commit_stream(
    ref: str, message: str, files: Iterable[tuple[str, str, bytes]], parent: str = ""
) -> bytes:
    """Return what makes `git fast-import` write a commit: `files` are path, mode and content.

    Identity and date are fixed, so that the same content makes the same commit everywhere. The
    commit has just these files, also where it has a `parent`.
    """
    text = message.encode()
    head = f"commit {ref}\ncommitter {COMMITTER}\ndata {len(text)}\n".encode()
    stream = [head, text, b"\n"]
    if parent:
        stream.append(f"from {parent}\ndeleteall\n".encode())
    for path, mode, content in files:
        name = (
            os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
        )
        stream += [
            b'M %s inline "%s"\ndata %d\n' % (mode.encode(), name, len(content)),
            content,
            b"\n",
        ]
    return b"".join(stream)


def belongs_to_repository(path: Path) -> bool:
    """Tell whether `path` would be part of somebody's repository: inside it and not ignored."""
    if not any((parent / ".git").exists() for parent in path.parents):
        return False
    try:
        run_git(path.parent, "check-ignore", "--quiet", f"{path.name}/")
    except ScaffoldError:
        return True
    return False


def commit_all(folder: Path, message: str) -> None:
    """Commit everything in the repository at `folder`.

    The user's identity is used; where there is none, the commit is made as `scaffold`.
    """
    # A render has nothing to ignore but what its own .gitignore names. All files go into one pack:
    # writing an object file, and often a folder, for each takes three times as long.
    packed = ("-c", "core.bigFileThreshold=1", "-c", "core.excludesFile=")
    run_git(folder, *packed, "add", "--all")
    commit = ("commit", "--quiet", f"--message={message}")
    try:
        # Without this, git makes an address up from the name of the machine.
        run_git(folder, "-c", "user.useConfigOnly=true", *commit)
    except GitMissingError:
        raise
    except ScaffoldError:
        identity = ("-c", "user.name=scaffold", "-c", "user.email=scaffold@localhost")
        run_git(folder, *identity, *commit)
