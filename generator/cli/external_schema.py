"""`schema --template`: the questions of somebody else's template."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path

from generator.cli.output import print_json, say
from generator.engine.opened import open_address
from generator.render.described import questions_of
from generator.versions.address import parse


def schema(template: str, directory: str, *, as_json: bool) -> None:
    """Show what the template at the address `template` asks."""
    address = parse(template, Path.cwd())
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        opened = open_address(address, directory, Path(folder))
        asked = questions_of(opened.engine, opened.root)
    if as_json:
        print_json(
            {
                "template": opened.source,
                "version": opened.version,
                "engine": opened.engine,
                "questions": [asdict(question) for question in asked],
            }
        )
        return
    width = max((len(question.name) for question in asked), default=0)
    for question in asked:
        default = "" if question.default is None else f", by default {question.default!r}"
        say(f"  {question.name:{width}}  {question.type}{default}")
