"""Which files of a project its Python programs could read."""

from __future__ import annotations

from functools import cache

import yaml

from generator.tree import matching
from generator.validate import reading
from generator.validate.config import FILE
from generator.validate.known import Tree

from .machine import ROOT

RECORD = ".copier-answers.yml"


def live(tree: Tree) -> dict[str, bytes]:
    """Return the files of a project that its programs could read, without the inert ones.

    Of its record there is left what the contract has to know: the resources without an owner.
    """
    inert = matching(_inert(), tree)
    files = {path: content for path, content in tree.items() if path not in inert}
    answers = yaml.safe_load(tree.get(RECORD, b"")) or {}
    ownerless = [
        {"plural": resource["plural"], "owner": "none"}
        for resource in answers.get("resources", [])
        if resource.get("owner") == "none"
    ]
    if ownerless:
        files[RECORD] = yaml.safe_dump({"resources": ownerless}).encode()
    return files


@cache
def _inert() -> tuple[str, ...]:
    return reading.load(ROOT / FILE).inert
