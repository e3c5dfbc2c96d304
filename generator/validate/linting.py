"""Linters and formatters, run once over all renders: each different file is looked at once."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path, PurePosixPath

from generator.tree import PLAIN, Tree
from generator.validate.known import digests
from generator.validate.space import Variant

SHOWN = "pyproject.toml"
RUFF = "ruff"


@dataclass(frozen=True)
class Layout:
    """Files by the paths at which linters see them, and of each folder a variant it is from."""

    files: Mapping[str, bytes]
    variants: Mapping[str, Variant]

    def write(self, folder: Path) -> None:
        """Write the files into `folder`."""
        for parent in {(folder / path).parent for path in self.files}:
            parent.mkdir(parents=True, exist_ok=True)
        for path, content in self.files.items():
            (folder / path).write_bytes(content)

    def digest(self) -> str:
        """Return a hash of all that linters see."""
        return hashlib.sha256(repr(digests(self.files)).encode()).hexdigest()


def laid_out(
    renders: Mapping[Variant, Tree],
    suffixes: tuple[str, ...],
    settings: Sequence[str],
    tool: str = "",
) -> Layout:
    """Return the files with these suffixes as linters see them in a project, each once.

    Variants whose `settings` set the tools up alike share folders, or only the `tool` that is
    named; two files of one path go to two folders.
    """
    numbers: dict[str, int] = {}
    taken: set[tuple[str, int, str]] = set()
    done: set[tuple[str, str, bytes]] = set()
    files: dict[str, bytes] = {}
    variants: dict[str, Variant] = {}
    for variant, tree in renders.items():
        own = {path: tree[path].content for path in settings if path in tree}
        setup = "\0".join(_of_tools(path, content, tool) for path, content in own.items())
        number = numbers.setdefault(setup, len(numbers))
        for path, file in tree.items():
            is_read = file.mode == PLAIN and path.endswith(suffixes)
            if not is_read or path in own or (setup, path, file.content) in done:
                continue
            done.add((setup, path, file.content))
            place = next(i for i in count() if (setup, i, path) not in taken)
            taken.add((setup, place, path))
            folder = f"{number}-{place}"
            if folder not in variants:
                variants[folder] = variant
                files |= {f"{folder}/{name}": content for name, content in own.items()}
            files[f"{folder}/{path}"] = file.content
    return Layout(files, variants)


@cache
def _of_tools(path: str, content: bytes, tool: str) -> str:
    """Return what a file of settings says to linters: of pyproject.toml, all but the project."""
    if path != SHOWN:
        return content.decode("utf-8", "replace")
    try:
        data = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return content.decode("utf-8", "replace")
    requires = data.get("project", {}).get("requires-python", "")
    tools = data.get("tool", {})
    return repr((requires, tools.get(tool) if tool else tools))


def own_linters(renders: Mapping[Variant, Tree]) -> list[str]:
    """Return what renders set up to be linted and formatted with, as far as it is installed."""
    trees = list(renders.values())
    has_ruff = any("ruff.toml" in t or ".ruff.toml" in t or _has_table(t, RUFF) for t in trees)
    if not has_ruff or not shutil.which(RUFF, path=search_path()):
        return []
    # In folders with a part of a project, not every module that is imported is there to be seen.
    known = f"lint.isort.known-first-party = {_packages(trees)}"
    check = ["ruff", "check", "--no-cache", "--output-format=concise", "--config", known]
    return [shlex.join(check), "ruff format --no-cache --check"]


def _packages(trees: Sequence[Tree]) -> list[str]:
    """Return the names of the modules and packages that are the projects' own."""
    paths = {path for tree in trees for path in tree if path.endswith(".py")}
    parts = {PurePosixPath(path).parts for path in paths}
    inside = {own[1:] if own[0] == "src" and len(own) > 1 else own for own in parts}
    return sorted({own[0].removesuffix(".py") for own in inside})


def _has_table(tree: Tree, tool: str) -> bool:
    file = tree.get(SHOWN)
    return file is not None and f"[tool.{tool}".encode() in file.content


def proof(command: str, version: str, digest: str) -> str:
    """Return the name of the proof that a command of this version accepts these files."""
    return hashlib.sha256(repr((command, version, digest)).encode()).hexdigest()


def search_path() -> str:
    """Return PATH with the programs that came with scaffold last."""
    return os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])


def named(output: str, variants: Mapping[str, Variant]) -> Iterator[str]:
    """Yield the lines of a linter with the names of variants instead of folders."""
    for line in output.splitlines():
        folder, slash, rest = line.partition("/")
        start = folder.rpartition(" ")[2].rpartition("\\")[2]
        if slash and start in variants:
            yield f"{folder.removesuffix(start)}{rest}, in {variants[start]}"
        else:
            yield line
