"""Reports for programs: one JSON object, JUnit's XML, and shards merged into one report."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

from generator.errors import UsageError
from generator.validate.results import Report, Result, State

FORMAT = 1
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as one JSON object; `read` reads it."""
    states = report.states()
    return {
        "format": FORMAT,
        **asdict(report),
        "passed": not report.failures and not report.interrupted,
        "states": {state.value: states[state] for state in State},
    }


def read(path: Path) -> Report:
    """Return the report in a JSON file; raises `UsageError`."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        results = [
            Result(**{**result, "state": State(result["state"])}) for result in data["results"]
        ]
        own = {k: v for k, v in data.items() if k not in {"format", "passed", "states"}}
        return Report(**{**own, "results": results})
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Check --merge.") from error
    except (ValueError, KeyError, TypeError) as error:
        what = f"{path} is no result of scaffold validate --json."
        raise UsageError(what, "Check --merge.") from error


def merged(paths: Sequence[Path]) -> Report:
    """Return the reports of all shards as one; raises `UsageError` where they are not all there."""
    reports = {path: read(path) for path in paths}
    first = next(iter(reports.values()))
    shards: dict[str, Path] = {}
    for path, report in reports.items():
        if report.space != first.space:
            raise UsageError(
                f"{path} is of another run than {paths[0]}.",
                "Give each shard the same template, seed, tiers and times.",
            )
        if report.shard in shards:
            what = f"{path} and {shards[report.shard]} are the same shard."
            raise UsageError(what, "Merge each shard once.")
        shards[report.shard] = path
    _check_complete(list(shards))
    variants: dict[str, Mapping[str, Any]] = {}
    for report in reports.values():
        variants |= report.variants
    every = list(reports.values())
    return Report(
        template=first.template,
        variants=variants,
        results=list(dict.fromkeys(result for report in every for result in report.results)),
        space=first.space,
        seed=first.seed,
        counts={**first.counts, "shards": len(every)},
        notes=list(dict.fromkeys(note for report in every for note in report.notes)),
        seconds=max(report.seconds for report in every),
        interrupted=any(report.interrupted for report in every),
    )


def _check_complete(shards: Sequence[str]) -> None:
    counts = {shard.partition("/")[2] for shard in shards}
    if len(counts) > 1:
        raise UsageError("The results are of different numbers of shards.", "Merge one run only.")
    (count,) = counts
    missing = [n for n in range(1, int(count or 0) + 1) if f"{n}/{count}" not in shards]
    if missing:
        names = ", ".join(f"{number}/{count}" for number in missing)
        raise UsageError(f"The results of shard {names} are missing.", "Run it, or find its file.")


def junit(report: Report) -> bytes:
    """Return the report as JUnit's XML, as CI systems show it."""
    root = Xml.Element("testsuites", name="scaffold validate", time=f"{report.seconds:.3f}")
    for tier in sorted({result.tier for result in report.results}):
        own = [result for result in report.results if result.tier == tier]
        suite = Xml.SubElement(
            root,
            "testsuite",
            name=f"tier {tier}",
            tests=str(len(own)),
            failures=str(sum(result.state is State.FAILED for result in own)),
            skipped=str(sum(result.state in (State.SKIPPED, State.LEFT) for result in own)),
            errors="0",
            time=f"{sum(result.seconds for result in own):.3f}",
        )
        for result in own:
            _case(suite, result)
    Xml.indent(root)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _case(suite: Xml.Element, result: Result) -> None:
    case = Xml.SubElement(
        suite,
        "testcase",
        classname=_legal(result.variant),
        name=_legal(result.step),
        time=f"{result.seconds:.3f}",
    )
    if result.state is State.FAILED:
        failure = Xml.SubElement(case, "failure", message=_legal(result.text))
        failure.text = _legal(f"{result.output}\n\nAgain: {result.again}")
    elif result.state in (State.SKIPPED, State.LEFT):
        Xml.SubElement(case, "skipped", message=_legal(result.text or result.state.value))


def _legal(text: str) -> str:
    return NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def as_text(report: Report) -> str:
    """Return the report as the text of a JSON file."""
    return json.dumps(as_json(report), indent=1) + "\n"
