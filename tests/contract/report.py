"""The sentences of docs/contract.md, the tests that hold them, and their outcome as JSON."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

DOCUMENT = Path(__file__).parents[2] / "docs" / "contract.md"
SENTENCE = re.compile(r"^- `([a-z0-9-]+\.[a-z0-9-]+)` (.*(?:\n  .*)*)", re.MULTILINE)
UNTESTED = re.compile(r"^- ((?:`[a-z0-9-]+\.[a-z0-9-]+`(?:, |,\n  )?)+):", re.MULTILINE)
WORST_FIRST = ("failed", "passed", "skipped", "deselected", "untested")


def sentences() -> dict[str, str]:
    """Name to text of every sentence; empty where the document is not at hand."""
    if not DOCUMENT.exists():
        return {}
    found = SENTENCE.findall(DOCUMENT.read_text("utf-8"))
    return {name: " ".join(text.split()) for name, text in found}


def untested() -> set[str]:
    """The sentences that the document itself names as not tested here."""
    if not DOCUMENT.exists():
        return set()
    lines = UNTESTED.findall(DOCUMENT.read_text("utf-8"))
    return {name for line in lines for name in re.findall(r"`([^`]+)`", line)}


def forgotten() -> set[str]:
    """The sentences that have neither a test nor a reason why not."""
    tests = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    return {name for name in sentences().keys() - untested() if f'"{name}"' not in tests}


def marks(item: pytest.Item) -> list[str]:
    return [name for mark in item.iter_markers("contract") for name in mark.args]


class Report:
    """Checks the names on the tests, and collects outcomes by name."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self.facts: dict[str, Any] = {}
        self.sentences = sentences()
        if missing := forgotten():
            raise pytest.UsageError(f"{DOCUMENT}: no test carries {', '.join(sorted(missing))}")
        self.tests: dict[str, set[str]] = defaultdict(set)
        self.outcomes: dict[str, str] = {}

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        if item.path.parent != Path(__file__).parent:
            return
        names = marks(item)
        unknown = [name for name in names if self.sentences and name not in self.sentences]
        if unknown or not names:
            raise pytest.UsageError(f"{item.nodeid}: no sentence of the contract {unknown}")
        for name in names:
            self.tests[name].add(item.nodeid)

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        for item in items:
            self.outcomes[item.nodeid] = "deselected"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        tells = report.when == "call" or report.outcome != "passed"
        if tells and self.outcomes.get(report.nodeid) != "failed":
            self.outcomes[report.nodeid] = report.outcome

    def outcome(self, sentence: str) -> str:
        found = {self.outcomes.get(test, "untested") for test in self.tests[sentence]}
        return next((outcome for outcome in WORST_FIRST if outcome in found), "untested")

    def pytest_sessionfinish(self) -> None:
        if self.file is None:
            return
        rows = {
            name: {
                "text": text,
                "outcome": self.outcome(name),
                "tests": {test: self.outcomes.get(test) for test in sorted(self.tests[name])},
            }
            for name, text in self.sentences.items()
        }
        content = {**self.facts, "sentences": rows}
        self.file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
