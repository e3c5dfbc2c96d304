"""Shards are independent processes; what they say merges into one report."""

from __future__ import annotations

import json
import xml.etree.ElementTree as Xml
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from generator.validate.shards import Shard, share
from generator.validate.space import Variant

from .conftest import ALL, Validate

VARIANTS = [Variant(str(number), {}, {}) for number in range(20)]


@given(st.integers(1, 12), st.integers(0, 20))
def test_every_variant_is_in_exactly_one_shard(count: int, of: int) -> None:
    variants = VARIANTS[:of]
    shares = [share(variants, Shard(number + 1, count), None) for number in range(count)]
    assert [variant for one in shares for variant in one] == variants
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_shards_are_balanced_by_the_time_that_variants_took(tmp_path: Path) -> None:
    times = tmp_path / "times.json"
    slow = [{"variant": "0", "seconds": 19}] + [
        {"variant": str(number), "seconds": 1} for number in range(1, 20)
    ]
    times.write_text(json.dumps({"results": slow}))
    first, second = (share(VARIANTS, Shard(number, 2), times) for number in (1, 2))
    assert (len(first), len(second)) == (1, 19)


def run_shards(template: Validate, folder: Path, *more: str) -> None:
    for number in (1, 2):
        out = str(folder / f"{number}.json")
        template("validate", "--tier", "0", "--shard", f"{number}/2", "--json", out, *more)


def test_the_results_of_all_shards_are_one_report(template: Validate, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    run_shards(template, folder)
    report = template.report("--merge", str(folder))
    assert set(report["variants"]) == ALL
    assert report["states"]["passed"] == 4
    assert report["counts"]["shards"] == 2


def test_a_failure_of_one_shard_fails_the_whole(template: Validate, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    template.write({"template/app.py.jinja": "{{ '(' if docs and database == 'postgres' }}\n"})
    run_shards(template, folder)
    html, junit = tmp_path / "report.html", tmp_path / "report.xml"
    result = template(
        "validate", "--merge", str(folder), "--html", str(html), "--junit", str(junit)
    )
    assert result.returncode == 1
    (failed,) = Xml.parse(junit).getroot().iter("failure")
    assert "app.py does not parse" in failed.attrib["message"]
    assert 'data-words="postgres+docs postgres yes failed passed" data-failed' in html.read_text()


def test_a_shard_that_is_missing_is_named(template: Validate, tmp_path: Path) -> None:
    run_shards(template, tmp_path)
    wrong = template.wrong("--merge", str(tmp_path / "2.json"))
    assert wrong == "Error: The results of shard 1/2 are missing. Run it, or find its file."


def test_shards_of_different_runs_do_not_merge(template: Validate, tmp_path: Path) -> None:
    run_shards(template, tmp_path)
    other = str(tmp_path / "2.json")
    template("validate", "--tier", "0", "--shard", "2/2", "--json", other, "--seed", "7")
    wrong = template.wrong("--merge", str(tmp_path / "1.json"), "--merge", other)
    assert "2.json is of another run than" in wrong


def test_the_same_shard_twice_does_not_merge(template: Validate, tmp_path: Path) -> None:
    run_shards(template, tmp_path)
    (tmp_path / "3.json").write_text((tmp_path / "1.json").read_text())
    files = [str(tmp_path / name) for name in ("1.json", "3.json")]
    assert "are the same shard" in template.wrong("--merge", files[0], "--merge", files[1])


def test_junit_and_html_are_written_beside_json(template: Validate, tmp_path: Path) -> None:
    html, junit, out = tmp_path / "a/b.html", tmp_path / "b.xml", tmp_path / "c.json"
    files = ("--html", str(html), "--junit", str(junit), "--json", str(out))
    template.ok("validate", "--tier", "0", *files)
    suites = Xml.parse(junit).getroot()
    assert [suite.attrib["tests"] for suite in suites] == ["4"]
    assert html.read_text().count("<tr data-words=") == 4
    assert json.loads(out.read_text())["passed"]
