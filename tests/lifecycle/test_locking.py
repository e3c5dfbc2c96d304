"""uv.lock: made where the image and the CI need it, and renewed after what changes dependencies."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys

import pytest
from uv import find_uv_bin

from tests.conftest import Scaffold
from tests.lifecycle.conftest import Shop

LOCK = "uv.lock"


def is_current(shop: Shop) -> bool:
    """Tell whether what CI and the image run, `uv sync --locked`, takes the lock file."""
    command = [find_uv_bin(), "lock", "--check", "--offline"]
    return subprocess.run(command, cwd=shop.folder, env=shop.env, check=False).returncode == 0


def finding(shop: Shop) -> tuple[str, str, str]:
    """Return what doctor says of the lock file."""
    findings = shop.json("doctor")["findings"]
    (found,) = (found for found in findings if LOCK in found["what"])
    return found["what"], found["cure"], found["state"]


@pytest.fixture
def made(scaffold: Scaffold, online: dict[str, str]) -> Shop:
    """A project whose dependencies are locked, since it has an image."""
    scaffold.ok("new", "shop", "--docker", **online)
    return Shop(scaffold.folder / "shop", {**scaffold.env, **online})


@pytest.fixture
def plain(scaffold: Scaffold, online: dict[str, str]) -> Shop:
    """A project that needs no lock file, and has none."""
    made = scaffold.json("new", "shop")
    assert LOCK not in made["files"]
    assert made["lock_milliseconds"] is None
    return Shop(scaffold.folder / "shop", {**scaffold.env, **online})


def test_the_first_commit_of_a_project_with_an_image_has_the_lock_file(made: Shop) -> None:
    assert LOCK in made.git("ls-files")
    assert made.git("status", "--short") == ""
    assert is_current(made)
    assert finding(made) == ("uv.lock is up to date", "", "ok")


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_so_does_that_of_a_project_with_ci(
    scaffold: Scaffold, online: dict[str, str], ci: str
) -> None:
    scaffold.env |= online
    made = scaffold.json("new", "shop", "--ci", ci)
    assert LOCK in made["files"]
    assert made["lock_milliseconds"] > 0


def test_without_a_network_the_project_is_made_and_the_step_is_named(scaffold: Scaffold) -> None:
    made = scaffold.json("new", "shop", "--preset", "full")
    assert made["committed"]
    assert LOCK not in made["files"]
    (note,) = (note for note in made["notes"] if LOCK in note)
    assert note.startswith("uv lock failed: ")
    assert note.endswith("When that is cured: uv lock, and commit uv.lock.")
    what, cure, state = finding(Shop(scaffold.folder / "shop", scaffold.env))
    assert what == "uv.lock is missing, without which docker and ci fail."
    assert (cure, state) == ("uv lock, and commit it.", "problem")


def test_adding_an_image_locks_and_the_file_is_the_owners_own(plain: Shop) -> None:
    result = plain.json("add", "docker")
    assert {"path": LOCK, "change": "added"} in result["files"]
    assert result["you_must_do"] == []
    assert is_current(plain)
    assert finding(plain) == ("uv.lock is not committed yet.", "Commit it.", "not yet")
    assert LOCK in plain.json("status")["own"]
    assert plain("status", "--check").returncode == 0


def test_a_dry_run_says_so_and_locks_nothing(plain: Shop) -> None:
    result = plain.json("add", "github", "--dry-run")
    assert result["good_to_know"] == ["uv.lock will be made or renewed with it: uv lock"]
    assert not (plain.folder / LOCK).exists()


def test_without_a_network_the_change_is_made_and_the_step_is_to_do(plain: Shop) -> None:
    plain.env["UV_OFFLINE"], plain.env["UV_CACHE_DIR"] = "1", str(plain.home)
    result = plain.json("add", "github")
    assert result["state"] == "done"
    (step,) = result["you_must_do"]
    assert step.startswith("uv lock failed: ")
    assert step.endswith(". Run it again, and commit uv.lock: uv lock")


def test_a_step_can_be_typed_where_uv_is_not_on_the_path(plain: Shop, path_without_uv: str) -> None:
    plain.env |= {"PATH": path_without_uv, "UV_OFFLINE": "1", "UV_CACHE_DIR": str(plain.home)}
    own = shlex.join([sys.executable, "-m", "generator"])
    told = plain.ok("add", "github", "--report", "../report.md")
    assert f"and commit uv.lock: {own} uv lock\n" in told
    report = (plain.folder.parent / "report.md").read_text()
    assert "commit uv.lock: uv lock\n" in report  # which is read elsewhere


def test_a_change_of_pyproject_renews_a_lock_file_that_is_there(made: Shop) -> None:
    made.replace("pyproject.toml", '    "click', '    "iniconfig",\n    "click')
    made.commit()
    assert finding(made)[2] == "problem"
    result = made.json("set", "description=A shop.")
    assert {"path": LOCK, "change": "changed"} in result["files"]
    assert is_current(made)


def test_a_change_of_other_files_leaves_the_lock_file_alone(made: Shop) -> None:
    made.write(LOCK, made.read(LOCK) + "\n# mine\n")
    made.commit()
    result = made.json("add", "github")
    assert LOCK not in [file["path"] for file in result["files"]]
    assert made.read(LOCK).endswith("# mine\n")


def test_a_lock_file_that_is_skipped_is_left_alone(plain: Shop) -> None:
    plain.write(".scaffoldignore", f"{LOCK}\n")
    plain.ok("add", "docker")
    assert not (plain.folder / LOCK).exists()
    assert LOCK not in plain.ok("doctor")


def test_conflicts_come_first_and_locking_is_a_step_after_them(shop: Shop) -> None:
    shop.write(LOCK, "version = 1\n")
    shop.replace("pyproject.toml", '    "fastapi>=0.165",\n', '    "fastapi==0.165",\n')
    shop.commit()
    result = shop.json("update")
    assert [conflict["path"] for conflict in result["conflicts"]] == ["pyproject.toml"]
    assert "Lock the dependencies, and commit uv.lock: uv lock" in result["you_must_do"]
    assert shop.read(LOCK) == "version = 1\n"


def test_an_update_of_dependencies_without_a_network_says_that_they_are_to_be_locked(
    shop: Shop,
) -> None:
    shop.write(LOCK, "version = 1\n")
    shop.commit()
    assert any(step.endswith(": uv lock") for step in shop.json("update")["you_must_do"])


@pytest.mark.posix("signals to process groups")
def test_ctrl_c_while_locking_says_that_the_change_is_made(made: Shop) -> None:
    made.replace("pyproject.toml", '    "click', '    "iniconfig",\n    "click')
    made.commit()
    with socket.create_server(("127.0.0.1", 0)) as silent:  # an index that never answers
        silent.settimeout(30)
        made.env |= {
            "UV_DEFAULT_INDEX": f"http://127.0.0.1:{silent.getsockname()[1]}/simple",
            "UV_CACHE_DIR": str(made.home / "other-cache"),
        }
        process = made.start(
            "set", "description=A shop.", stderr=subprocess.PIPE, start_new_session=True
        )
        silent.accept()
        os.killpg(process.pid, signal.SIGINT)
        told = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert told == "Error: Interrupted; the change is made, but for uv.lock. To go on: uv lock\n"
    assert 'description = "A shop."' in made.read("pyproject.toml")
