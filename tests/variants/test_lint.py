"""T0: linters of Python have nothing to say about any variant."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from generator.questions import edits
from generator.questions.resource_answers import resources_from_answer
from generator.questions.resources import MAX_FIELD_NAME, MAX_NAME, MAX_PLURAL
from generator.render.strict import Render
from generator.tree import File, Tree
from generator.validate.known import Proofs
from generator.validate.results import Result, State
from generator.validate.tier0 import lint

from .distinct import lay_out, listing
from .imports import NOT_IMPORTED, OWN, declared, imported, missing, unresolved, unused
from .machine import PROOFS
from .model import FRAMEWORKS, Variant, all_variants, config, strict

pytestmark = pytest.mark.seconds(3)

HEAD = {"name": "0001_initial", "next": "0002_888b", "number": "0002"}
# Projects do not have Django's migrations formatted, since Django writes them in its own format.
UNFORMATTED = 'extend-exclude = ["**/migrations/*"]'


def with_transition(
    variant: Variant, resources: Sequence[Mapping[str, Any]] = (), **change: Any
) -> Mapping[str, Any]:
    """Return what a change that brings a migration, to `resources`, renders the template with."""
    answers = variant.answers()
    answers |= {"resources": list(resources) or answers["resources"]}
    histories = ["migrations", *(resource["plural"] for resource in answers["resources"])]
    heads = dict.fromkeys(histories, HEAD)
    return {**answers, "transition": {"owner": "", "rename": None, "heads": heads, **change}}


def renames(variant: Variant) -> Iterator[dict[str, Any]]:
    """Yield a change of the name of each field, to a longest and a short one."""
    known = resources_from_answer(variant.answers()["resources"])
    for resource in known:
        for number, field in enumerate(resource.fields):
            new = "x" if number % 2 else "x" * MAX_FIELD_NAME
            names = {"resource": resource.name, "old": field.name, "new": new}
            answers = [
                one.answer()
                for one in edits.with_renamed_field(known, resource.name, field.name, new)
            ]
            (after,) = (
                each
                for one in answers
                if one["name"] == resource.name
                for each in one["fields"]
                if each["name"] == new
            )
            yield {
                "resources": answers,
                "rename": {**names, "before": field.answer(), "after": after},
            }


def run(*command: str, folder: Path) -> str:
    """Return what a command says against the folder, and nothing when it is content."""
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    return f"{result.stdout}{result.stderr}" if result.returncode else ""


def ruff(folder: Path) -> str:
    # In these folders, not every module that is imported is there to be recognised.
    known = f"lint.isort.known-first-party = {sorted(OWN)}"
    options = ("--no-cache", "--output-format=concise", "--config", known)
    return run("ruff", "check", *options, folder=folder)


def tier_0(trees: Mapping[Variant, Tree], proofs: Proofs) -> list[Result]:
    """Return what the linters of `scaffold validate` say."""
    return list(lint(trees, config(), proofs, lambda _: None))


def test_linters_find_nothing_and_would_format_nothing(
    trees: dict[Variant, Tree], request: pytest.FixtureRequest
) -> None:
    results = tier_0(trees, Proofs(PROOFS, again=request.config.option.everything))
    assert [result.step for result in results] == ["ruff check", "ruff format"]
    failed = [result.output for result in results if result.state is State.FAILED]
    assert not failed, "\n".join(failed)


def brought_by(variant: Variant, changes: Iterable[dict[str, Any]]) -> Render:
    """Return the migrations that changes bring, each in a folder of its own."""
    without = strict().render(variant.answers())
    new: dict[str, str] = {}
    for number, change in enumerate(changes):
        files = strict().render(with_transition(variant, **change))
        (added,) = files.keys() - without.keys()
        new |= {f"{number}/migration.py": files[added]}
    settings = without["pyproject.toml"].replace(UNFORMATTED, "")
    return {**new, "pyproject.toml": settings}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_migrations_that_rename_a_field_are_linted_and_formatted(
    framework: str, tmp_path: Path
) -> None:
    chosen = [v for v in all_variants() if v.framework == framework and v.resources == "every"]
    brought = {v: brought_by(v, renames(v)) for v in {v["auth"]: v for v in chosen}.values()}
    lay_out(brought, ".py", tmp_path)
    said = ruff(tmp_path) + run("ruff", "format", "--no-cache", "--diff", folder=tmp_path)
    assert not said, said


def renamed(variant: Variant) -> Render:
    """Return the migrations that rename each resource, each in a folder of its own."""
    answers, new = variant.answers(), dict[str, str]()
    known = resources_from_answer(answers["resources"])
    for number, before in enumerate(known):
        name = f"{'z' * MAX_NAME}/{'z' * MAX_PLURAL}" if number % 2 else "z/zs"
        is_django = variant.framework == "django"
        after = edits.with_renamed_resource(known, before.name, name, keeps_label=is_django)
        resources = [resource.answer() for resource in after]
        change = {"before": before.answer(), "after": resources[number]}
        told = with_transition(variant, resources, renamed_resource=change)
        without = strict().render({**answers, "resources": resources})
        files = strict().render(told)
        (added,) = files.keys() - without.keys()
        new[f"{number}/migration.py"] = files[added]
        settings = without["pyproject.toml"].replace(UNFORMATTED, "")
    return {**new, "pyproject.toml": settings}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_migrations_that_rename_a_resource_are_linted_and_formatted(
    framework: str, tmp_path: Path
) -> None:
    chosen = [v for v in all_variants() if v.framework == framework and v.resources == "every"]
    brought = {v: renamed(v) for v in {v["auth"]: v for v in chosen}.values()}
    lay_out(brought, ".py", tmp_path)
    said = ruff(tmp_path) + run("ruff", "format", "--no-cache", "--diff", folder=tmp_path)
    assert not said, said


def test_migrations_that_come_with_accounts_are_linted_and_formatted(tmp_path: Path) -> None:
    brought = {}
    for variant in {
        (v.framework, v.resources): v for v in all_variants() if v["auth"] != "none"
    }.values():
        without = strict().render(variant.answers())
        files = strict().render(with_transition(variant, owner="ada@example.com"))
        new = {path: files[path] for path in files.keys() - without.keys()}
        if new:
            settings = files["pyproject.toml"].replace(UNFORMATTED, "")
            brought[variant] = {**new, "pyproject.toml": settings}
    assert {variant.framework for variant in brought} == set(FRAMEWORKS)
    lay_out(brought, ".py", tmp_path)
    said = ruff(tmp_path) + run("ruff", "format", "--no-cache", "--diff", folder=tmp_path)
    assert not said, said


def test_imports_are_the_declared_dependencies(renders: dict[Variant, Render]) -> None:
    not_declared: set[str] = set()
    not_imported: set[str] = set()
    for files in renders.values():
        declared_here, imported_here = declared(files["pyproject.toml"]), imported(files)
        not_declared |= missing(declared_here, imported_here)
        not_imported |= unused(declared_here, imported_here)
    assert not not_declared
    assert not_imported == NOT_IMPORTED.keys()


def test_own_modules_have_what_is_imported_from_them(renders: dict[Variant, Render]) -> None:
    code = ({p: text for p, text in f.items() if p.endswith(".py")} for f in renders.values())
    trees = {frozenset(files.items()): files for files in code}
    found = {what for files in trees.values() for what in unresolved(files)}
    assert not found, listing(found)


def test_a_name_that_a_module_does_not_have_is_found() -> None:
    files = {"app/a.py": "from app.b import x, y\nfrom app import b, c\n", "app/b.py": "x = 1\n"}
    assert sorted(unresolved(files)) == ["app/a.py imports app.b.y", "app/a.py imports app.c"]


def test_linters_read_the_settings_of_the_projects(
    trees: dict[Variant, Tree], tmp_path: Path
) -> None:
    bad = File(f"import os\nx = '{'y' * 95}'\neval(x)\n".encode())
    variant, tree = next(iter(trees.items()))
    linted, formatted = tier_0({variant: {**tree, "bad.py": bad}}, Proofs(tmp_path))
    assert set(re.findall(r"[A-Z]+\d+", linted.output)) >= {"F401", "E501", "S307"}
    assert "bad.py" in formatted.output
