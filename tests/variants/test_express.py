"""Projects in TypeScript: rendered, linted and typed in all variants, and run in some."""

from __future__ import annotations

import itertools
import json
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from generator.errors import UsageError
from generator.questions.answers import complete
from generator.render.strict import Render
from generator.validate import commands, known, languages
from tests.contract.server import Project, running

from . import node, resources
from .distinct import listing
from .documents import differences, document, normalized
from .expected import expected_files, traces
from .live import live
from .machine import PROOFS
from .model import FRAMEWORKS, ROOT, catalog, hosts, strict
from .steps import contract_command, read_by, server_version
from .test_render import untidy
from .workshop import environment

pytestmark = [pytest.mark.posix("Node from a wheel"), pytest.mark.seconds(20)]

# The wide set has every type, modifier and rule; the others lack what hides faults in shared files.
SETS: dict[str, Callable[[bool], list[str]]] = {
    "item": lambda _users: [resources.ITEM],
    "wide": resources.wide,
    "long": resources.longest,
    "narrow": resources.narrow,
    **{
        kind: resources.RESOURCE_SETS[kind]
        for kind in ("public", "int-alone", "ref-alone", "refs-alone", "enum-alone", "text-alone")
    },
    "limited": lambda _users: [
        "tag:unique=mark+rank mark:decimal=8,0 rank:int:min=1 made_on:date?:max=2030-01-01"
        " price:decimal:default=1.5 code:str:pattern=[A-Z]{2}-[0-9]{4,6} act:POST"
    ],
}
Answers = dict[str, Any]
# The package of each import, of those that wait until a package is needed, too.
IMPORTED = re.compile(r'(?:from |import\()"((?:@[\w-]+/)?[\w-]+)["/]')


def answers(kind: str, **options: Any) -> Answers:
    """Return an answer to every question."""
    return complete(
        catalog(),
        "shop",
        options={"framework": "express", **options},
        assigned={},
        file={},
        resources=SETS[kind](options.get("auth", "tokens") == "tokens"),
    )


def variants() -> Iterator[tuple[str, Answers]]:
    """Yield every combination of answers, each with a name."""
    choices = itertools.product(
        SETS,
        ("tokens", "none"),
        ("sqlite", "postgres"),
        (False, True),
        ("none", "github", "gitlab"),
    )
    for kind, auth, database, docker, ci in choices:
        name = f"{kind}-{auth}-{database}-{docker}-{ci}"
        yield name, answers(kind, auth=auth, database=database, docker=docker, ci=ci)


@pytest.fixture(scope="module")
def renders() -> dict[str, tuple[Answers, Render]]:
    return {name: (given, strict().render(given)) for name, given in variants()}


def different(renders: Mapping[str, tuple[Answers, Render]]) -> set[tuple[str, str]]:
    return {file for _, files in renders.values() for file in files.items()}


@pytest.fixture(scope="module")
def programs(renders: dict[str, tuple[Answers, Render]]) -> Path:
    return node.environment({files["package.json"] for _, files in renders.values()})


def test_files_are_tidy_and_can_be_read(renders: dict[str, tuple[Answers, Render]]) -> None:
    found = []
    for path, text in different(renders):
        unreadable = languages.problem(path, text.encode())
        for problem in (unreadable, untidy_here(text)):
            if problem:
                found.append(f"{path}: {problem}")
    assert not found, listing(found)


def untidy_here(text: str) -> str | None:
    if re.search(r"\{%|\{#|[^$]\{\{ ", text.replace("${{ ", "")):
        return "has a brace of the template"
    return untidy(text)


def test_each_variant_has_the_files_that_its_answers_ask_for(
    renders: dict[str, tuple[Answers, Render]],
) -> None:
    for name, (given, files) in renders.items():
        wanted, unwanted = expected_files({"had_accounts": False, **given})
        missing = wanted - files.keys()
        extra = {p for p in files for u in unwanted if p == u or p.startswith(f"{u}/")}
        assert (missing, extra) == (set(), set()), name


@pytest.mark.parametrize("feature", ["auth", "docker", "ci"])
def test_a_feature_that_is_off_leaves_no_trace(
    renders: dict[str, tuple[Answers, Render]], feature: str
) -> None:
    off = {n: (g, f) for n, (g, f) in renders.items() if g[feature] in (False, "none")}
    found = {f"{p}: {line}" for p, text in different(off) for line in traces(feature, p, text)}
    assert not found, listing(found)


