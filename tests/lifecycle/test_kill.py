"""Wherever an update is killed, and without a network."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.conftest import COMMAND
from tests.lifecycle.conftest import Shop
from tests.lifecycle.test_update import offline

pytestmark = pytest.mark.posix("SIGKILL, process groups")

# Fractions of the time that an update takes. test_applying kills at each operation; these are whole
# runs, killed wherever they happen to be.
MOMENTS = (0.2, 0.5, 0.75, 0.85, 0.95, 1.1)


def files(shop: Shop) -> dict[str, tuple[bytes, int]]:
    """Return the project's files without what a run that was killed left to be swept."""
    return {
        path: file for path, file in shop.snapshot().items() if not path.startswith(".scaffold-")
    }


def test_killed_at_any_moment_the_project_is_the_old_or_the_new_one(shop: Shop) -> None:
    shop.write("app/core/health.py", shop.read("app/core/health.py") + "\n# mine\n")
    shop.commit()
    untouched = shop.folder.with_name("untouched")
    shutil.copytree(shop.folder, untouched)
    old = files(shop)
    start = time.monotonic()
    shop.ok("update")
    duration = time.monotonic() - start
    new = files(shop)
    for moment in MOMENTS:
        shutil.rmtree(shop.folder)
        shutil.copytree(untouched, shop.folder)
        process = shop.start("update", start_new_session=True, stdout=subprocess.PIPE)
        time.sleep(duration * moment)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()  # until whoever works on has closed it too
        assert files(shop) in (old, new)
    shop.ok("update")
    assert shop.snapshot() == new  # and what was left behind is swept


CUT_SHORT = """
import os, signal
from pathlib import Path
from generator.transaction import apply as applying
def dies(root, folder, *paths):
    (folder / "new/NEW.md").rename(root / "NEW.md")
    os.kill(os.getpid(), signal.SIGKILL)
applying.forward = dies
from generator.cli.main import main
main()
"""


LEFT_ALONE = """
import os, signal, time
from generator.transaction import apply as applying
forward = applying.forward
def alone(*arguments):
    commander = os.getppid()
    os.kill(commander, signal.SIGKILL)
    while os.getppid() == commander:
        time.sleep(0.01)
    forward(*arguments)
applying.forward = alone
from generator.cli.main import main
main()
"""


def killed(shop: Shop, program: str) -> None:
    command = [sys.executable, "-c", program, "update"]
    subprocess.run(command, cwd=shop.folder, env=shop.env, capture_output=True, check=False)
    assert (shop.folder / "NEW.md").exists()


def cut_short(shop: Shop) -> None:
    """Kill an update when the first of its files has reached the project."""
    killed(shop, CUT_SHORT)


@pytest.mark.parametrize("command", ["status", "diff", "doctor", "update --check"])
def test_commands_that_only_read_tell_of_a_change_that_was_cut_short(
    shop: Shop, command: str
) -> None:
    cut_short(shop)
    before = shop.snapshot()
    result = shop(*command.split(" "))
    assert "was cut short: scaffold update --continue ends it, --abort" in result.stderr
    assert shop.snapshot() == before


def test_a_fleet_and_a_dry_run_leave_it_too(shop: Shop) -> None:
    cut_short(shop)
    assert "was cut short" in shop.failure("update", "--dry-run")
    before = shop.snapshot()
    result = shop("fleet", "status", ".")
    assert (result.returncode, shop.snapshot()) == (3, before)
    assert "finish it: scaffold update --continue" in result.stdout


def test_a_change_that_was_cut_short_ends_as_it_is_told(shop: Shop) -> None:
    before = shop.snapshot()
    cut_short(shop)
    assert "is taken back" in shop.ok("update", "--abort")
    assert shop.snapshot() == before
    cut_short(shop)
    assert "is finished" in shop.ok("update", "--continue")
    assert "_commit: v2.0.0" in shop.read(".copier-answers.yml")


@pytest.mark.parametrize("program", [CUT_SHORT, LEFT_ALONE], ids=["all of it", "the command"])
def test_what_follows_from_a_change_that_was_killed_is_told_by_the_next_command(
    shop: Shop, program: str
) -> None:
    killed(shop, program)
    told = shop("update").stderr
    assert "A change that was cut short is finished now." in told
    assert "Install what the project depends on now: uv sync" in told
    assert "Settings that are new, see .env.example: COLOUR." in told
    assert shop("update").stderr == ""


def test_programs_are_told_of_it_in_json(shop: Shop) -> None:
    cut_short(shop)
    recovered = json.loads(shop.ok("update", "--json"))["recovered"]
    assert (recovered["command"], recovered["state"]) == ("update", "finished")
    assert "Settings that are new, see .env.example: COLOUR." in recovered["before_you_deploy"]
    assert json.loads(shop.ok("update", "--json"))["recovered"] is None


@pytest.mark.parametrize("program", [CUT_SHORT, LEFT_ALONE], ids=["all of it", "the command"])
def test_what_follows_from_it_is_told_by_continue_and_not_by_abort(
    shop: Shop, program: str
) -> None:
    before = shop.snapshot()
    killed(shop, program)
    assert "uv sync" not in shop.ok("update", "--abort")
    assert shop.snapshot() == before
    killed(shop, program)
    assert "uv sync" in shop.ok("update", "--continue")


def test_an_update_needs_no_network(shop: Shop) -> None:
    command = [*offline(), *COMMAND, "update"]
    subprocess.run(command, cwd=shop.folder, env=shop.env, check=True)
    assert shop.json("update", "--check")["version"] == "v2.0.0"
