"""Wherever an update is killed, and without a network."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.transaction import journal
from generator.transaction.lock import project_lock
from tests.conftest import COMMAND
from tests.lifecycle.conftest import Shop, World
from tests.lifecycle.test_update import offline

pytestmark = pytest.mark.posix("SIGKILL, process groups")

# Fractions of the time that an update takes. test_transaction kills at each operation; these are
# whole runs, killed wherever they happen to be.
MOMENTS = (0.2, 0.5, 0.75, 0.85, 0.95, 1.1)


def files(shop: Shop) -> dict[str, tuple[bytes, int]]:
    """Return the project's files without what a run that was killed left to be swept."""
    return {
        path: file for path, file in shop.snapshot().items() if not path.startswith(".scaffold-")
    }


def test_killed_at_any_moment_the_next_command_brings_the_old_or_the_new_one(shop: Shop) -> None:
    shop.write("app/core/health.py", shop.read("app/core/health.py") + "\n# mine\n")
    shop.commit()
    untouched = shop.folder.with_name("untouched")
    shutil.copytree(shop.folder, untouched)
    old = shop.snapshot()
    start = time.monotonic()
    assert shop.start("update", stdout=subprocess.DEVNULL).wait() == 0
    duration = time.monotonic() - start
    new = shop.snapshot()
    for number, moment in enumerate(MOMENTS):
        shutil.rmtree(shop.folder)
        shutil.copytree(untouched, shop.folder)
        process = shop.start("update", start_new_session=True, stdout=subprocess.DEVNULL)
        time.sleep(duration * moment)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        end = shop("update", "--abort" if number % 3 else "--continue")
        assert end.returncode == 0 or "There is no unfinished change" in end.stderr
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


