"""What `scaffold new` asks in a terminal: seen on the screen, and answered by keys."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.cli.terminal import (
    CTRL_C,
    DOWN,
    ENTER,
    ERASE_LINE,
    ESCAPE,
    SPACE,
    UP,
    Terminal,
    copied_command,
)
from tests.conftest import COMMAND, Scaffold

pytestmark = pytest.mark.posix("terminals of this kind")
FRAMEWORK, DATABASE, FEATURES = "Web framework", "Default database", "Features"
BOOK, AUTHOR = "book title:str author:ref=author", "author name:str user:ref=user"


def answers(project: Path) -> dict[str, object]:
    loaded = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert isinstance(loaded, dict)
    return loaded


@pytest.mark.seconds(8)
def test_keys_lead_to_a_project_and_to_the_command_that_makes_the_same(
    scaffold: Scaffold, tmp_path: Path
) -> None:
    terminal = Terminal(scaffold, "new")
    terminal.answer("Project name", "shop")
    terminal.answer(FRAMEWORK, DOWN)
    terminal.answer(DATABASE, DOWN)
    terminal.answer(FEATURES, DOWN, SPACE, DOWN, SPACE)
    terminal.answer("Resource 1", AUTHOR)
    terminal.answer("Resource 2", BOOK)
    terminal.answer("Resource 3")
    terminal.answer("Create shop")
    assert terminal.end() == 0
    made = answers(scaffold.folder / "shop")
    assert [made[key] for key in ("framework", "database", "auth", "docker", "ci")] == [
        "flask", "postgres", "tokens", True, "github",
    ]  # fmt: skip

    (tmp_path / "other").mkdir()
    command = copied_command(terminal.text)
    assert all(len(line) <= 80 for line in command.splitlines())
    script = f'scaffold() {{ {shlex.join(COMMAND)} "$@"; }}\n{command}'
    subprocess.run(
        ["bash", "-c", script], cwd=tmp_path / "other", env=scaffold.env, check=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert answers(tmp_path / "other" / "shop") == made


@pytest.mark.seconds(5)
def test_the_summary_counts_the_files_that_come_and_what_each_choice_adds(
    scaffold: Scaffold,
) -> None:
    terminal = Terminal(scaffold, "new", "shop")
    terminal.answer(FRAMEWORK)
    terminal.answer(DATABASE)
    terminal.answer(FEATURES, DOWN, SPACE)
    terminal.answer("Resource 1", BOOK.replace("author:ref=author", "author:ref=user"))
    terminal.answer("Resource 2")
    lines = terminal.shows("? Create shop").splitlines()
    summary = {line.split()[0]: line.split()[1:] for line in lines if line.startswith("  ")}
    assert summary["docker"] == ["yes", "+4", "files"]
    assert summary["database"] == ["sqlite"]
    assert summary["ci"] == ["none"]
    counts = [int(summary[key][1]) for key in ("framework", "auth", "docker", "resource")]
    terminal.press(ENTER)
    assert terminal.end() == 0
    project = scaffold.folder / "shop"
    files = {p for p in project.rglob("*") if p.is_file() and ".git" not in p.parts}
    files.discard(project / "uv.lock")
    assert sum(counts) == len(files)
    (total,) = (line for line in lines if line.startswith("shop will have"))
    assert total.startswith(f"shop will have {len(files)} files, ")
    assert total.endswith("B, and uv.lock:")


def test_every_choice_has_a_line_of_help_and_the_default_is_the_first(scaffold: Scaffold) -> None:
    terminal = Terminal(scaffold, "new", "shop")
    seen = terminal.shows("? Web framework")
    assert " » fastapi  FastAPI with asynchronous SQLAlchemy\n   flask    Flask" in seen
    terminal.press(ENTER)
    seen = terminal.shows("? Default database")
    assert " » sqlite    SQLite, a local file\n   postgres  PostgreSQL" in seen
    terminal.press(ENTER)
    seen = " ".join(terminal.shows("? Features").split())
    assert "» ● auth Registered users" in seen
    assert "○ docker Dockerfile" in seen
    terminal.press(CTRL_C)
    terminal.end()


def test_escape_asks_the_previous_question_again_with_its_answer(scaffold: Scaffold) -> None:
    terminal = Terminal(scaffold, "new")
    terminal.answer("Project name", "shop")
    terminal.answer(FRAMEWORK, DOWN, DOWN)
    terminal.shows("? Default database")
    terminal.press(ESCAPE)
    assert " » django" in terminal.shows("? Web framework")
    terminal.press(ESCAPE)
    assert "? Project name: shop" in terminal.shows("? Project name")
    terminal.press(ESCAPE)  # the first question: there is no other before it
    terminal.answer("Project name")
    terminal.answer(FRAMEWORK, UP)
    terminal.answer(DATABASE)
    terminal.answer(FEATURES)
    terminal.answer("Resource 1")
    terminal.answer("Create shop")
    assert terminal.end() == 0
    assert answers(scaffold.folder / "shop")["framework"] == "flask"


def test_escape_among_resources_edits_the_last_one(scaffold: Scaffold) -> None:
    terminal = Terminal(scaffold, "new", "shop", "-f", "flask", "-d", "sqlite")
    terminal.answer(FEATURES)
    terminal.answer("Resource 1", "book title:str")
    terminal.shows("? Resource 2")
    terminal.press(ESCAPE)
    terminal.shows("? Resource 1: book title:str")
    terminal.answer("Resource 1", ":unique")
    terminal.answer("Resource 2")
    terminal.shows("? Create shop")
    terminal.press(ESCAPE)
    terminal.answer("Resource 2", "pen colour:str")
    terminal.answer("Resource 3")
    terminal.answer("Create shop")
    assert terminal.end() == 0
    made = answers(scaffold.folder / "shop")["resources"]
    assert isinstance(made, list)
    assert [resource["name"] for resource in made] == ["book", "pen"]
    assert made[0]["fields"][0]["unique"] is True


def test_a_name_is_checked_while_it_is_typed(scaffold: Scaffold) -> None:
    (scaffold.folder / "taken").write_text("")
    terminal = Terminal(scaffold, "new")
    terminal.shows("? Project name")
    terminal.press("My_Shop")
    terminal.shows("Try my-shop.")
    terminal.press(ENTER, ERASE_LINE, "taken")
    terminal.shows("exists and is not a folder")
    terminal.press(ERASE_LINE, "shop")
    terminal.shows_not("exists")
    terminal.press(ENTER)
    assert "Project name: shop" in terminal.shows("? Web framework")
    terminal.press(CTRL_C)
    terminal.end()


def test_the_name_has_a_default_that_is_free(scaffold: Scaffold) -> None:
    (scaffold.folder / "my-service").mkdir()
    terminal = Terminal(scaffold, "new")
    terminal.answer("Project name: my-service-2")
    terminal.shows("? Web framework")
    terminal.press(CTRL_C)
    terminal.end()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("book", 'Resource book has no fields. Write "book title:str".'),
        ("book title", "Field 'title' has no type. Write title:str."),
        ("book title:strng", "there is no type 'strng'. Did you mean str?"),
        ("book by:ref=nobody", "Possible: by:ref=book, by:ref=user."),
        ("user name:str", "the project uses that name itself"),
    ],
)
def test_a_resource_is_checked_while_it_is_typed(scaffold: Scaffold, typed: str, says: str) -> None:
    terminal = Terminal(scaffold, "new", "shop", "-f", "flask", "--preset", "full", "-d", "sqlite")
    terminal.shows("? Resource 1")
    terminal.press(typed)
    terminal.shows(says)
    terminal.press(CTRL_C)
    assert terminal.end() == 130


def test_tab_completes_a_field(scaffold: Scaffold) -> None:
    terminal = Terminal(scaffold, "new", "shop", "-f", "flask", "--preset", "full", "-d", "sqlite")
    terminal.answer("Resource 1", "pen ink:str")
    terminal.shows("? Resource 2")
    terminal.press("book pen:ref=p\t")
    terminal.shows("book pen:ref=pen")
    terminal.press(CTRL_C)
    assert terminal.end() == 130


def test_two_kinds_of_one_feature_are_refused(scaffold: Scaffold) -> None:
    terminal = Terminal(scaffold, "new", "shop", "-f", "flask", "-d", "sqlite")
    terminal.shows("? Features")
    terminal.press(DOWN, DOWN, SPACE, DOWN, SPACE, ENTER)
    terminal.shows("ci cannot be both github and gitlab. Keep one of them.")
    terminal.answer(FEATURES, SPACE)
    assert "Features: auth, github" in terminal.shows("? Resource 1")
    terminal.press(CTRL_C)
    terminal.end()


def test_resources_of_the_command_line_rule_answers_out(scaffold: Scaffold) -> None:
    terminal = Terminal(scaffold, "new", "shop", "--resource", "book by:ref=user", "-d", "sqlite")
    terminal.answer(FRAMEWORK)
    terminal.shows("? Features")
    terminal.press(SPACE, ENTER)
    terminal.shows("book.by: without auth there are no users.")
    terminal.answer(FEATURES)
    terminal.shows("? Create shop")
    terminal.press(CTRL_C)
    terminal.end()


@pytest.mark.parametrize("answered", range(6))
def test_ctrl_c_at_any_question_ends_with_130_and_writes_nothing(
    scaffold: Scaffold, answered: int
) -> None:
    terminal = Terminal(scaffold, "new")
    questions = ["Project name", FRAMEWORK, DATABASE, FEATURES, "Resource 1", "Create my-service"]
    for question in questions[:answered]:
        terminal.answer(question)
    terminal.shows(f"? {questions[answered]}")
    terminal.press(CTRL_C)
    assert terminal.end() == 130
    assert terminal.text.endswith("Error: Interrupted. Nothing incomplete was left behind.")
    assert list(scaffold.folder.iterdir()) == []


def test_no_at_the_summary_ends_with_1_and_writes_nothing(scaffold: Scaffold) -> None:
    terminal = Terminal(scaffold, "new", "shop", "--preset", "full")
    for question in (FRAMEWORK, DATABASE, "Resource 1"):
        terminal.answer(question)
    terminal.answer("Create shop", DOWN)
    assert terminal.end() == 1
    assert terminal.text.endswith("Nothing was written.")
    assert list(scaffold.folder.iterdir()) == []


def test_a_small_window_will_do(scaffold: Scaffold) -> None:
    terminal = Terminal(scaffold, "new", "shop", columns=24, rows=8)
    for question in ("Web framework", "Default database", "Features"):
        terminal.answer(question)
    terminal.answer("Resource 1", "pen ink:str")
    terminal.answer("Resource 2")
    terminal.answer("Create shop")
    assert terminal.end() == 0
    assert (scaffold.folder / "shop" / "app" / "pens").is_dir()


@pytest.mark.parametrize("terminal_is", [{"TERM": "dumb"}, {"PYTHONIOENCODING": "ascii"}])
def test_a_terminal_that_only_prints_lines_is_asked_in_words(
    scaffold: Scaffold, terminal_is: dict[str, str]
) -> None:
    terminal = Terminal(scaffold, "new", **terminal_is)
    terminal.shows("Project name [my-service]:")
    terminal.press("Shop", ENTER)
    terminal.shows("Try shop.")
    terminal.press("shop", ENTER)
    terminal.shows("Choose one [fastapi]:")
    terminal.press("flask", ENTER)
    terminal.shows("Choose one [sqlite]:")
    terminal.press(ENTER)
    terminal.shows("Choose any, or none [auth]:")
    terminal.press("docker, github", ENTER)
    terminal.shows("Resource 1 [item title:str")
    terminal.press("book title:str", ENTER)
    terminal.shows("Resource 2 (Enter: no more):")
    terminal.press(ENTER)
    terminal.shows("Choose one [yes]:")
    terminal.press(ENTER)
    assert terminal.end() == 0
    assert b"\x1b[A" not in terminal.raw
    made = answers(scaffold.folder / "shop")
    assert [made[key] for key in ("framework", "auth", "docker", "ci")] == [
        "flask", "none", True, "github",
    ]  # fmt: skip


def test_only_what_was_not_given_is_asked(scaffold: Scaffold) -> None:
    given = ["-f", "flask", "-d", "sqlite", "--auth", "none", "--no-docker", "--ci", "none"]
    given += ["--jobs", "none", "--observability", "none", "--storage", "none"]
    terminal = Terminal(scaffold, "new", "shop", *given, "--resource", "pen ink:str")
    assert terminal.end() == 0
    assert "?" not in terminal.text
    assert "without questions" not in terminal.text


@pytest.mark.parametrize(
    ("arguments", "exit_code", "says"),
    [
        (["shop", "--resource", "user name:str"], 2, "cannot be the name or plural"),
        (["taken"], 1, "exists and is not a folder"),
    ],
)
def test_mistakes_are_refused_before_anything_is_asked(
    scaffold: Scaffold, arguments: list[str], exit_code: int, says: str
) -> None:
    (scaffold.folder / "taken").write_text("")
    terminal = Terminal(scaffold, "new", *arguments, columns=200)
    assert terminal.end() == exit_code
    assert says in terminal.text
    assert "Web framework" not in terminal.text


def test_a_dry_run_asks_and_needs_no_consent(scaffold: Scaffold) -> None:
    terminal = Terminal(scaffold, "new", "shop", "-n", "--preset", "full", rows=200)
    for question in (FRAMEWORK, DATABASE, "Resource 1"):
        terminal.answer(question)
    assert terminal.end() == 0
    assert "Nothing was written." in terminal.text
    assert list(scaffold.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "variables"), [(["--yes"], {}), (["--json"], {}), ([], {"CI": "true"})]
)
def test_nobody_is_asked_who_could_not_answer(
    scaffold: Scaffold, arguments: list[str], variables: dict[str, str]
) -> None:
    terminal = Terminal(scaffold, "new", "shop", *arguments, **variables)
    assert terminal.end() == 0
