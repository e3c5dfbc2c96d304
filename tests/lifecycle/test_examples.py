"""The command lists in `examples/`: they make a blog and a shop that work, with rows present."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.validate.commands import run
from tests.conftest import Scaffold
from tests.contract.server import Project
from tests.lifecycle import test_express_migrations as express
from tests.lifecycle.conftest import Shop
from tests.lifecycle.in_use import InUse, in_use, skip_without
from tests.lifecycle.test_generate import STACKS
from tests.variants.steps import contract_command

EXAMPLES = Path(__file__).parents[2] / "examples"
LANDING = ("blog", "fastapi", "sqlite")


def every_stack() -> list[Any]:
    """Return both examples in each framework on each database; one is proven at a landing."""
    all_of_them = [(name, *stack) for name in ("blog", "shop") for stack in STACKS]
    by_night = pytest.mark.nightly
    return [one if one == LANDING else pytest.param(one, marks=by_night) for one in all_of_them]


def commands(name: str) -> list[list[str]]:
    """Return the arguments of each `scaffold` in an example's list."""
    lines = (EXAMPLES / f"{name}.sh").read_text().splitlines()
    return [shlex.split(line)[1:] for line in lines if line.startswith("scaffold ")]


@pytest.fixture
def example(
    scaffold: Scaffold, request: pytest.FixtureRequest, postgres: str | None, tmp_path: Path
) -> Iterator[tuple[InUse, list[list[str]]]]:
    """The project of the example's first command, with rows, and the other commands."""
    name, framework, database = request.param
    skip_without(database, postgres)
    (_, _, *options), *later = commands(name)
    with in_use(scaffold, framework, database, tmp_path, *options) as used:
        own = {"UV_PROJECT_ENVIRONMENT": str(used.project.bin.parent), "UV_NO_SYNC": "1"}
        shop = Shop(used.shop.folder, {**used.shop.env, **used.settings, **own})
        shop.commit()
        yield replace(used, shop=shop), later


@pytest.mark.slow
@pytest.mark.seconds(40)
@pytest.mark.parametrize("example", every_stack(), indirect=True)
def test_the_commands_make_a_project_that_works(
    example: tuple[InUse, list[list[str]]], request: pytest.FixtureRequest
) -> None:
    made, later = example
    for arguments in later:
        told = made.shop.json(*arguments)
        assert (told["state"], told["conflicts"]) == ("done", []), arguments
        made.poe("migrate")
        made.shop.commit()
    made.poe("seed")
    made.check_drift()
    made.prove(request)
    if request.config.option.everything:
        keep_the_contract(made.project, made.databases.name)


def keep_the_contract(project: Project, database: str) -> None:
    """Run the contract suite, which learns of the resources from the OpenAPI document."""
    command = [*contract_command(project, database), "--tb=short", "-m", "not more_servers"]
    ended = run(command, env=os.environ, cwd=EXAMPLES.parent, timeout=900)
    assert ended.code == 0, ended.output


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.posix("Node from a wheel")
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
@pytest.mark.parametrize("name", ["blog", "shop"])
def test_the_commands_make_an_express_project_that_works(
    scaffold: Scaffold, name: str, database: str, postgres: str | None, tmp_path: Path
) -> None:
    skip_without(database, postgres)
    (_, _, *options), *later = commands(name)
    with express.in_use(scaffold, database, tmp_path, "--framework", "express", *options) as made:
        own = made.project.environment(made.settings)
        shop = Shop(made.shop.folder, {**own, **made.shop.env, "PATH": own["PATH"]})
        for arguments in later:
            told = shop.json(*arguments)
            assert (told.get("state"), told.get("conflicts", [])) == ("done", []), told
            made.run("src/cli.ts", "migrate")
        made.run("src/cli.ts", "seed")
        made.run("check.ts")
        made.run("--test")
        keep_the_contract(made.project, database)
