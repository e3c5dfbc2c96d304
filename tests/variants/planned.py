"""What is made of the templates once for each state of them, whatever the number of processes.

That is the plan of `scaffold validate`, and the renders of its variants.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock

from generator.files import replacing
from generator.validate import values
from generator.validate.kept import sweep, used
from generator.validate.plan import plan_of, runnable
from generator.validate.template import open_subject

from .machine import RENDERS, ROOT

MADE_OF = (
    "copier.yml",
    "scaffold.yml",
    "validate.toml",
    "templates/**/*",
    "generator/**/*.py",
    "tests/variants/model.py",
    "tests/variants/planned.py",
    "tests/variants/renders.py",
    "tests/variants/resources.py",
    "tests/variants/sets.py",
    "tests/variants/workshop.py",
)
LIBRARIES = ("jinja2", "jinja2-ansible-filters", "pathspec", "pyyaml")


@dataclass(frozen=True)
class Planned:
    """A variant of the plan; `picks` are the words of the answers that are `given`."""

    name: str
    picks: Mapping[str, str]
    given: Mapping[str, Any]
    is_run: bool


def plan() -> list[Planned]:
    """Return all variants, as validate.toml has them; none has a hostile text."""
    return [Planned(**one) for one in once("plan", _plan)]


def _plan() -> list[dict[str, Any]]:
    config = values.load(ROOT)
    subject = open_subject(ROOT, config.checks, trust=False, hooks=True)
    made = plan_of(subject, config, "0", 1)
    free = set(runnable(made))
    return [asdict(Planned(v.name, v.picks, v.given, v in free)) for v in made.variants]


def once(name: str, make: Callable[[], Any]) -> Any:
    """Return what `make` returns for this state of the templates, in the form that JSON has."""
    file = RENDERS / f"{name}-{_key()}.json"
    RENDERS.mkdir(parents=True, exist_ok=True)
    with FileLock(RENDERS / f"{name}.lock"):
        if not file.exists():
            sweep(RENDERS)
            with replacing(file) as temporary:
                temporary.write_text(json.dumps(make()), "utf-8")
        used(file)
    return json.loads(file.read_text("utf-8"))


@cache
def _key() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for path in _sources():
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources() -> list[Path]:
    found = {path for pattern in MADE_OF for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if "__pycache__" not in path.parts)
