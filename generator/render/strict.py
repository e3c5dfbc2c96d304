"""Renders our own templates as copier does, but with StrictUndefined, in one process and fast.

A file is rendered once for all answers that it does not read. A test compares what is rendered here
with what copier writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    meta,
)
from pathspec import GitIgnoreSpec

from generator.errors import ScaffoldError
from generator.questions.catalog import load_settings

ANSWERS_FILE = ".copier-answers.yml"
SUFFIX = ".jinja"
YAML = "to_nice_yaml"
YIELD = re.compile(r"{% yield (?P<name>\w+) from (?P<values>\w+) %}(?P<body>.*){% endyield %}")

Context = Mapping[str, Any]
Render = dict[str, str]  # text by path


class Strict:
    """A template folder and what was rendered of it so far."""

    def __init__(self, root: Path, compiled: Path | None = None) -> None:
        """Read the settings of the template in the folder `root`.

        Compiled templates are kept in the folder `compiled`, if one is given.
        """
        self.root = root
        self.settings = load_settings(root)
        self.jinja = Environment(  # noqa: S701 (it renders source code, which is not to be escaped)
            loader=FileSystemLoader(root),
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            extensions=["jinja2_ansible_filters.AnsibleCoreFiltersExtension"],
            bytecode_cache=_bytecode(compiled) if compiled else None,
        )
        self.jinja.filters[YAML] = _by_entries(self.jinja.filters[YAML])
        self._rendered: dict[tuple[str, str], str] = {}
        self._sources: dict[Path, list[tuple[str, str]]] = {}
        self._names = cache(self._names_in)
        self._is_excluded = cache(_is_excluded)
        self._template = cache(self.jinja.from_string)

    def render(self, answers: Mapping[str, Any]) -> Render:
        """Return the project of `answers`: the text of each file by its path."""
        recorded = {name: value for name, value in answers.items() if self.records(name, answers)}
        context = {
            **answers,
            "_copier_answers": {"_src_path": "the template", **recorded},
            "_copier_conf": {"answers_file": ANSWERS_FILE},
        }
        base = self._base(context)
        patterns = "\n".join(self._text(text, context) for text in self.settings["_exclude"])
        # Values as text, by their ids: some are long, most occur often.
        written: dict[int, str] = {}
        result = {}
        for name, relative in self._files(base):
            for path, inner in self._paths(relative, context):
                # Like copier, leave out a file that has no name, or is in a folder without one.
                if all(path.split("/")) and not self._is_excluded(patterns, path):
                    result[path] = self._file(name, inner, written)
        return dict(sorted(result.items()))

    def render_one(self, path: str, answers: Mapping[str, Any]) -> str:
        """Return the text of one file, which every project has at this path."""
        name = (self._base(answers) / f"{path}{SUFFIX}").relative_to(self.root).as_posix()
        return self._file(name, answers, {})

    def _base(self, context: Context) -> Path:
        return self.root / self._text(self.settings["_subdirectory"], context)

    def records(self, question: str, answers: Mapping[str, Any]) -> bool:
        """Tell whether the project records its answer; what is no question has no answer."""
        if question not in self.settings:
            return False
        condition = self.settings[question].get("when", "true")
        return self._text(str(condition), answers).lower() == "true"

    def _files(self, base: Path) -> list[tuple[str, str]]:
        """Return the names of a project's templates, and the paths that they stand for."""
        if base not in self._sources:
            found = sorted(path for path in base.rglob("*") if path.is_file())
            self._sources[base] = [
                (
                    path.relative_to(self.root).as_posix(),
                    path.relative_to(base).as_posix().removesuffix(SUFFIX),
                )
                for path in found
            ]
        return self._sources[base]

    def _paths(self, path: str, context: Context) -> Iterator[tuple[str, Context]]:
        """Yield the paths that a template's path stands for, and what each is rendered with."""
        loop = YIELD.search(path)
        if loop is None:
            yield self._text(path, context), context
            return
        for value in context[loop["values"]]:
            inner = {**context, loop["name"]: value}
            body = path[: loop.start()] + loop["body"] + path[loop.end() :]
            yield self._text(body, inner), inner

    def _text(self, template: str, context: Context) -> str:
        return self._template(template).render(context) if "{" in template else template

    def _file(self, name: str, context: Context, written: dict[int, str]) -> str:
        key = (name, "")
        if name.endswith(SUFFIX):
            values = [context.get(variable) for variable in self._names(name)]
            texts = [written.get(id(v)) or written.setdefault(id(v), repr(v)) for v in values]
            key = (name, "\n".join(texts))
        if key not in self._rendered:
            try:
                self._rendered[key] = (
                    self.jinja.get_template(name).render(context)
                    if name.endswith(SUFFIX)
                    else (self.root / name).read_bytes().decode()
                )
            except TemplateError as error:
                error.add_note(f"while rendering {name}")
                raise
        return self._rendered[key]

    def _names_in(self, name: str) -> list[str]:
        """Return the variables that a template reads, those of what it includes included."""
        tree = self.jinja.parse((self.root / name).read_text(encoding="utf-8"))
        names = set(meta.find_undeclared_variables(tree))
        for other in meta.find_referenced_templates(tree):
            if other is None:
                raise ScaffoldError(f"{name} includes a file whose name is computed.")
            names.update(self._names(other))
        return sorted(names)


def _bytecode(folder: Path) -> FileSystemBytecodeCache:
    """Return Jinja's cache in a folder of its version: the code of another may not run."""
    folder /= f"jinja-{version('jinja2')}"
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def _by_entries(dump: Callable[..., str]) -> Callable[[Mapping[str, Any]], str]:
    """Return a filter that writes each entry of a mapping once: most projects share theirs."""
    known: dict[str, str] = {}

    def entry(name: str, value: object) -> str:
        key = repr((name, value))
        return known.get(key) or known.setdefault(key, dump({name: value}))

    return lambda value: "".join(entry(name, value[name]) for name in sorted(value))


@cache
def _spec(patterns: str) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(patterns.splitlines())


def _is_excluded(patterns: str, path: str) -> bool:
    return bool(_spec(patterns).match_file(path))
