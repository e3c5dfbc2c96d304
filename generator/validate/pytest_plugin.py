"""`pytest-scaffold`: tests of a template render it by a fixture, for answers that cover its pairs.

The plugin has fixtures, a marker and options, and does nothing where they are not used.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from generator.validate.commands import Result
    from generator.validate.config import Config
    from generator.validate.plan import Plan
    from generator.validate.space import Space
    from generator.validate.template import Subject

COVERING = "covering"
SECONDS = 600


class RenderError(AssertionError):
    """The template could not be rendered with these answers."""


class RefusedError(RenderError):
    """The template refused the answers: a validator, or a hook that runs before everything."""


@dataclass(frozen=True)
class Project:
    """A render in the folder `path`, and the answers that were given for it."""

    path: Path
    answers: Mapping[str, Any]
    files: list[str]

    def read(self, file: str) -> str:
        """Return the text of a file."""
        return (self.path / file).read_text(encoding="utf-8")

    def run(self, command: str, *, seconds: float = SECONDS, **env: str) -> str:
        """Run a command line in the project and return what it prints.

        Fails the test with all that it printed if its exit code is not 0, or if its time is over;
        what it started has ended then.
        """
        done = self.result(command, seconds=seconds, **env)
        if done.code != 0:
            late = f"not done after {seconds:g} s"
            how = late if done.code is None else f"exit code {done.code}"
            pytest.fail(f"{command}: {how}\n{done.output}", pytrace=False)
        return done.output

    def result(self, command: str, *, seconds: float = SECONDS, **env: str) -> Result:
        """Run a command line in the project, whatever its exit code."""
        from generator.validate.commands import run, shell

        variables = {**os.environ, **env}
        return run(shell(command), env=variables, cwd=self.path, timeout=seconds)


Render = Callable[..., Project]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and settings that name the template."""
    group = parser.getgroup("scaffold-template", "tests of a template (pytest-scaffold)")
    group.addoption("--render-template", metavar="DIR", help="the template; by default rootdir")
    group.addoption("--keep-renders", action="store_true", help="keep what tests render")
    group.addoption("--trust-template", action="store_true", help="let code of the template run")
    parser.addini("render_template", "the folder of the template, from rootdir", default=".")
    parser.addini("trust_template", "let hooks, tasks and extensions run", type="bool")


def pytest_configure(config: pytest.Config) -> None:
    """Describe the marker."""
    config.addinivalue_line(
        "markers",
        f"{COVERING}(all=False, random=None, **only): which answers `variant_answers` has",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for `variant_answers` all that the covering set has."""
    if "variant_answers" not in metafunc.fixturenames:
        return
    from dataclasses import replace

    from generator.validate.plan import to_run

    wanted = metafunc.definition.get_closest_marker(COVERING)
    options = dict(wanted.kwargs) if wanted else {}
    every, extra = options.pop("all", False), options.pop("random", None)
    where = _template(metafunc.config)
    plan, (_, config) = _plan(*where), _opened(*where)
    if extra is not None:
        config = replace(config, covering=replace(config.covering, random=extra))
    chosen = plan.variants if every else to_run(plan, config, os.environ.get("SEED", "0"))
    mine = [v for v in chosen if all(v.given.get(q) == value for q, value in options.items())]
    metafunc.parametrize("variant_answers", [dict(v.given) for v in mine], ids=map(str, mine))


@pytest.fixture
def render(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Render]:
    """`render(answers)` renders the template and returns the `Project`.

    `render({"database": "postgres"})`, or `render(database="postgres")`. Other questions have
    their defaults.
    """
    yield from _renders(request.config, tmp_path)


@pytest.fixture(scope="session")
def render_session(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Render]:
    """Render as `render` does, for the whole session: what is rendered stays until its end."""
    yield from _renders(request.config, tmp_path_factory.mktemp("renders"))


def _renders(config: pytest.Config, folder: Path) -> Iterator[Render]:
    base = Path(tempfile.mkdtemp(prefix="render-", dir=folder))

    def render(answers: Mapping[str, Any] | None = None, /, **more: Any) -> Project:
        given = {**(answers or {}), **more}
        number = len(list(base.iterdir()))
        return _project(config, base / str(number), given)

    yield render
    if not config.getoption("keep_renders"):
        shutil.rmtree(base, ignore_errors=True)


def _project(config: pytest.Config, folder: Path, given: Mapping[str, Any]) -> Project:
    from generator.validate.space import Variant
    from generator.validate.tier1 import slug, write

    where = _template(config)
    subject, _ = _opened(*where)
    answers = {**_space(*where).fixed, **given}
    (one,) = subject.rendered([Variant("render", {}, answers)], 1)
    if one.problem:
        raise (RefusedError if one.refused else RenderError)(one.problem)
    path = folder / slug(str(answers.get("project_name", "project")))
    write(one.tree, path)
    return Project(path, answers, sorted(one.tree))


def _template(config: pytest.Config) -> tuple[Path, bool]:
    """Return where the template is, and whether code of it may run."""
    named = config.getoption("render_template") or config.getini("render_template")
    trust = config.getoption("trust_template") or config.getini("trust_template")
    return (config.rootpath / named).resolve(), bool(trust)


@cache
def _opened(root: Path, trust: bool) -> tuple[Subject, Config]:
    from generator.validate import values
    from generator.validate.template import open_subject

    config = values.load(root)
    return open_subject(root / config.directory, config.checks, trust=trust, hooks=True), config


@cache
def _space(root: Path, trust: bool) -> Space:
    from generator.validate.plan import space_for

    return space_for(*_opened(root, trust))


@cache
def _plan(root: Path, trust: bool) -> Plan:
    from generator.validate.plan import plan_of

    return plan_of(*_opened(root, trust), "0", 1)
