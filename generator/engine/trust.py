"""Whether code of a template may run: hooks, tasks, migrations and Jinja extensions."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from generator.errors import TrustNeededError
from generator.files import replacing
from generator.questions.settings import trusted_prefixes
from generator.render.code import Code
from generator.versions.address import expanded


def check(source: str, found: Sequence[Code], *, hooks: bool, trust: bool) -> bool:
    """Tell whether anything of `found` runs; raises `TrustNeededError` where that is not allowed.

    It is allowed by `trust`, by a prefix in the user's settings, or by what `remember` recorded.
    """
    running = list(dict.fromkeys(words for code in found for words in code.running(hooks=hooks)))
    if not running:
        return False
    digest = "+".join(sorted({code.digest for code in found if code.running(hooks=hooks)}))
    if trust or _is_trusted(source) or set(digest.split("+")) <= _remembered(source):
        return True
    raise TrustNeededError(source, running, digest)


def remember(source: str, digest: str) -> None:
    """Record that the code with this digest may run, until the template changes it."""
    file = _file()
    if file is None:
        return
    data = _read(file)
    data[source] = sorted({*data.get(source, []), *digest.split("+")})
    with suppress(OSError):  # it is asked for again then
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as temporary:
            temporary.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


def _is_trusted(source: str) -> bool:
    prefixes = trusted_prefixes()
    return any(
        name.startswith(prefix) for prefix in prefixes for name in (source, expanded(source))
    )


def _remembered(source: str) -> set[str]:
    file = _file()
    return set(_read(file).get(source, [])) if file else set()


def _read(file: Path) -> dict[str, list[str]]:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _file() -> Path | None:
    with suppress(RuntimeError):
        base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
        return Path(base) / "scaffold" / "trusted.json"
    return None
