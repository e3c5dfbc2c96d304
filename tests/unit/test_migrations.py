"""How the migrations of a project are read from its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import ScaffoldError
from generator.project.migrations import is_made, only_head, read_histories
from generator.questions.catalog import load_catalog
from generator.questions.facts import Migrations
from generator.versions.locate import template_root

CREATES, DROPS = "create_user", "drop_user"


def migrations_of(framework: str) -> Migrations:
    migrations = load_catalog(template_root()).manifest.frameworks[framework].migrations
    assert migrations
    return migrations


def alembic() -> Migrations:
    return migrations_of("fastapi")


def write(root: Path, **texts: str) -> None:
    folder = root / "migrations/versions"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")


def numbered(root: Path, app: str, name: str, *dependencies: tuple[str, str]) -> None:
    folder = root / f"apps/{app}/migrations"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").touch()
    (folder / f"{name}.py").write_text(f"dependencies = {list(dependencies)}\n", encoding="utf-8")


@pytest.mark.parametrize(
    "newest",
    [
        'revision = "b"\ndown_revision = "a"\n',
        "revision: str = 'b'\ndown_revision: Union[str, None] = 'a'\n",
        'revision = "b"\ndown_revision = ("a",)\n',
        'revision = "b"\ndown_revision = (\n    "a",\n    "z",\n)\n',
    ],
)
def test_the_head_is_the_migration_that_no_other_follows(tmp_path: Path, newest: str) -> None:
    write(tmp_path, one='revision = "a"\ndown_revision = None\n', two=newest, env="x = 1\n")
    histories = read_histories(tmp_path, alembic())
    assert list(histories) == ["migrations"]
    head = only_head(histories["migrations"], "merge")
    assert head.name == "b"
    assert head.next.startswith("0003_")


def test_histories_beside_each_other_have_names_of_their_own_and_go_in_the_order_of_their_files(
    tmp_path: Path,
) -> None:
    for database in ("sqlite", "postgresql"):
        folder = tmp_path / "migrations" / database
        folder.mkdir(parents=True)
        for name in ("0001_initial", "20261129090548_notes"):
            (folder / f"{name}.ts").touch()
        (folder / "snapshot.json").touch()
    histories = read_histories(tmp_path, migrations_of("express"))
    assert sorted(histories) == ["postgresql", "sqlite"]
    head = only_head(histories["sqlite"], "merge")
    assert (head.name, head.number) == ("20261129090548_notes", "20261129090549")


def test_the_name_of_the_next_one_depends_on_nothing_but_the_files(tmp_path: Path) -> None:
    write(tmp_path, one='revision = "a"\ndown_revision = None\n')
    first, second = (
        only_head(read_histories(tmp_path, alembic())["migrations"], "merge") for _ in range(2)
    )
    assert first == second


def test_several_heads_are_refused_with_the_command_that_merges_them(tmp_path: Path) -> None:
    write(tmp_path, a='revision = "a"\n', b='revision = "b"\n')
    with pytest.raises(ScaffoldError) as refused:
        only_head(read_histories(tmp_path, alembic())["migrations"], "make merge")
    assert refused.value.message == "migrations/versions has 2 newest migrations: a, b."
    assert refused.value.hint == "Merge them first: make merge"


def test_each_app_has_a_history_of_its_own(tmp_path: Path) -> None:
    numbered(tmp_path, "people", "0001_initial")
    numbered(tmp_path, "items", "0001_initial", ("people", "0001_initial"))
    numbered(tmp_path, "items", "0002_more", ("items", "0001_initial"), ("people", "0001_initial"))
    heads = {
        name: only_head(history, "merge").name
        for name, history in read_histories(tmp_path, migrations_of("django")).items()
    }
    assert heads == {"people": "0001_initial", "items": "0002_more"}


def test_the_number_of_the_next_one_is_above_all_others(tmp_path: Path) -> None:
    numbered(tmp_path, "items", "0007_squashed")
    numbered(tmp_path, "items", "more", ("items", "0007_squashed"))
    (history,) = read_histories(tmp_path, migrations_of("django")).values()
    assert only_head(history, "merge").number == "0008"


@pytest.mark.parametrize(
    ("texts", "made"),
    [
        (["x"], False),
        ([f"{CREATES} {DROPS}"], True),
        ([f"{CREATES} {DROPS}", "x"], True),
        ([f"{CREATES} {DROPS}", f"{DROPS} {CREATES}", "x"], False),
        ([f"{CREATES} {DROPS}", f"{DROPS} {CREATES}", f"{CREATES} {DROPS}"], True),
    ],
)
def test_what_the_last_migration_that_speaks_of_it_does_counts(
    tmp_path: Path, texts: list[str], made: bool
) -> None:
    for number, text in enumerate(texts):
        # Files are not sorted by age.
        head = f'revision = "{number}"\ndown_revision = "{number - 1}"\n'
        write(tmp_path, **{f"m{9 - number}": head + text})
    assert is_made(read_histories(tmp_path, alembic())["migrations"], CREATES, DROPS) is made
