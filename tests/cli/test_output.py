"""What `scaffold` prints: for people, for programs, and when something goes wrong."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from generator.cli.main import scaffold as program
from tests.cli.terminal import Terminal
from tests.conftest import COMMAND, Scaffold


def test_json_is_one_object_on_stdout_and_nothing_else(scaffold: Scaffold) -> None:
    result = scaffold("new", "shop", "--json")
    made = json.loads(result.stdout)
    assert made["path"] == str(scaffold.folder / "shop")
    assert made["committed"] is True
    assert made["next"] == ["cd shop", "uv run poe dev"]
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (["new", "--json"], "wrong-use", 2),
        (["new", "shop", "--json", "--nope"], "wrong-use", 2),
        (["new", "shop", "--json", "--ci", "x"], "wrong-use", 2),
        (["new", "taken", "--json"], "failed", 1),
    ],
)
def test_a_failure_is_one_json_object_too(
    scaffold: Scaffold, arguments: list[str], code: str, exit_code: int
) -> None:
    (scaffold.folder / "taken").write_text("")
    result = scaffold(*arguments)
    error = json.loads(result.stdout)["error"]
    assert error["code"] == code
    assert error["message"]
    assert error["hint"]
    assert (result.returncode, result.stderr) == (exit_code, "")


@pytest.mark.posix("terminals of this kind")
def test_a_terminal_gets_colour_unless_it_says_no(scaffold: Scaffold) -> None:
    def written(name: str, **env: str) -> bytes:
        terminal = Terminal(scaffold, "new", name, "--yes", **env)
        assert terminal.end() == 0
        return terminal.raw

    assert b"\x1b[" in written("a")
    assert not re.search(rb"\x1b\[[\d;]*3\dm", written("b", NO_COLOR="1"))
    assert b"\x1b" not in written("c", TERM="dumb")


def test_a_pipe_gets_plain_text(scaffold: Scaffold) -> None:
    assert "\x1b" not in scaffold.ok("new", "shop")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_any_locale_will_do(scaffold: Scaffold, encoding: str) -> None:
    env = {"PYTHONIOENCODING": encoding}
    scaffold.ok("new", "shop", "--set", "author=Ada 🚀 Łukasz", **env)
    result = scaffold("new", "🚀", **env)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_the_default_framework_is_named_where_it_was_not_chosen(scaffold: Scaffold) -> None:
    assert "Using the default framework, fastapi (see scaffold list)." in scaffold.ok("new", "a")
    assert "default framework" not in scaffold.ok("new", "b", "--framework", "fastapi")


def test_list_names_choices_presets_and_exclusions(scaffold: Scaffold) -> None:
    text = scaffold.ok("list")
    for part in ("fastapi", "flask", "django", "minimal", "auth=none excl"):
        assert part in text
    listed = scaffold.json("list")
    frameworks = [choice["value"] for choice in listed["choices"]["framework"]]
    assert frameworks == ["fastapi", "flask", "django", "express"]
    assert listed["presets"]["full"]["ci"] == "github"
    assert listed["exclusions"][0]["reason"]


def test_the_schema_accepts_what_is_recorded_and_refuses_what_is_wrong(scaffold: Scaffold) -> None:
    schema = scaffold.json("schema")
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    made = scaffold.json("new", "shop", "--preset", "full", "--dry-run")
    assert validator.is_valid({**made["answers"], "_commit": made["version"]})
    for wrong in (
        {"databse": "x"},
        {"ci": "x"},
        {"docker": "yes"},
        {"project_name": "A"},
        {"resources": []},
        {"resources": [{"name": "a", "fields": [{"name": "b"}]}]},
    ):
        assert not validator.is_valid(wrong), wrong


def test_schema_without_json_is_for_people(scaffold: Scaffold) -> None:
    assert "database [sqlite|postgres]\n" in scaffold.ok("schema")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_prints_a_script(scaffold: Scaffold, shell: str) -> None:
    assert "_SCAFFOLD_COMPLETE" in scaffold.ok("completion", shell)


def commands(group: click.Group, *names: str) -> Iterator[tuple[str, ...]]:
    yield names
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *names, name)
        else:
            yield (*names, name)


COMMANDS = list(commands(program))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_help_has_examples_and_is_reached_in_three_ways(command: tuple[str, ...]) -> None:
    def output(*arguments: str) -> str:
        result = CliRunner().invoke(program, arguments, prog_name="scaffold")
        assert result.exit_code == 0
        return result.output

    shown = output(*command, "--help")
    assert shown.count("\n  Examples:\n    ") == 1
    assert output(*command, "-h") == shown
    assert output("help", *command) == shown


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_example_is_a_command_line_that_is_understood(command: tuple[str, ...]) -> None:
    found: click.Command = program
    for name in command:
        assert isinstance(found, click.Group)
        found = found.commands[name]
    examples = re.findall(r"scaffold ([^>|)\n]+)", found.epilog or "")
    assert examples
    for example in examples:
        words, called = shlex.split(example), program
        while isinstance(called, click.Group):
            called = called.commands[words.pop(0)]
        called.make_context("scaffold", words)


def test_help_for_an_unknown_command_is_refused(scaffold: Scaffold) -> None:
    assert scaffold.refusal("help", "fleet", "nope").startswith("Error: No such command 'nope'.")


def test_short_options_are_the_long_ones(scaffold: Scaffold) -> None:
    short = scaffold.ok("new", "shop", "-f", "flask", "-d", "postgres", "-y", "-n")
    long = ["--framework", "flask", "--database", "postgres", "--yes", "--dry-run"]
    assert scaffold.ok("new", "shop", *long) == short


def test_a_dry_run_shows_a_tree_with_sizes(scaffold: Scaffold) -> None:
    lines = scaffold.ok("new", "shop", "-n").splitlines()
    example = lines.index("  app/")
    assert lines[example + 1].startswith("    __init__.py ")
    planned = scaffold.json("new", "shop", "--dry-run")
    assert sum(line.endswith("B") for line in lines[:-1]) == len(planned["files"])
    scaffold.ok("new", "shop")
    size = (scaffold.folder / "shop" / ".gitignore").stat().st_size
    assert re.search(rf"(?m)^  \.gitignore +{size} B$", "\n".join(lines))


def test_without_a_command_the_help_is_shown(scaffold: Scaffold) -> None:
    assert scaffold.ok() == scaffold.ok("--help")


def test_the_version_is_the_packages(scaffold: Scaffold) -> None:
    from generator import __version__

    assert scaffold.ok("-V") == scaffold.ok("--version")
    assert scaffold.ok("--version").strip() == f"scaffold, version {__version__}"


def test_a_reader_that_goes_away_is_no_traceback(scaffold: Scaffold) -> None:
    process = scaffold.start("schema", "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    _, error = process.communicate()
    assert "Traceback" not in error


HEAVY = ("yaml", "rich", "copier", "questionary", "prompt_toolkit", "tomllib")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from generator.cli.main import main\n"
        "try: main(['--help'])\n"
        f"except SystemExit: print([m for m in {HEAVY} if m in sys.modules])"
    )
    out = subprocess.check_output([COMMAND[0], "-c", code], text=True)
    assert out.endswith("\n[]\n")