def test_imports_are_the_declared_dependencies(
    renders: dict[str, tuple[Answers, Render]],
) -> None:
    for name, (_, files) in renders.items():
        package = json.loads(files["package.json"])
        imported: dict[bool, set[str]] = {True: set(), False: set()}
        for path, text in files.items():
            if path.endswith(".ts"):
                is_test = ".test." in path or "/testing" in path
                imported[is_test] |= set(IMPORTED.findall(text))
        assert imported[False] - package["dependencies"].keys() == set(), name
        everything = imported[False] | imported[True]
        assert package["dependencies"].keys() - everything == set(), name
        assert imported[True] <= package["dependencies"].keys(), name


def test_names_of_what_any_variant_depends_on_are_refused(
    renders: dict[str, tuple[Answers, Render]],
) -> None:
    names = catalog().manifest.project_names
    for _, files in renders.values():
        package = json.loads(files["package.json"])
        direct = {name for name in package["dependencies"] if not name.startswith("@")}
        assert direct - names.reserved - names.distributions == set()


class Bench:
    """A project in a folder with what is run in it."""

    def __init__(self, folder: Path, files: Render, programs: Path) -> None:
        node.lay_out(files, folder, programs)
        self.project, self.files = Project(folder, programs), files

    def run(self, *command: str, timeout: float = 300, **settings: str) -> str:
        """Run a program of the environment; what it says is in the message where it fails."""
        env = self.project.environment(settings)
        program = self.project.bin / command[0]
        if not program.exists():
            program = self.project.directory / "node_modules" / ".bin" / command[0]
        folder = self.project.directory
        result = commands.run([str(program), *command[1:]], env=env, cwd=folder, timeout=timeout)
        assert result.code == 0, result.output
        return result.output


