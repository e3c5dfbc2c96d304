"""The user's own settings: what they answer, who overrules them, and what is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import Scaffold

SETTINGS = """\
[defaults]
framework = "flask"
author = "Ada"
python_version = 3.12
docker = true
resources = ["pen ink:str", "book title:str pen:ref=pen"]

[presets.team]
ci = "gitlab"
docker = false

[presets.shop]
resources = ["pen ink:str"]
"""


def write(scaffold: Scaffold, text: str) -> Path:
    path = Path(scaffold.env["HOME"]) / ".config" / "scaffold" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def shown(path: Path) -> str:
    """Return the path as it is shown; on Windows the home of the tests is not the user's."""
    return str(path) if os.name == "nt" else "~/.config/scaffold/config.toml"


def test_defaults_answer_what_nothing_else_does(scaffold: Scaffold) -> None:
    path = write(scaffold, SETTINGS)
    planned = scaffold.json("new", "shop", "--dry-run")
    chosen = planned["answers"]
    assert [chosen[key] for key in ("framework", "author", "python_version", "docker")] == [
        "flask", "Ada", "3.12", True,
    ]  # fmt: skip
    assert [resource["name"] for resource in chosen["resources"]] == ["pen", "book"]
    assert chosen["database"] == "sqlite"
    assert planned["config"] == str(path)
    assert planned["notes"] == []


def test_command_line_file_preset_and_settings_win_in_this_order(scaffold: Scaffold) -> None:
    write(scaffold, SETTINGS.replace("docker = true", 'docker = true\nci = "github"'))
    (scaffold.folder / "answers.yml").write_text("author: Bob\nframework: django\n")
    given = ["--preset", "team", "--answers", "answers.yml", "--framework", "fastapi"]
    chosen = scaffold.json("new", "shop", "--dry-run", *given)["answers"]
    assert [chosen[key] for key in ("framework", "author", "docker", "ci", "python_version")] == [
        "fastapi", "Bob", False, "gitlab", "3.12",
    ]  # fmt: skip


def test_the_settings_are_announced_on_stderr_where_they_count(scaffold: Scaffold) -> None:
    assert scaffold("new", "a", "-n").stderr == ""
    used = f"Using {shown(write(scaffold, SETTINGS))}.\n"
    assert scaffold("new", "a", "-n").stderr == used
    assert scaffold("new", "a", "-n", CI="true").stderr == used
    assert scaffold("list").stderr == used
    assert scaffold("new", "a", "-n", "--json").stderr == ""
    assert scaffold("new", "a", "-n", "--no-config").stderr == ""


def test_no_config_ignores_even_what_is_broken(scaffold: Scaffold) -> None:
    write(scaffold, "[defaults")
    planned = scaffold.json("new", "shop", "--dry-run", "--no-config")
    assert planned["answers"]["framework"] == "fastapi"
    assert planned["config"] is None
    assert "team" not in scaffold.ok("list", "--no-config")


def test_own_presets_are_listed_and_completed(scaffold: Scaffold) -> None:
    path = write(scaffold, SETTINGS)
    assert "  team      ci=gitlab, docker=no (yours)\n" in scaffold.ok("list")
    assert '  shop      resource="pen ink:str" (yours)\n' in scaffold.ok("list")
    assert "flask     Flask with SQLAlchemy and APIFlask (default)\n" in scaffold.ok("list")
    listed = scaffold.json("list")
    assert listed["presets"]["team"] == {"ci": "gitlab", "docker": False}
    assert listed["defaults"]["framework"] == "flask"
    assert listed["config"] == str(path)
    assert "[minimal|full|team|shop]" in scaffold.ok("new", "--help")
    completing = {"_SCAFFOLD_COMPLETE": "bash_complete", "COMP_LINE": "scaffold new --preset t"}
    assert scaffold(**completing).stdout == "plain,team\n"


