"""Where a project's development server is going to listen, and whether it can."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.engine import port
from generator.errors import ScaffoldError
from generator.project.dotenv import read_env
from generator.questions.facts import Facts, Setting

NEXT_PORTS = 20  # how many are tried to find one that is free


def check_port(facts: Facts, root: Path) -> None:
    """Refuse to start the server of the project at `root` on a port that another program has.

    `root` need not exist yet. Raises `ScaffoldError`, which names a port that is free.
    """
    if facts.settings is None or not facts.settings.port.name:
        return
    values = _values(facts, root)
    host, setting = _value(facts.settings.host, values), facts.settings.port
    number = _value(setting, values)
    if port.probe(host, number) != port.TAKEN:
        return
    others = map(str, range(int(number) + 1, int(number) + 1 + NEXT_PORTS))
    free = next((other for other in others if port.probe(host, other) == port.FREE), "...")
    cure = f"Stop the program that listens there, or choose another: {setting.name}={free}"
    raise ScaffoldError(f"Port {number} of {host} is taken.", cure)


def urls(facts: Facts, root: Path) -> dict[str, str]:
    """Return the pages to look at, by name, on the port that the project at `root` will use."""
    return {name: _on_own_port(url, facts, root) for name, url in facts.urls.items()}


def first_request(facts: Facts, root: Path, answers: Mapping[str, Any]) -> list[str]:
    """Return lines for a shell that end in a first request to the project at `root`, or none."""
    request = facts.first_request
    if any(answers.get(name) != value for name, value in request.when.items()):
        return []
    plurals = [resource["plural"] for resource in answers.get("resources", [])]
    shell = request.shell.replace("{resource}", next(iter(plurals), ""))
    return _on_own_port(shell, facts, root).splitlines()


def _on_own_port(text: str, facts: Facts, root: Path) -> str:
    """Return the text with the port that the project at `root` will use in its addresses."""
    if facts.settings is None or not facts.settings.port.name:
        return text
    setting = facts.settings.port
    return text.replace(f":{setting.default}/", f":{_value(setting, _values(facts, root))}/")


def _values(facts: Facts, root: Path) -> Mapping[str, str]:
    """Return the settings as the server reads them: the environment wins over the file."""
    file = read_env(root / facts.settings.file) if facts.settings else {}
    return {**file, **{name: value for name, value in os.environ.items() if value}}


def _value(setting: Setting, values: Mapping[str, str]) -> str:
    return values.get(setting.name) or setting.default