@pytest.fixture(scope="module")
def remains(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project after an update was killed when the first of its files had reached it."""
    folder = tmp_path_factory.mktemp("killed")
    shutil.copytree(world.home, folder / "home")
    shutil.copytree(world.project, folder / "shop", symlinks=True)
    command = [sys.executable, "-c", CUT_SHORT, "update"]
    env = world.environment(folder / "home")
    subprocess.run(command, cwd=folder / "shop", env=env, capture_output=True, check=False)
    assert (folder / "shop" / "NEW.md").exists()
    return folder / "shop"


@pytest.fixture
def cut_short(shop: Shop, remains: Path) -> Callable[[], None]:
    """Make of the untouched project what an update leaves that is killed."""

    def cut() -> None:
        shutil.rmtree(shop.folder)
        shutil.copytree(remains, shop.folder, symlinks=True)

    return cut


@pytest.mark.parametrize("command", ["status", "diff", "doctor", "update --check"])
def test_commands_that_only_read_tell_of_a_change_that_was_cut_short(
    shop: Shop, cut_short: Callable[[], None], command: str
) -> None:
    cut_short()
    before = shop.snapshot()
    result = shop(*command.split(" "))
    assert "was interrupted: scaffold update --continue finishes it, --abort" in result.stderr
    assert shop.snapshot() == before


def test_a_fleet_and_a_dry_run_leave_it_too(shop: Shop, cut_short: Callable[[], None]) -> None:
    cut_short()
    assert "was interrupted" in shop.failure("update", "--dry-run")
    before = shop.snapshot()
    result = shop("fleet", "status", ".")
    assert (result.returncode, shop.snapshot()) == (3, before)
    assert "finish it: scaffold update --continue" in result.stdout


def test_a_change_that_was_cut_short_ends_as_it_is_told(
    shop: Shop, cut_short: Callable[[], None]
) -> None:
    before = shop.snapshot()
    cut_short()
    assert "was undone" in shop.ok("update", "--abort")
    assert shop.snapshot() == before
    cut_short()
    assert "is finished" in shop.ok("update", "--continue")
    assert "_commit: v2.0.0" in shop.read(".copier-answers.yml")


def test_what_follows_from_a_change_that_was_killed_is_told_by_the_next_command(
    shop: Shop, cut_short: Callable[[], None]
) -> None:
    cut_short()
    told = shop("update").stderr
    assert "A change that was interrupted is finished now." in told
    assert "Install the changed dependencies: uv sync" in told
    assert "New settings (see .env.example): COLOUR." in told
    assert shop("update").stderr == ""


def test_programs_are_told_of_it_in_json(shop: Shop, cut_short: Callable[[], None]) -> None:
    cut_short()
    recovered = json.loads(shop.ok("update", "--json"))["recovered"]
    assert (recovered["command"], recovered["state"]) == ("update", "finished")
    assert "New settings (see .env.example): COLOUR." in recovered["before_you_deploy"]
    assert json.loads(shop.ok("update", "--json"))["recovered"] is None


def test_what_follows_from_it_is_told_by_continue_and_not_by_abort(
    shop: Shop, cut_short: Callable[[], None]
) -> None:
    before = shop.snapshot()
    cut_short()
    assert "uv sync" not in shop.ok("update", "--abort")
    assert shop.snapshot() == before
    cut_short()
    assert "uv sync" in shop.ok("update", "--continue")


OLD = f"{journal.FOLDER}/old"


def change_journal(shop: Shop, **values: Any) -> None:
    path = f"{journal.FOLDER}/journal.json"
    shop.write(path, json.dumps({**json.loads(shop.read(path)), **values}))


@pytest.mark.parametrize("command", ["status", "update", "update --continue", "update --abort"])
def test_a_change_of_a_newer_scaffold_is_left_to_it(
    shop: Shop, cut_short: Callable[[], None], command: str
) -> None:
    cut_short()
    change_journal(shop, format=2)
    line = shop.failure(*command.split(" "))
    assert "A newer scaffold began the change" in line
    assert "Upgrade scaffold" in line


@pytest.mark.parametrize("command", ["status", "update", "update --continue", "update --abort"])
def test_a_damaged_journal_costs_no_file_of_the_users(
    shop: Shop, cut_short: Callable[[], None], command: str
) -> None:
    cut_short()
    shop.write(f"{journal.FOLDER}/journal.json", "{")
    line = shop.failure(*command.split(" "))
    assert "is damaged" in line
    assert f"{OLD} has the files as they were before the change: copy back what you need" in line


def test_what_a_scaffold_does_not_know_in_a_journal_does_not_stop_it(
    shop: Shop, cut_short: Callable[[], None]
) -> None:
    before = shop.snapshot()
    cut_short()
    change_journal(shop, colour="green")
    assert "was interrupted" in shop("status").stderr
    shop.ok("update", "--abort")
    assert shop.snapshot() == before


def test_a_change_that_scaffold_0_3_completed_is_cleaned_up(
    shop: Shop, cut_short: Callable[[], None]
) -> None:
    cut_short()
    shop.ok("update", "--continue")
    new = shop.snapshot()
    old = {"state": "done", "before": {}, "after": {}, "unresolved": False}
    about = {"command": "update", "conflicts": []}
    shop.write(f"{journal.FOLDER}/journal.json", json.dumps({**old, "about": about}))
    assert "is finished now" in shop("update").stderr
    assert shop.snapshot() == new


WAITS = """
from pathlib import Path
from generator.transaction import lock
lock.TIMEOUT = 0.05
from generator.cli.main import main
main()
"""


def test_a_command_says_that_another_one_is_running(shop: Shop, tmp_path: Path) -> None:
    before = shop.snapshot()
    command = [sys.executable, "-c", WAITS, "update"]
    other = {**shop.env, "TMPDIR": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    with project_lock(shop.folder):
        result = subprocess.run(
            command, cwd=shop.folder, env=other, capture_output=True, text=True, check=False
        )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        "Error: Another scaffold command is running in this project. "
        "Wait until it has ended, then run this again."
    ]
    assert shop.snapshot() == before
    shop.ok("update")


def test_an_update_needs_no_network(shop: Shop) -> None:
    command = [*offline(), *COMMAND, "update"]
    subprocess.run(command, cwd=shop.folder, env=shop.env, check=True)
    assert shop.json("update", "--check")["version"] == "v2.0.0"
