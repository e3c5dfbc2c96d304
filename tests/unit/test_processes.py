"""A step whose time runs out says which one it was, and leaves nothing running."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from generator.validate import commands
from tests.contract.server import Project
from tests.variants.steps import STEPS, Bench, Step, StepError

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="processes are found by what /proc tells"
)

# A program that starts a server in a session of its own, as the contract suite does, whose worker
# starts another one; each says its number.
FAMILY = """
import os, subprocess, sys, time
left = int(sys.argv[1])
print(os.getpid(), flush=True)
if left:
    subprocess.Popen([sys.executable, "-c", sys.argv[2], str(left - 1), sys.argv[2]],
        start_new_session=True)
time.sleep(60)
"""
GENERATIONS = 2


def family() -> list[str]:
    return [sys.executable, "-c", FAMILY, str(GENERATIONS), FAMILY]


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def assert_all_ended(output: str) -> None:
    started = [int(word) for word in output.split()]
    assert len(started) == GENERATIONS + 1
    assert not [pid for pid in started if is_running(pid)]


def test_at_the_end_of_its_time_all_that_a_program_started_is_ended(tmp_path: Path) -> None:
    result = commands.run(family(), env=os.environ, cwd=tmp_path, timeout=2)
    assert result.code is None
    assert_all_ended(result.output)


def test_what_a_program_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    leaves = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'],"
        " start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(child.pid)"
    )
    command = [sys.executable, "-c", leaves]
    result = commands.run(command, env=os.environ, cwd=tmp_path, timeout=30)
    assert result.code == 0
    assert not is_running(int(result.output))


def test_a_step_that_is_late_is_named_with_its_variant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project(tmp_path, Path(sys.executable).parent)
    bench = Bench("flask-sqlite-item", project, "flask", "sqlite", None, timeout=2)
    monkeypatch.setitem(STEPS, "hangs", Step(lambda b: b.run(*family(), env=os.environ), 1))
    late = r"(?s)^hangs of flask-sqlite-item: .*not done after 2 s"
    with pytest.raises(StepError, match=late) as e:
        bench.take("hangs")
    assert_all_ended(str(e.value).rpartition("not done after 2 s")[2])


def test_a_step_that_fails_tells_what_its_program_said(tmp_path: Path) -> None:
    project = Project(tmp_path, Path(sys.executable).parent)
    bench = Bench("flask-sqlite-item", project, "flask", "sqlite", None)
    with pytest.raises(StepError, match=r"(?s)flask-sqlite-item: .*exit code 3\nno such table"):
        bench.run("sh", "-c", "echo no such table; exit 3", env=os.environ)
