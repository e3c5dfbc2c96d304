"""`scaffold new`: what it makes, from which answers, and what it refuses."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import Scaffold


def answers(project: Path) -> dict[str, object]:
    loaded = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert isinstance(loaded, dict)
    return loaded


def test_a_project_stands_in_the_current_folder_with_its_first_commit(scaffold: Scaffold) -> None:
    out = scaffold.ok("new", "shop", "--framework", "fastapi")
    project = scaffold.folder / "shop"
    assert [entry.name for entry in scaffold.folder.iterdir()] == ["shop"]
    log = subprocess.check_output(["git", "-C", project, "log", "--format=%an %s"], text=True)
    assert log.startswith("Ada Start from scaffold's template v")
    status = subprocess.check_output(["git", "-C", project, "status", "--short"], text=True)
    assert status == ""
    assert "cd shop\n  uv run poe dev" in out
    assert "http://localhost:8000/docs" in out


@pytest.mark.parametrize("framework", ["fastapi", "flask", "django"])
def test_the_first_request_is_that_of_the_readme(scaffold: Scaffold, framework: str) -> None:
    book = ["--resource", "book title:str"]
    out = scaffold.ok("new", "shop", "--framework", framework, *book)
    _, heading, shown = out.partition("A first request, from another terminal in shop:\n")
    assert heading
    assert "/api/v1/books " in shown
    lines = [line.removeprefix("  ") for line in shown.splitlines()]
    readme = (scaffold.folder / "shop" / "README.md").read_text(encoding="utf-8")
    assert "\n".join(["```", *lines, "```"]) in readme


def test_without_accounts_no_first_request_is_shown(scaffold: Scaffold) -> None:
    assert "request" not in scaffold.ok("new", "shop", "--auth", "none")
    assert scaffold.json("new", "other", "--auth", "none")["first_request"] == []


def test_the_version_and_the_answers_are_recorded(scaffold: Scaffold) -> None:
    scaffold.ok("new", "shop", "--database", "postgres", "--resource", "book title:str")
    recorded = answers(scaffold.folder / "shop")
    assert recorded["_src_path"] == "~/.local/share/scaffold/templates.bundle"
    assert str(recorded["_commit"]).startswith("v")
    assert recorded["database"] == "postgres"
    assert recorded["resources"] == [
        {"name": "book", "plural": "books", "fields": [{"name": "title", "type": "str"}]}
    ]


def test_python_version_follows_the_interpreter(scaffold: Scaffold) -> None:
    result = scaffold.json("new", "shop")
    assert result["answers"]["python_version"] == f"3.{sys.version_info.minor}"
    result = scaffold.json("new", "other", "--set", "python_version=3.12")
    assert result["answers"]["python_version"] == "3.12"


@pytest.mark.posix("modes of files")
def test_env_is_the_example_with_a_secret_that_only_the_user_can_read(scaffold: Scaffold) -> None:
    scaffold.ok("new", "one")
    scaffold.ok("new", "two")
    one, two = (scaffold.folder / name / ".env" for name in ("one", "two"))
    if not one.exists():
        pytest.skip("the template has no .env.example")
    assert stat.S_IMODE(one.stat().st_mode) == 0o600
    secrets = [
        line for path in (one, two) for line in path.read_text().splitlines()
        if line.startswith("SECRET_KEY=")
    ]  # fmt: skip
    assert len(set(secrets)) == 2
    assert all(len(line) > 60 for line in secrets)
    tracked = subprocess.check_output(["git", "-C", one.parent, "ls-files"], text=True)
    assert ".env\n" not in tracked.replace(".env.example\n", "")


def test_explicit_options_win_over_the_file_over_the_preset_over_the_defaults(
    scaffold: Scaffold,
) -> None:
    (scaffold.folder / "answers.yml").write_text("ci: gitlab\nauth: tokens\ndatabase: postgres\n")
    given = ["--preset", "minimal", "--answers", "answers.yml", "--database", "sqlite"]
    chosen = scaffold.json("new", "shop", *given)["answers"]
    assert (chosen["database"], chosen["ci"], chosen["auth"]) == ("sqlite", "gitlab", "tokens")
    assert chosen["docker"] is False
    assert chosen["description"] == "A backend service."


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("minimal", {"auth": "none", "docker": False, "ci": "none"}),
        ("full", {"auth": "tokens", "docker": True, "ci": "github"}),
    ],
)
def test_a_preset_answers_several_questions(
    scaffold: Scaffold, preset: str, expected: dict[str, object]
) -> None:
    chosen = scaffold.json("new", "shop", "--preset", preset, "--dry-run")["answers"]
    assert {key: chosen[key] for key in expected} == expected


def test_another_projects_answers_file_makes_its_like(scaffold: Scaffold) -> None:
    scaffold.ok("new", "shop", "--resource", "book title:str", "--set", "author=Ada")
    scaffold.ok("new", "twin", "--answers", "shop/.copier-answers.yml")
    shop, twin = (answers(scaffold.folder / name) for name in ("shop", "twin"))
    assert twin == {**shop, "project_name": "twin"}


def test_answers_can_be_json(scaffold: Scaffold) -> None:
    (scaffold.folder / "a.json").write_text(json.dumps({"docker": True, "python_version": "3.13"}))
    chosen = scaffold.json("new", "shop", "--answers", "a.json", "--dry-run")["answers"]
    assert (chosen["docker"], chosen["python_version"]) == (True, "3.13")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Write scaffold new NAME."),
        (["a/b"], "it is a path"),
        (["flask-cors"], "is installed with the project. Try my-flask-cors."),
        (["shop", "extra"], "unexpected extra argument"),
        (["shop", "--databse", "sqlite"], "Did you mean '--database'?"),
        (["shop", "--database", "postgre"], "Did you mean postgres?"),
        (["shop", "--framework", "djagno"], "Did you mean django?"),
        (["shop", "--framework", "rails"], "'rails' is not a valid framework."),
        (["shop", "--preset", "ful"], "Did you mean full?"),
        (["shop", "--set", "databse=sqlite"], "Did you mean database?"),
        (["shop", "--set", "database"], "Write KEY=VALUE."),
        (["shop", "--set", "docker=maybe"], "Write yes or no."),
        (["shop", "--set", "docker=1"], "Write yes or no."),
        (["shop", "--set", "project_name=x"], "the name is an argument"),
        (["shop", "--set", "ci=github", "--set", "ci=none"], "twice"),
        (["shop", "--set", "ci=github", "--ci", "none"], "by an option and by --set"),
        (["shop", "--set", "resources=[{"], "is not valid YAML"),
        (["shop", "--set", "resources=[]"], "A project needs a resource."),
        (["shop", "--set", "resources=[{name: user, fields: []}]"], "the project uses that name"),
        (["shop", "--resource", "book title:string"], "Did you mean str?"),
        (["shop", "--auth", "none", "--resource", "book by:ref=user"], "Choose --auth tokens."),
        (["shop", "--answers", "missing.yml"], "cannot be read"),
        (["shop", "--set", "description=a\x7fb"], "control character U+007F"),
    ],
)  # fmt: skip
def test_wrong_use_is_one_line_with_its_cure_and_writes_nothing(
    scaffold: Scaffold, arguments: list[str], says: str
) -> None:
    assert says in scaffold.refusal("new", *arguments)
    assert not (Path(scaffold.env["HOME"]) / ".local").exists()


@pytest.mark.parametrize(
    "text",
    ["", "- a", "just text", "a: [", "docker: 1", "docker: [1]", "framework: 5", "databse: x",
     "author: 5", "description: null", "resources: 5", "description: \"a\\0b\"", "&a [*a]", "\0",
     "author: \"\\ud800\""],
)  # fmt: skip
def test_an_answers_file_of_the_wrong_form_is_refused(scaffold: Scaffold, text: str) -> None:
    (scaffold.folder / "a.yml").write_text(text)
    scaffold.refusal("new", "shop", "--answers", "a.yml")


def test_a_folder_that_is_not_empty_is_refused_and_named(scaffold: Scaffold) -> None:
    (scaffold.folder / "shop").mkdir()
    (scaffold.folder / "shop" / "mine").write_text("kept")
    result = scaffold("new", "shop")
    assert result.returncode == 1
    assert f"{scaffold.folder / 'shop'} exists and is not empty (mine)" in result.stderr
    assert (scaffold.folder / "shop" / "mine").read_text() == "kept"


def test_an_empty_folder_is_filled(scaffold: Scaffold) -> None:
    (scaffold.folder / "shop").mkdir()
    scaffold.ok("new", "shop")
    assert (scaffold.folder / "shop" / ".copier-answers.yml").exists()


@pytest.mark.parametrize("kind", ["file", "link", "dangling"])
def test_a_file_or_a_link_in_the_way_is_refused(scaffold: Scaffold, kind: str) -> None:
    target = scaffold.folder / "shop"
    if kind == "file":
        target.write_text("kept")
    else:
        target.symlink_to(scaffold.env["HOME"] if kind == "link" else "nowhere")
    result = scaffold("new", "shop")
    assert result.returncode == 1
    assert "exists and is not a folder. Choose another name, or move it away." in result.stderr
    assert [entry.name for entry in scaffold.folder.iterdir()] == ["shop"]


def test_a_dry_run_lists_the_files_and_writes_nothing(scaffold: Scaffold) -> None:
    planned = scaffold.json("new", "shop", "--dry-run")
    assert list(scaffold.folder.iterdir()) == []
    assert not (Path(scaffold.env["HOME"]) / ".local").exists()
    made = scaffold.json("new", "shop")
    assert planned["dry_run"] is True
    assert planned["files"] == made["files"]
    assert planned["version"] == made["version"]
    found = {
        path.relative_to(scaffold.folder / "shop").as_posix()
        for path in (scaffold.folder / "shop").rglob("*")
        if path.is_file() and ".git" not in path.relative_to(scaffold.folder / "shop").parts
    }
    assert found == set(made["files"])


def test_without_a_store_to_write_to_the_project_is_made_and_says_so(scaffold: Scaffold) -> None:
    (Path(scaffold.env["HOME"]) / ".local").write_text("no folder")
    result = scaffold.json("new", "shop")
    assert any("updates will not find it" in note for note in result["notes"])
    assert (scaffold.folder / "shop").is_dir()


@pytest.mark.posix("the umask")
def test_a_project_is_as_readable_as_the_users_umask_says(scaffold: Scaffold) -> None:
    previous = os.umask(0o027)
    try:
        scaffold.ok("new", "shop")
    finally:
        os.umask(previous)
    project = scaffold.folder / "shop"
    assert stat.S_IMODE(project.stat().st_mode) == 0o750
    assert stat.S_IMODE((project / ".copier-answers.yml").stat().st_mode) == 0o640


def test_the_users_copier_settings_change_nothing(scaffold: Scaffold) -> None:
    settings = Path(scaffold.env["HOME"]) / ".config" / "copier" / "settings.yml"
    settings.parent.mkdir(parents=True)
    settings.write_text("defaults:\n  author: Leaked\n  database: postgres\n")
    scaffold.ok("new", "shop")
    recorded = answers(scaffold.folder / "shop")
    assert (recorded["author"], recorded["database"]) == ("", "sqlite")
