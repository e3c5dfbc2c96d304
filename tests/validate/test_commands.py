"""Tiers 1 and 2: commands prove a few variants, in environments, against servers, or are known."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import ALL, QUESTIONS, Validate, is_running

PYTHON = f'"{sys.executable}"'
TEST = f"[commands]\ntest = '{PYTHON} app.py'\n"


def steps(report: dict[str, object], step: str = "test") -> dict[str, str]:
    """Return the state of a step by variant."""
    results = report["results"]
    assert isinstance(results, list)
    return {one["variant"]: one["state"] for one in results if one["step"] == step}


def test_commands_are_run_for_variants_that_cover_every_pair(template: Validate) -> None:
    more = "cache: {type: bool, default: false}\n"
    template.write({"copier.yml": QUESTIONS + more})
    template.write({"validate.toml": TEST + "[covering]\nrandom = 0\n"})
    report = template.report("--tier", "1")
    assert set(steps(report).values()) == {"passed"}
    assert len(steps(report)) < 8
    pairs = {(v["docs"], v["cache"]) for v in report["variants"].values()}
    assert len(pairs) == 4


def test_a_failing_command_shows_its_output_and_how_to_run_it_again(template: Validate) -> None:
    fails = "import sys\nprint('no such table')\nsys.exit({{ 3 if docs else 0 }})\n"
    template.write({"template/app.py.jinja": fails, "validate.toml": TEST})
    result = template("validate", "--tier", "1")
    assert result.returncode == 1
    assert "exit code 3" in result.stderr
    assert "    no such table" in result.stderr
    assert "again: scaffold validate --tier 1 --variant " in result.stderr


def test_what_passed_is_known_until_its_files_change(template: Validate) -> None:
    template.write({"validate.toml": TEST})
    assert set(steps(template.report("--tier", "1")).values()) == {"passed"}
    assert set(steps(template.report("--tier", "1")).values()) == {"known"}
    template.write({"template/app.py.jinja": "x = '{{ database }} {{ docs }}'\n"})
    assert set(steps(template.report("--tier", "1")).values()) == {"passed"}
    assert set(steps(template.report("--tier", "1", "--again")).values()) == {"passed"}


def test_a_failure_is_not_remembered(template: Validate) -> None:
    template.write({"template/app.py.jinja": "exit(3)\n", "validate.toml": TEST})
    for _ in range(2):
        states = steps(template.report("--tier", "1", "--variant", "default"))
        assert states == {"default": "failed"}


def test_what_a_command_reads_beside_the_template_counts(template: Validate) -> None:
    reads = f"[commands.test]\nrun = '{PYTHON} app.py'\nreads = [\"suite/*\"]\n"
    template.write({"validate.toml": reads, "suite/a.txt": "1"})
    template.report("--tier", "1")
    template.write({"suite/a.txt": "2"})
    assert set(steps(template.report("--tier", "1")).values()) == {"passed"}


def test_the_versions_that_a_command_names_count(template: Validate) -> None:
    named = f"[commands.test]\nrun = '{PYTHON} app.py'\nversions = \"cat server\"\n"
    template.write({"validate.toml": named, "server": "15.1"})
    template.report("--tier", "1")
    assert set(steps(template.report("--tier", "1")).values()) == {"known"}
    template.write({"server": "16.0"})
    assert set(steps(template.report("--tier", "1")).values()) == {"passed"}


def test_inert_files_change_nothing(template: Validate) -> None:
    template.write({"validate.toml": f'inert = ["README.md"]\n{TEST}', "template/README.md": "1\n"})
    template.report("--tier", "1")
    template.write({"template/README.md": "2\n"})
    assert set(steps(template.report("--tier", "1")).values()) == {"known"}


def test_a_command_is_run_for_the_answers_that_it_is_for(template: Validate) -> None:
    only = f"[commands.test]\nrun = '{PYTHON} app.py'\nonly = {{database = \"postgres\"}}\n"
    template.write({"validate.toml": only})
    assert set(steps(template.report("--tier", "1"))) == {"postgres", "postgres+docs"}


HANGS = (
    "import subprocess, sys, time, pathlib\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "pathlib.Path('{place}/' + str(child.pid)).touch()\n"
    "time.sleep(60)\n"
)


@pytest.mark.posix("/proc")
def test_a_command_that_hangs_ends_at_its_limit_and_leaves_nothing(
    template: Validate, tmp_path: Path
) -> None:
    place = tmp_path / "pids"
    place.mkdir()
    limited = f"[commands.test]\nrun = '{PYTHON} app.py'\nseconds = 1\n"
    template.write({"template/app.py": HANGS.format(place=place), "validate.toml": limited})
    (template.folder / "template/app.py.jinja").unlink()
    failures = template.failures("--tier", "1", "--variant", "default")
    assert failures == [f"test: {PYTHON} app.py: not done after 1 s"]
    (child,) = place.iterdir()
    assert not is_running(int(child.name))


@pytest.mark.posix("signals")
def test_ctrl_c_leaves_nothing_running_and_says_what_is_known(
    template: Validate, tmp_path: Path
) -> None:
    place = tmp_path / "pids"
    place.mkdir()
    template.write({"template/app.py": HANGS.format(place=place), "validate.toml": TEST})
    (template.folder / "template/app.py.jinja").unlink()
    out = tmp_path / "out.json"
    process = template.start(
        *("validate", "--json", str(out)), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while not list(place.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Interrupted in" in said
    assert "Error: Interrupted. Nothing was left running." in errors
    assert '"interrupted": true' in out.read_text()
    assert not [path for path in place.iterdir() if is_running(int(path.name))]


SERVER = """\
[server]
start = '{python} -m http.server "$PORT" --bind 127.0.0.1'
ready = "http://127.0.0.1:$PORT/app.py"
suite = '{python} -c "import os, urllib.request as r; r.urlopen(os.environ[\\"URL\\"])"'
"""


def test_a_suite_is_run_against_the_server_of_each_render(template: Validate) -> None:
    template.write({"validate.toml": SERVER.replace("{python}", PYTHON)})
    report = template.report("--tier", "1")
    assert set(steps(report, "server").values()) == {"passed"}


def test_a_server_that_ends_is_a_failure_with_what_it_said(template: Validate) -> None:
    start = f'start = \'{PYTHON} -c "exit(\\"no port\\")"\'\n'
    settings = SERVER.replace("{python}", PYTHON).splitlines()
    template.write({"validate.toml": "\n".join([settings[0], start, *settings[2:]])})
    report = template.report("--tier", "1", "--variant", "default")
    (failed,) = [one for one in report["results"] if one["state"] == "failed"]
    assert "no port" in failed["output"]


def test_without_commands_there_is_a_note(template: Validate) -> None:
    assert "There are no commands" in template.ok("validate", "--tier", "1")


ENVIRONMENT = """\
[environment]
install = "echo installed >> '{log}'"
depends_on = ["needs.txt"]
[commands]
test = "python -c 'import sys; sys.exit(sys.prefix == sys.base_prefix)'"
"""


@pytest.mark.posix("the shell of the commands")
@pytest.mark.seconds(10)
def test_an_environment_is_shared_by_renders_that_need_the_same(
    template: Validate, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    template.write({"validate.toml": ENVIRONMENT.replace("{log}", str(log))})
    template.write({"template/needs.txt.jinja": "{{ database }}\n"})
    report = template.report("--tier", "1")
    assert set(steps(report)) == ALL
    assert set(steps(report).values()) == {"passed"}
    assert log.read_text().count("installed") == 2  # one for each database
    template.report("--tier", "2", "--variant", "default")
    assert log.read_text().count("installed") == 3  # tier 2 makes its own


def test_one_command_can_be_chosen(template: Validate) -> None:
    template.write({"validate.toml": f"{TEST}other = '{PYTHON} app.py'\n"})
    report = template.report("--tier", "1", "--step", "other")
    assert {one["step"] for one in report["results"] if one["tier"] == 1} == {"other"}
    wrong = template.wrong("--tier", "1", "--step", "tset")
    assert wrong == "Error: There is no command tset. Did you mean test?"
