"""Compiled Jinja templates, kept from one render to the next.

Copier compiles each part of each path as a template of its own, several times for a file; for a
project that is as much work as compiling the files themselves. Like Python's bytecode, the cache
may be deleted at any time, and nothing is said where it cannot be written.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template
from jinja2.bccache import Bucket, BytecodeCache, bc_magic

from generator.files import replacing, user_cache
from generator.render.constants import Constants

KEPT_SECONDS = 30 * 24 * 3600
DIGEST_BYTES = 20
OUT = "scaffold_out"  # the variable for the folder of a render
# The packages that turn a template's text into code, and the prefixes of their modules.
COMPILERS = ("jinja2", "jinja2-ansible-filters", "copier", "cookiecutter")
COMPILED_BY = ("jinja2.", "jinja2_ansible_filters.", "copier.", "cookiecutter.")


@dataclass
class CompiledTemplates:
    """The compiled templates in one file, by a key made of their text and settings.

    A key holds for every template: it contains the text, Jinja's settings, the extensions and the
    versions of the packages that compile it. `file` is None where there is no home folder.
    """

    file: Path | None
    codes: dict[str, bytes] = field(default_factory=dict)
    is_changed: bool = False

    @classmethod
    def of(cls, name: str) -> CompiledTemplates:
        """Return those kept as `name`: renders with most templates in common should share one."""
        file = _file(name)
        return cls(file, _read(file))

    @classmethod
    def of_version(cls, source: str, commit: str) -> CompiledTemplates:
        """Return those of a version of somebody else's template."""
        digest = hashlib.sha1(f"{source} {commit}".encode(), usedforsecurity=False).hexdigest()
        return cls.of(f"other-{digest[:DIGEST_BYTES]}")

    def use_in(self, environment: Environment, out: str = "") -> None:
        """Have `environment`, and no other, take compiled templates from here.

        One with extensions of a template's own compiles what has tags anew: their code may change
        without a new version. Texts that begin with the folder `out` are kept without it, since
        each render has another one.
        """
        constants = Constants(environment)
        constants.use()
        if all(name.startswith(COMPILED_BY) for name in environment.extensions):
            environment.bytecode_cache = _Bytecode(self, _settings(environment))
            strings = _Strings(environment, constants, out)
            environment.from_string = strings.compile  # type: ignore[method-assign]

    def save(self) -> None:
        """Write what was added; files that no render has changed for 30 days are deleted."""
        if self.file and self.is_changed:
            with suppress(OSError):
                _write(self.file, self.codes)
                _sweep(self.file.parent)


class _Bytecode(BytecodeCache):
    """Jinja's interface to the cache, for one environment."""

    def __init__(self, kept: CompiledTemplates, settings: bytes) -> None:
        self.kept, self.settings = kept, settings

    def get_bucket(
        self, environment: Environment, _name: str, _filename: str | None, source: str
    ) -> Bucket:
        key = hashlib.sha1(self.settings + source.encode(), usedforsecurity=False).hexdigest()
        bucket = Bucket(environment, key, key)
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        # Jinja's own reading of bytecode takes five times as long.
        if bucket.key in self.kept.codes:
            bucket.code = marshal.loads(self.kept.codes[bucket.key])  # noqa: S302 (as Python does)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept.codes[bucket.key] = marshal.dumps(bucket.code)
        self.kept.is_changed = True


class _Strings:
    """Compiles each different string of one environment once."""

    def __init__(self, environment: Environment, constants: Constants, out: str) -> None:
        self.environment, self.constants, self.out = environment, constants, out
        self.compiled: dict[str, Template] = {}

    def compile(self, source: Any, *args: Any, **named: Any) -> Template:
        """Return the template for the text `source`, as `Environment.from_string` does."""
        environment, kept = self.environment, self.environment.bytecode_cache
        if kept is None or args or named or not isinstance(source, str):
            return Environment.from_string(environment, source, *args, **named)
        # An extension may react to each use of a text, as copier's yield tag does.
        environment.preprocess(source)
        if source not in self.compiled:
            self.compiled[source] = self._template(kept, source)
        return self.compiled[source]

    def _template(self, kept: BytecodeCache, source: str) -> Template:
        environment = self.environment
        if self.constants.has(source):
            return Environment.from_string(environment, source)
        text = self._without_out(source)
        bucket = kept.get_bucket(environment, "", None, text)
        if not bucket.code:
            bucket.code = environment.compile(text)
            kept.set_bucket(bucket)
        names = environment.make_globals({OUT: self.out})
        return environment.template_class.from_code(environment, bucket.code, names)

    def _without_out(self, source: str) -> str:
        """Return `source` with a variable for the folder that it begins with."""
        if not self.out or not source.startswith(self.out):
            return source
        start, end = self.environment.variable_start_string, self.environment.variable_end_string
        return f"{start} {OUT} {end}{source.removeprefix(self.out)}"


@cache
def _versions() -> list[str]:
    return [metadata.version(name) for name in COMPILERS]


def _settings(environment: Environment) -> bytes:
    """Return all that decides, beside its text, what a template is compiled to."""
    values = [item for item in vars(environment).items() if isinstance(item[1], str | bool)]
    return repr([_versions(), sorted(values), sorted(environment.extensions)]).encode()


def _read(file: Path | None) -> dict[str, bytes]:
    try:
        content = file.read_bytes() if file else b""
    except OSError:
        return {}
    digest, kept = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
    if digest != _digest(kept):
        return {}
    codes: dict[str, bytes] = marshal.loads(kept)  # noqa: S302 (as Python does)
    return codes


def _write(file: Path, codes: dict[str, bytes]) -> None:
    kept = marshal.dumps(codes)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with replacing(file) as temporary:
        temporary.write_bytes(_digest(kept) + kept)


def _digest(kept: bytes) -> bytes:
    return hashlib.sha1(bc_magic + kept, usedforsecurity=False).digest()


def _sweep(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for file in folder.iterdir():
        if file.stat().st_mtime < oldest:
            file.unlink()


def _file(name: str) -> Path | None:
    """Return the file of the templates called `name` for this Python; None without a home."""
    caches = user_cache()
    tag = sys.implementation.cache_tag
    return caches / "templates" / f"{name}.{tag}.bin" if caches else None
