"""A command in a fork is, to a test, what a command in a process of its own is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests import forks
from tests.conftest import COMMAND, TIMEOUT, Scaffold

pytestmark = pytest.mark.skipif(not forks.HAS_FORKS, reason="forks are used on Linux")


@pytest.fixture
def by_itself(scaffold: Scaffold) -> Scaffold:
    """The same `scaffold`, which forks nothing."""

    class ByItself(Scaffold):
        def __call__(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [*COMMAND, *arguments],
                cwd=self.folder,
                env={**self.env, **env},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )

    return ByItself(scaffold.folder, scaffold.env)


def forked(scaffold: Scaffold, *arguments: str, timeout: float = TIMEOUT, **env: str) -> object:
    env = {**scaffold.env, **env}
    return forks.run(arguments, folder=scaffold.folder, env=env, timeout=timeout)


@pytest.mark.parametrize(
    "arguments", ["--version", "status", "new shop --dry-run --yes", "new", "nonsense --json"]
)
def test_it_prints_the_same_and_ends_with_the_same_code(
    scaffold: Scaffold, by_itself: Scaffold, arguments: str
) -> None:
    result, expected = forked(scaffold, *arguments.split()), by_itself(*arguments.split())
    assert isinstance(result, subprocess.CompletedProcess)
    assert result.returncode == expected.returncode
    assert (result.stdout, result.stderr) == (expected.stdout, expected.stderr)


def test_it_has_the_environment_and_the_folder_that_it_is_given(
    scaffold: Scaffold, tmp_path: Path
) -> None:
    (tmp_path / "settings" / "scaffold").mkdir(parents=True)
    (tmp_path / "settings" / "scaffold" / "config.toml").write_text("[defaults]\nci = 'gitlab'\n")
    scaffold.ok("new", "shop", "--yes", XDG_CONFIG_HOME=str(tmp_path / "settings"))
    scaffold.ok("new", "store", "--yes")
    assert (scaffold.folder / "shop" / ".gitlab-ci.yml").exists()
    assert not (scaffold.folder / "store" / ".gitlab-ci.yml").exists()


def test_one_that_takes_too_long_is_killed_and_the_next_runs(scaffold: Scaffold) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        forked(scaffold, "new", "shop", "--yes", timeout=0.001)
    assert scaffold("--version").returncode == 0


def test_what_python_reads_when_it_starts_needs_a_process_of_its_own(scaffold: Scaffold) -> None:
    assert forked(scaffold, "--version") is not None
    assert forked(scaffold, "--version", PYTHONUTF8="0") is None
    assert forked(scaffold, "--version", LC_ALL="C") is None
    assert forked(scaffold, "--version", PYTHONPATH=str(scaffold.folder)) is None
