"""The text of a pull request, which `--report` writes."""

from __future__ import annotations

import pytest

from generator.cli.report import as_text
from tests.lifecycle.conftest import Shop

EDITED = "app/core/health.py"  # version two changes its first line


def test_the_report_of_an_update(shop: Shop) -> None:
    lines = shop.read(EDITED).splitlines(keepends=True)
    shop.write(EDITED, '"""Mine."""\n' + "".join(lines[1:]))
    shop.replace(".env.example", "HOST=127.0.0.1\n", "HOST=0.0.0.0\nMINE=1\n")
    shop.commit()
    report = shop.home / "report.md"
    assert shop("update", "--report", str(report)).returncode == 3
    text = report.read_text()
    head, _, files = text.partition("<details>\n")
    assert (
        head
        == f"""\
shop from v1.0.0 to v2.0.0: 9 files changed, 1 with conflicts.

## Conflicts

- [ ] `{EDITED}`: you and the template changed the same lines.

## Action required

- [ ] Install the changed dependencies: uv sync
- [ ] Tell everybody.

## Before deploying

- [ ] New settings (see .env.example): COLOUR.

## Good to know

- colour is new and is green; scaffold set colour=... changes it.

"""
    )
    assert files.startswith("<summary>9 files</summary>\n\n- `.copier-answers.yml`: changed\n")
    assert "- `.env.example`: changed, merged with your edits\n" in files
    assert f"- `{EDITED}`: conflict\n" in files
    assert files.endswith("\n\n</details>\n")


def test_other_changes_have_reports_and_a_plan_has_one(shop: Shop) -> None:
    shop.ok("set", "database=postgres", "--report", "plan.md", "--dry-run")
    planned = shop.read("plan.md")
    assert "would change. Nothing was written." in planned
    assert "- `database` was `sqlite` and is `postgres`.\n" in planned
    shop.ok("add", "docker", "--report", "report.md")
    assert "- `docker` was `no` and is `yes`.\n" in shop.read("report.md")
    shop.ok("remove", "docker", "--report", "report.md")
    assert "`Dockerfile`: deleted" in shop.read("report.md")
    shop.ok("remove", "docker", "--report", "report.md")
    assert shop.read("report.md") == "shop is already up to date (v1.0.0).\n"


@pytest.mark.parametrize(
    ("arguments", "reason", "cure"),
    [
        ("update --report app", "app is a folder.", "Name a file"),
        ("add docker --report nope/report.md", "There is no folder nope.", "Make it"),
        ("update --check --report x.md", "--report and --check exclude each other", "Keep one"),
        ("update --continue --report x.md", "--report and --continue exclude", "Keep one"),
    ],
)
def test_a_report_that_cannot_be_written(
    shop: Shop, arguments: str, reason: str, cure: str
) -> None:
    line = shop.failure(*arguments.split(" "))
    assert reason in line
    assert cure in line
    assert shop(*arguments.split(" ")).returncode == 2


@pytest.mark.parametrize(
    ("line", "markdown"),
    [
        ("Limits is *RateLimiter* now.", "Limits is \\*RateLimiter\\* now."),
        ("A `list[str]` and <b>.", "A `list[str]` and \\<b>."),
        ("which @bp.input(If_Match) reads", "which `@bp.input(If_Match)` reads"),
    ],
)
def test_sentences_are_shown_as_they_are_and_mention_nobody(line: str, markdown: str) -> None:
    assert as_text(line) == markdown
