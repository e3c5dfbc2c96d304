"""One table of several reports: what each project makes of each sentence of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Reports = Mapping[str, Mapping[str, Any]]
"""What `--contract-report` wrote, by the name of the column."""

MARKS = {"passed": "✓", "failed": "✗"}
NOT_TESTED = "–"


def outcomes(reports: Reports) -> dict[str, dict[str, str]]:
    """Return the outcome in each report, by sentence."""
    found: dict[str, dict[str, str]] = {}
    for name, report in reports.items():
        for sentence, row in report["sentences"].items():
            found.setdefault(sentence, {})[name] = row["outcome"]
    return found


def texts(reports: Reports) -> dict[str, str]:
    """Return what each sentence says."""
    return {
        sentence: row["text"]
        for report in reports.values()
        for sentence, row in report["sentences"].items()
    }


def failures(reports: Reports) -> list[tuple[str, str]]:
    """Return the name of the column and the test, for every test that failed."""
    return sorted(
        {
            (name, test)
            for name, report in reports.items()
            for row in report["sentences"].values()
            for test, outcome in row["tests"].items()
            if outcome == "failed"
        }
    )


def table(reports: Reports, width: int) -> Iterator[str]:
    """Yield the lines of the table: sentence, marks, and as much of its text as fits."""
    rows, said = outcomes(reports), texts(reports)
    first = max(map(len, rows), default=0)
    yield "  ".join([" " * first, *reports])
    for sentence, row in rows.items():
        marks = [MARKS.get(row[name], NOT_TESTED).center(len(name)) for name in reports]
        yield "  ".join([sentence.ljust(first), *marks, said[sentence]])[:width].rstrip()


def summary(reports: Reports) -> dict[str, Any]:
    """Return the same as data."""
    said = texts(reports)
    return {
        "projects": {
            name: {key: value for key, value in report.items() if key != "sentences"}
            for name, report in reports.items()
        },
        "sentences": {
            sentence: {"text": said[sentence], "outcomes": row}
            for sentence, row in outcomes(reports).items()
        },
        "failed": [{"project": name, "test": test} for name, test in failures(reports)],
    }
