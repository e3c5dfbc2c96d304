"""Reads a file by its language; what is wrong with it is one line."""

from __future__ import annotations

import ast
import json
import re
import tomllib
import warnings
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from xml.etree import ElementTree

import yaml

INSTRUCTIONS = frozenset(
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL"
    " STOPSIGNAL USER VOLUME WORKDIR".split()
)
HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")
# These have comments and commas that JSON does not have.
COMMENTED_JSON = re.compile(r"(^|/)(\.vscode/|\.devcontainer/|devcontainer|tsconfig|jsconfig)")


def problem(path: str, content: bytes) -> str:
    """Return what is wrong with the file, which is nothing where its language is not known."""
    reader = reader_of(path)
    if reader is None:
        return ""
    try:
        reader(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return "is not UTF-8"
    except SyntaxError as error:
        return f"does not parse: {error.msg}, line {error.lineno}"
    except (ValueError, RecursionError, yaml.YAMLError, ElementTree.ParseError) as error:
        return f"does not parse: {' '.join(str(error).split())}"
    return ""


def reader_of(path: str) -> Callable[[str], object] | None:
    """Return what reads a file of this name, None where nothing does."""
    name = PurePosixPath(path).name
    if name == "Dockerfile" or name.startswith("Dockerfile.") or name.endswith(".Dockerfile"):
        return _dockerfile
    if COMMENTED_JSON.search(path):
        return None
    return READERS.get(PurePosixPath(name).suffix)


def is_javascript(path: str) -> bool:
    """Tell whether Node reads the file."""
    return PurePosixPath(path).suffix in {".js", ".mjs", ".cjs"}


def _python(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(text)


def _yaml(text: str) -> None:
    # No values are made: tags are the business of whoever reads the file.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for _ in yaml.compose_all(text, Loader=loader):
        pass


def _dockerfile(text: str) -> None:
    first = ""
    for number, line in _instructions(text):
        word = line.split(None, 1)[0].upper()
        if word not in INSTRUCTIONS:
            raise ValueError(f"{word} is no instruction, line {number}")
        if len(line.split(None, 1)) < 2:
            raise ValueError(f"{word} has no argument, line {number}")
        if not first and word not in {"FROM", "ARG"}:
            raise ValueError(f"the first instruction is {word}, not FROM, line {number}")
        first = "FROM" if word == "FROM" else first
    if not first:
        raise ValueError("it has no FROM")


def _instructions(text: str) -> Iterator[tuple[int, str]]:
    """Yield each instruction as one line, without comments and the content of heredocs."""
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        whole = line.strip()
        if not whole or whole.startswith("#"):
            continue
        while whole.endswith("\\"):
            _, more = next(lines, (0, ""))
            whole = whole[:-1] + ("" if more.strip().startswith("#") else " " + more.strip())
            if more.strip().startswith("#"):
                whole += "\\"
        for _, end in HEREDOC.findall(whole):
            for _, more in lines:
                if more.strip() == end:
                    break
        yield number, whole


READERS: dict[str, Callable[[str], object]] = {
    ".py": _python,
    ".pyi": _python,
    ".toml": tomllib.loads,
    ".yml": _yaml,
    ".yaml": _yaml,
    ".json": json.loads,
    ".xml": ElementTree.fromstring,
    ".svg": ElementTree.fromstring,
}
