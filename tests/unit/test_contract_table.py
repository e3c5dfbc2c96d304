"""The table of what several projects make of the contract."""

from __future__ import annotations

from typing import Any

from tests.contract.table import failures, summary, table


def report(**outcomes: str) -> dict[str, Any]:
    """Return what the suite would write of a project with one sentence for each outcome."""
    rows = {
        f"lists.{name}": {
            "text": f"What {name} says.",
            "outcome": outcome,
            "tests": {f"test_{name}": outcome},
        }
        for name, outcome in outcomes.items()
    }
    return {"database": "sqlite", "sentences": rows}


REPORTS = {
    "one": report(page="passed", size="failed", sort="untested"),
    "another": report(page="passed", size="passed", sort="skipped"),
}


def test_each_sentence_has_a_mark_of_each_project_and_its_text() -> None:
    assert list(table(REPORTS, 80)) == [
        "            one  another",
        "lists.page   ✓      ✓     What page says.",
        "lists.size   ✗      ✓     What size says.",
        "lists.sort   –      –     What sort says.",
    ]


def test_lines_end_where_the_terminal_does() -> None:
    assert max(map(len, table(REPORTS, 30))) == 30


def test_tests_that_failed_are_named_with_their_project() -> None:
    assert failures(REPORTS) == [("one", "test_size")]


def test_the_summary_has_the_facts_and_the_outcomes() -> None:
    data = summary(REPORTS)
    assert data["projects"] == {"one": {"database": "sqlite"}, "another": {"database": "sqlite"}}
    assert data["sentences"]["lists.size"] == {
        "text": "What size says.",
        "outcomes": {"one": "failed", "another": "passed"},
    }
    assert data["failed"] == [{"project": "one", "test": "test_size"}]
