"""Added later is the same as chosen at the start; added and removed again is as if never added."""

from __future__ import annotations

import pytest

from generator.questions.catalog import load_owned_patterns, load_questions
from generator.tree import matching
from generator.versions.locate import template_root
from tests.conftest import Scaffold
from tests.lifecycle.conftest import Shop

FRAMEWORKS = load_questions(template_root())["framework"].values
# Where rows that exist get no owner when accounts are added.
MIGRATION = "migrations/versions/0001_initial.py"
OWNER = "ada@example.com"
RESOURCES = "[{name: book, fields: [{name: title, type: str}, {name: cost, type: decimal}]}]"


def project(scaffold: Scaffold, name: str, *options: str) -> Shop:
    """Make a project `shop` in a folder of its own."""
    (scaffold.folder / name).mkdir()
    inside = Scaffold(scaffold.folder / name, scaffold.env)
    inside.ok("new", "shop", "--no-git", *options)
    return Shop(inside.folder / "shop", scaffold.env)


def files(shop: Shop) -> dict[str, tuple[bytes, int]]:
    """Return all but what is written once: a project keeps the migrations it was made with."""
    found = shop.snapshot()
    once = matching(load_owned_patterns(template_root()), found)
    return {path: found[path] for path in found.keys() - once}


Case = tuple[list[str], list[str], list[str], list[str] | None]
# Options of a project, a change of it, the options that say the same, and what takes it back.
# Express has neither jobs nor storage yet.
CASES: list[Case] = [
    ([], ["add", "docker"], ["--docker"], ["remove", "docker"]),
    ([], ["add", "github"], ["--ci", "github"], ["remove", "github"]),
    (["--ci", "github"], ["set", "ci=gitlab"], ["--ci", "gitlab"], ["set", "ci=github"]),
    ([], ["set", "database=postgres"], ["--database", "postgres"], ["set", "database=sqlite"]),
    (["--auth", "none"], ["add", "auth"], ["--auth", "tokens"], ["remove", "auth"]),
    (["--docker"], ["add", "jobs"], ["--docker", "--jobs", "queue"], ["remove", "jobs"]),
    (["--docker"], ["add", "storage"], ["--docker", "--storage", "files"], ["remove", "storage"]),
    (["--auth", "none", "--storage", "files"], ["add", "auth"],
     ["--auth", "tokens", "--storage", "files"], ["remove", "auth"]),
    ([], ["set", f"resources={RESOURCES}"],
     ["--resource", "book title:str cost:decimal"], None),
    (["--auth", "none", "--docker"], ["set", "auth=tokens", "docker=no", "ci=gitlab"],
     ["--ci", "gitlab"], ["set", "auth=none", "docker=yes", "ci=none"]),
]  # fmt: skip


def takes_long(framework: str, case: Case) -> bool:
    """Tell whether npm locks the dependencies, which takes it half a minute."""
    return framework == "express" and {"--docker", "--ci"} & {*case[0], *case[2]} != set()


@pytest.mark.parametrize(
    ("framework", "without", "change", "chosen", "back"),
    [
        pytest.param(
            framework, *case, marks=[pytest.mark.nightly] if takes_long(framework, case) else []
        )
        for case in CASES
        for framework in FRAMEWORKS
        if not (framework == "express" and {"jobs", "--storage", "storage"} & {*case[0], *case[1]})
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_both_laws_hold(
    scaffold: Scaffold,
    framework: str,
    without: list[str],
    change: list[str],
    chosen: list[str],
    back: list[str] | None,
) -> None:
    same = "--framework", framework
    shop = project(scaffold, "later", *same, *without)
    before = files(shop)
    owner = ["--owner", OWNER] if "none" in without else []
    shop.ok(*change, "--yes", *owner)
    assert files(shop) == files(project(scaffold, "at-the-start", *same, *chosen))
    if back:
        shop.ok(*back, "--yes")
        # It has no database yet, so that nothing is left of the accounts that it had.
        shop.ok("set", "had_accounts=no", "--yes")
        assert files(shop) == before


def test_a_migration_is_the_owners_and_the_report_says_what_to_do(scaffold: Scaffold) -> None:
    shop = project(scaffold, "later", "--auth", "none")
    before = shop.read(MIGRATION)
    result = shop.json("set", f"resources={RESOURCES}", "--yes")
    assert shop.read(MIGRATION) == before
    assert any("makemigrations" in step for step in result["you_must_do"])
    assert any("migrate" in step for step in result["before_you_deploy"])


def test_a_migration_stays_when_what_it_is_about_is_removed(scaffold: Scaffold) -> None:
    shop = project(scaffold, "before", "--framework", "django")
    path = "apps/items/migrations/0001_initial.py"
    before = shop.read(path)
    result = shop.json("set", f"resources={RESOURCES}", "--yes")
    assert not (shop.folder / "apps/items/models.py").exists()
    assert shop.read(path) == before
    assert path not in (file["path"] for file in result["files"])
