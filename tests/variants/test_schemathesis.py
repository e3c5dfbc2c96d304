"""Requests that schemathesis makes up from a running project's own OpenAPI document."""

from __future__ import annotations

import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from httpx2 import post

from generator.render.backend import render
from tests.contract.databases import open_databases
from tests.contract.server import Project, running

from .model import FRAMEWORKS, Variant, runnable

pytestmark = [pytest.mark.slow, pytest.mark.nightly]

SCHEMATHESIS = Path(sysconfig.get_path("scripts")) / "schemathesis"
ADMIN = ("admin@example.com", "first-admin-passphrase")
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)
# What ends the caller's session; after one of these, all others would only be refused.
ENDING = r"/auth/logout$|/auth/sessions|/auth/password/change$|/users/me$|/users/\{\w+\}$"
RUNS = {
    "every-route": ["--exclude-path-regex", ENDING, "--phases=coverage,fuzzing", "-n", "10"],
    "sequences": ["--exclude-path-regex", "/auth/|/users", "--phases=stateful", "-n", "15"],
    "ending-routes": ["--include-path-regex", ENDING, "--phases=coverage,fuzzing", "-n", "5"],
}


def variant(framework: str, auth: str, resources: str) -> Variant:
    """Return the first variant with these answers."""
    wanted = (framework, auth, resources)
    return next(v for v in runnable() if (v.framework, v["auth"], v.resources) == wanted)


WITH_USERS = [variant(framework, "tokens", "every") for framework in FRAMEWORKS]
WITHOUT = [variant(framework, "none", "linked") for framework in FRAMEWORKS]


@pytest.fixture(scope="module", params=[*WITH_USERS, *WITHOUT], ids=str)
def api(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    programs: Callable[[Variant], Path],
) -> Iterator[list[str]]:
    """The address of a server's document, and who calls it: what schemathesis is started with."""
    chosen: Variant = request.param
    folder = tmp_path_factory.mktemp("schemathesis")
    render(chosen.answers(), folder / "shop")
    project = Project(folder / "shop", programs(chosen))
    url = open_databases(str(chosen["database"]), folder).fresh()
    admin = ADMIN if chosen["auth"] == "tokens" else None
    with running(project, database_url=url, directory=folder / "run", admin=admin) as server:
        who = ["-H", f"Authorization: Bearer {sign_in(server.url)}"] if admin else []
        yield [f"{server.url}/openapi.json", *who]


def sign_in(url: str) -> str:
    credentials = dict(zip(("email", "password"), ADMIN, strict=True))
    answer = post(f"{url}/api/v1/auth/login", json=credentials)
    return str(answer.json()["access_token"])


@pytest.mark.parametrize("routes", ["every-route", "sequences"])
def test_no_5xx_and_nothing_that_is_not_documented(
    api: list[str], routes: str, tmp_path: Path
) -> None:
    finds_nothing(api, RUNS[routes], tmp_path)


@pytest.mark.parametrize("api", WITH_USERS, indirect=True, ids=str)
def test_the_same_where_the_caller_loses_access(api: list[str], tmp_path: Path) -> None:
    finds_nothing(api, RUNS["ending-routes"], tmp_path)


def finds_nothing(api: list[str], run: list[str], tmp_path: Path) -> None:
    options = ["--seed=1", "--no-shrink", f"--checks={CHECKS}", *run]
    command = [str(SCHEMATHESIS), "run", *api, *options]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
