"""What Jinja compiled stays compiled: strings for the length of a render, files between runs."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template
from jinja2.bccache import Bucket, FileSystemBytecodeCache

KEPT_SECONDS = 30 * 24 * 3600


class KeptTemplates(FileSystemBytecodeCache):
    """Compiled templates, found again by their text, wherever their file lies.

    Like Python's bytecode they may go at any time; where they cannot be kept, nothing is said.
    """

    compiled_some = False

    def get_bucket(
        self, environment: Environment, name: str, _filename: str | None, source: str
    ) -> Bucket:
        # The settings of the environment come from the template, and change what is compiled.
        settings = sorted(
            item for item in vars(environment).items() if type(item[1]) in {str, bool}
        )
        return super().get_bucket(environment, name, f"{settings} {source}", source)

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled_some = True
        with suppress(OSError):
            Path(self.directory).mkdir(mode=0o700, parents=True, exist_ok=True)
            super().dump_bytecode(bucket)

    def sweep(self) -> None:
        """Remove what was compiled so long ago that its template has probably changed since."""
        oldest = time.time() - KEPT_SECONDS
        with suppress(OSError):
            for file in Path(self.directory).iterdir():
                if file.stat().st_mtime < oldest:
                    file.unlink()


def kept_templates() -> KeptTemplates | None:
    """Return the user's compiled templates; None for a user without a home."""
    try:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        return None
    return KeptTemplates(str(caches / "scaffold" / "templates"), "%s.bin")


@contextmanager
def compiled_once() -> Iterator[None]:
    """Let Jinja compile what it has compiled before neither twice in a render nor in the next.

    Copier has each part of each path compiled as a template of its own, several times a file: for
    a project that is as much work as compiling the files themselves.
    """
    compile_string = Environment.from_string
    compiled: dict[tuple[Environment, Any], Template] = {}
    kept = kept_templates()

    def from_string(self: Environment, source: Any, *args: Any, **kwargs: Any) -> Template:
        # Copier renders a string before it loads any file.
        self.bytecode_cache = kept
        # Copier's yield tag leaves a note in the environment when it is compiled, and whatever is
        # compiled next takes it away, when it is preprocessed.
        if args or kwargs or "{% yield" in source:
            return compile_string(self, source, *args, **kwargs)
        self.preprocess(source)
        key = self, source
        if key not in compiled:
            compiled[key] = _template(self, source, kept)
        return compiled[key]

    Environment.from_string = from_string  # type: ignore[method-assign]
    try:
        yield
    finally:
        Environment.from_string = compile_string  # type: ignore[method-assign]
        if kept and kept.compiled_some:
            kept.sweep()


def _template(environment: Environment, source: str, kept: KeptTemplates | None) -> Template:
    """Do for a string what Jinja's loaders do for a file."""
    bucket = kept.get_bucket(environment, "", None, source) if kept else None
    if bucket and bucket.code:
        code = bucket.code
    else:
        code = environment.compile(source)
        if kept and bucket:
            bucket.code = code
            kept.set_bucket(bucket)
    template_class = environment.template_class
    return template_class.from_code(environment, code, environment.make_globals(None))