@pytest.fixture
def bench(
    renders: dict[str, tuple[Answers, Render]],
    programs: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Bench:
    return Bench(tmp_path / "shop", renders[request.param][1], programs)


NIGHTLY = pytest.mark.nightly
LIVE = [f"{name}-{auth}-sqlite-False-none" for name in SETS for auth in ("tokens", "none")]
WIDE, WIDE_OPEN = LIVE[2:4]
NARROW = LIVE[6]
# Each night all of them are checked, at each landing those that have the most.
CHECKED = [*LIVE[:5], *(pytest.param(one, marks=NIGHTLY) for one in LIVE[5:])]


@pytest.mark.slow
@pytest.mark.parametrize("bench", CHECKED, indirect=True)
def test_biome_and_typescript_find_nothing(bench: Bench) -> None:
    bench.run("biome", "ci")
    bench.run("tsc")


@pytest.mark.slow
@pytest.mark.parametrize("bench", CHECKED, indirect=True)
def test_the_first_migration_has_all_that_the_entities_have(bench: Bench) -> None:
    said = bench.run("node", "src/cli.ts", "makemigrations", "--check", SECRET_KEY="x" * 32)
    assert "no changes" in said


def proven(request: pytest.FixtureRequest, step: str, bench: Bench, database: str) -> Any:
    """Return what takes a step unless it is known to pass with all that it reads."""
    tree = live({path: text.encode() for path, text in bench.files.items()})
    name = bench.project.bin.parent.name
    python = known.frozen(Path(sys.executable).parent)
    suite = {**read_by("contract"), "test_express.py": Path(__file__).read_bytes()}
    key = known.key(step, tree=tree, environment=[name, *python], suite=suite, server=database)
    proofs = known.Proofs(PROOFS, again=request.config.option.everything)
    return lambda take: proofs.prove(key, f"{step} of Express", take)


@pytest.mark.slow
@pytest.mark.seconds(40)
@pytest.mark.parametrize(
    "bench",
    [LIVE[0], pytest.param(WIDE, marks=NIGHTLY), pytest.param(WIDE_OPEN, marks=NIGHTLY)],
    indirect=True,
)
def test_its_own_tests_pass_and_reach_nearly_all_of_it(
    bench: Bench, request: pytest.FixtureRequest
) -> None:
    prove = proven(request, "own tests", bench, "sqlite")
    prove(lambda: bench.run("npm", "run", "coverage"))


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.seconds(40)
@pytest.mark.parametrize("bench", [WIDE], indirect=True)
def test_its_own_tests_pass_on_postgresql(
    bench: Bench, request: pytest.FixtureRequest, postgres: str | None
) -> None:
    if postgres is None:
        pytest.skip("there is no PostgreSQL: CONTRIBUTING.md says how to have one")
    prove = proven(request, "own tests", bench, server_version(postgres))
    prove(lambda: bench.run("npm", "test", TEST_DATABASE_URL=postgres))


@pytest.mark.slow
@pytest.mark.seconds(120)
@pytest.mark.parametrize(
    ("database", "part"),
    [
        ("postgres", "not more_servers"),
        pytest.param("postgres", "more_servers or at_the_end", marks=NIGHTLY),
        pytest.param("sqlite", "", marks=NIGHTLY),
    ],
)
@pytest.mark.parametrize(
    "bench",
    [NARROW, *(pytest.param(one, marks=NIGHTLY) for one in (WIDE, WIDE_OPEN))],
    indirect=True,
)
def test_the_contract_is_kept(
    bench: Bench,
    database: str,
    part: str,
    request: pytest.FixtureRequest,
    postgres: str | None,
) -> None:
    if database == "postgres" and postgres is None:
        pytest.skip("there is no PostgreSQL: CONTRIBUTING.md says how to have one")
    server = server_version(postgres) if database == "postgres" else database

    def take() -> None:
        env = {**os.environ, **({"TEST_POSTGRES_URL": postgres} if postgres else {})}
        command = [*contract_command(bench.project, database), "--tb=short", "-m", part]
        result = commands.run(command, env=env, cwd=ROOT, timeout=600)
        assert result.code == 0, result.output

    proven(request, f"contract {part}".strip(), bench, server)(take)


@pytest.mark.slow
@pytest.mark.parametrize("auth", ["tokens", pytest.param("none", marks=NIGHTLY)])
def test_the_document_is_that_of_the_first_framework(
    programs: Path, tmp_path: Path, auth: str
) -> None:
    given = answers("wide", auth=auth)
    bench = Bench(tmp_path / "shop", strict().render(given), programs)
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    with running(bench.project, database_url=url, directory=tmp_path / "run") as server:
        this = httpx2.get(f"{server.url}/openapi.json").raise_for_status().json()
    python = {**given, "framework": FRAMEWORKS[0], "python_version": "3.11"}
    tree = {path: text.encode() for path, text in strict().render(python).items()}
    first = document(tree, environment(FRAMEWORKS[0], str(hosts()[0]["python_version"])))
    found = list(differences(normalized(first), normalized(this)))
    assert not found, f"{len(found)} differences:{listing(found, 100)}"


@pytest.mark.slow
def test_a_table_of_sqlite_that_is_made_anew_keeps_what_refers_to_it(
    programs: Path, tmp_path: Path
) -> None:
    texts = ["author name:str", "book title:str author:ref=author:cascade"]
    given = complete(
        catalog(), "shop", options={"framework": "express", "auth": "none"}, assigned={}, file={},
        resources=texts,
    )  # fmt: skip
    bench = Bench(tmp_path / "shop", strict().render(given), programs)
    cli = ("node", "src/cli.ts")
    bench.run(*cli, "migrate")
    bench.run(*cli, "seed")
    model = bench.project.directory / "src" / "authors" / "model.ts"
    model.write_text(
        model.read_text("utf-8").replace("length(200)", "length(200).strictNullable()")
    )
    bench.run(*cli, "makemigrations", "-m", "names may be left out")
    bench.run(*cli, "migrate")
    with closing(sqlite3.connect(bench.project.directory / "app.db")) as database:
        assert database.execute("select count(*) from books").fetchone() == (25,)


def test_what_express_does_not_have_yet_is_refused_by_its_reason() -> None:
    text = "book:owner=none:read=all:write=users:table=Book title:str"
    with pytest.raises(UsageError, match="Express has no resources of tables that exist yet"):
        complete(
            catalog(), "shop", options={"framework": "express"}, assigned={}, file={},
            resources=[text],
        )  # fmt: skip


def test_the_answers_file_has_no_version_of_python(
    renders: dict[str, tuple[Answers, Render]],
) -> None:
    (_, files) = renders["item-tokens-sqlite-False-none"]
    assert "python_version" not in yaml.safe_load(files[".copier-answers.yml"])
