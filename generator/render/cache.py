"""What Jinja compiled stays compiled: in a render, and from one run to the next."""

from __future__ import annotations

import hashlib
import marshal
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template
from jinja2.bccache import Bucket, BytecodeCache, bc_magic

from generator.files import replacing

KEPT_SECONDS = 30 * 24 * 3600
DIGEST_BYTES = 20
# Jinja gives no meaning to any of these, whatever its settings.
PLAIN = re.compile(r"[\w /.+-]*")


class KeptTemplates(BytecodeCache):
    """Compiled templates in one file, found again by their text, wherever it lies.

    Like Python's bytecode they may go at any time; where they cannot be kept, nothing is said.
    """

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self.codes = _read(file)
        self.settings: dict[Environment, bytes] = {}
        self.is_changed = False

    def get_bucket(
        self, environment: Environment, _name: str, _filename: str | None, source: str
    ) -> Bucket:
        if environment not in self.settings:
            self.settings[environment] = _settings(environment)
        text = self.settings[environment] + source.encode()
        key = hashlib.sha1(text, usedforsecurity=False).hexdigest()
        bucket = Bucket(environment, key, key)
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        # Jinja's own reading of bytecode takes five times as long.
        if bucket.key in self.codes:
            bucket.code = marshal.loads(self.codes[bucket.key])  # noqa: S302 (as Python does)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key] = marshal.dumps(bucket.code)
        self.is_changed = True

    def save(self) -> None:
        """Write what was added; files that no run has changed for long go."""
        if self.file and self.is_changed:
            with suppress(OSError):
                _write(self.file, self.codes)
                _sweep(self.file.parent)


def _settings(environment: Environment) -> bytes:
    """Return what the template sets of Jinja; it changes what is compiled."""
    values = vars(environment).items()
    return repr(sorted(item for item in values if type(item[1]) in {str, bool})).encode()


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
    """Return where this Python keeps the templates called `name`; None without a home."""
    try:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        return None
    return caches / "scaffold" / "templates" / f"{name}.{sys.implementation.cache_tag}.bin"


class _PlainText:
    """A template that renders to its own text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render(self, *_values: object, **_named: object) -> str:
        return self.text


@contextmanager
def compiled_once(name: str) -> Iterator[None]:
    """Let Jinja compile what it has compiled before neither twice in a render nor in the next.

    Copier has each part of each path compiled as a template of its own, several times a file: for
    a project that is as much work as compiling the files themselves. Renders that have most of
    their templates in common share a `name`.
    """
    compile_string = Environment.from_string
    compiled: dict[tuple[Environment, Any], Any] = {}
    kept = KeptTemplates(_file(name))

    def from_string(self: Environment, source: Any, *args: Any, **kwargs: Any) -> Any:
        # Copier renders a string before it loads any file.
        self.bytecode_cache = kept
        if args or kwargs:
            return compile_string(self, source, *args, **kwargs)
        # Copier's yield tag leaves a note in the environment, which this takes away.
        self.preprocess(source)
        key = self, source
        if key not in compiled:
            is_plain = PLAIN.fullmatch(source)
            compiled[key] = _PlainText(source) if is_plain else _template(self, source, kept)
        return compiled[key]

    Environment.from_string = from_string  # type: ignore[method-assign]
    try:
        yield
    finally:
        Environment.from_string = compile_string  # type: ignore[method-assign]
        kept.save()


def _template(environment: Environment, source: str, kept: KeptTemplates) -> Template:
    """Do for a string what Jinja's loaders do for a file."""
    bucket = kept.get_bucket(environment, "", None, source)
    if not bucket.code:
        bucket.code = environment.compile(source)
        kept.set_bucket(bucket)
    template_class = environment.template_class
    return template_class.from_code(environment, bucket.code, environment.make_globals(None))