def test_a_preset_of_ones_own_hides_the_templates(scaffold: Scaffold) -> None:
    write(scaffold, '[presets.full]\nci = "gitlab"\n')
    chosen = scaffold.json("new", "shop", "--dry-run", "--preset", "full")["answers"]
    assert (chosen["ci"], chosen["docker"]) == ("gitlab", False)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[defaults\n", "is not valid TOML: "),
        ("[defaults]\nframework = flask\n", "a text needs quotes"),
        ("[default]\n", "there is no key 'default'. Did you mean defaults?"),
        ("defaults = 1\n", "defaults is not a table. Write its keys below [defaults]."),
        ("[presets]\nteam = 1\n", "team is not a table. Write its keys below [presets.team]."),
        ("[defaults]\ndatabse = 'sqlite'\n", "defaults: there is no key 'databse'. Did you mean"),
        ("[defaults]\nproject_name = 'x'\n", "defaults: there is no key 'project_name'."),
        ("[defaults]\nhad_accounts = true\n", "defaults: there is no key 'had_accounts'."),
        ("[defaults]\ndatabase = 'postgre'\n", "defaults: 'postgre' is not a valid database."),
        ("[defaults]\ndocker = 1\n", "Write yes or no."),
        ("[defaults]\nauthor = 1979-05-27\n", "defaults: author cannot be a date."),
        ("[presets.team]\nci = 'x'\n", "presets.team: 'x' is not a valid ci."),
        ("[defaults]\nresources = ['book']\n", "defaults: Resource book has no fields."),
        ("[defaults]\nresources = 'pen ink:str'\n", "defaults: resources must be a list."),
        ("[defaults]\nresources = [1]\n", "defaults: A resource must be a mapping"),
    ],
)
def test_wrong_settings_are_one_line_that_names_file_key_and_cure(
    scaffold: Scaffold, text: str, says: str
) -> None:
    path = write(scaffold, text)
    line = scaffold.refusal("new", "shop")
    assert line.startswith(f"Error: {shown(path)}")
    assert says in line
    assert line.endswith("Or ignore the file: --no-config.")
    assert scaffold.refusal("list") == line
    assert json.loads(scaffold("new", "shop", "--json").stdout)["error"]["code"] == "wrong-use"
    assert "--preset [minimal|full]" in scaffold.ok("new", "--help")


def test_settings_that_cannot_be_read_are_refused(scaffold: Scaffold) -> None:
    path = write(scaffold, "")
    path.write_bytes(b"\xff")
    assert f"{shown(path)} is not UTF-8" in scaffold.refusal("new", "shop")
    path.unlink()
    path.mkdir()
    assert f"{shown(path)} cannot be read" in scaffold.refusal("new", "shop")


def test_the_place_follows_xdg_config_home(scaffold: Scaffold, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "scaffold" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(SETTINGS)
    elsewhere = {"XDG_CONFIG_HOME": str(tmp_path / "elsewhere")}
    assert scaffold("new", "shop", "-n", **elsewhere).stderr == f"Using {path}.\n"
    relative = {"XDG_CONFIG_HOME": os.path.relpath(tmp_path / "elsewhere", scaffold.folder)}
    assert scaffold("new", "shop", "-n", **relative).stderr == ""


@pytest.mark.skipif(os.name != "nt", reason="only Windows has APPDATA")
def test_the_place_on_windows_is_appdata(scaffold: Scaffold, tmp_path: Path) -> None:
    path = tmp_path / "roaming" / "scaffold" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(SETTINGS)
    roaming = {"XDG_CONFIG_HOME": "", "APPDATA": str(tmp_path / "roaming")}
    assert scaffold("new", "shop", "-n", **roaming).stderr == f"Using {path}.\n"


@pytest.mark.posix("HOME, which alone says where the home is")
def test_a_user_without_a_home_has_no_settings(scaffold: Scaffold) -> None:
    nowhere = {"HOME": "/nonexistent", "XDG_CONFIG_HOME": ""}
    result = scaffold("new", "shop", "-n", **nowhere)
    assert (result.returncode, result.stderr) == (0, "")
