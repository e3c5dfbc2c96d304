"""How the tests are run: which of them, in which order, by how many processes.

A plugin that pyproject.toml names, so that its option is known before any test is collected.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path

import pytest

MARKERS = {
    "follows_moves": "skipped where git is older than 2.38, which cannot follow files that moved",
    "nightly": "left out unless --all is given, or -m names it",
    "posix(reason)": "skipped on Windows, which has no such thing",
    "seconds(number)": "takes about so long; the longest tests begin first",
    "slow": "runs projects; without these, tests take seconds",
}
# What tests note of a step that passed: what it is, whether it was known, the seconds it took.
STEP = "step"
EXAMPLES_OF_A_NIGHT = "200"
# Projects are made, copied and thrown away by the thousand: in memory, with less than half of the
# system time that a disk takes.
IN_MEMORY = Path("/dev/shm")
LEAST_MEMORY = 6 * 2**30


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("scaffold", "what is tested")
    group.addoption(
        "--all",
        action="store_true",
        dest="everything",
        help="run the tests of a night, too, and prove again what is known",
    )


def pytest_configure(config: pytest.Config) -> None:
    for marker, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{marker}: {meaning}")
    if config.option.everything:
        os.environ.setdefault("EXAMPLES", EXAMPLES_OF_A_NIGHT)
    if "TMPDIR" not in os.environ and _can_hold_the_tests(IN_MEMORY):
        os.environ["TMPDIR"] = str(IN_MEMORY)  # for all processes that tests start, too
        tempfile.tempdir = None


def _can_hold_the_tests(folder: Path) -> bool:
    """Tell whether a folder is in memory that is large enough, and programs run in it."""
    try:
        meminfo = Path("/proc/meminfo").read_text()
        system = os.statvfs(folder)
    except OSError:
        return False
    available = int(re.findall(r"MemAvailable: +(\d+)", meminfo)[0]) * 1024
    can_run = not system.f_flag & os.ST_NOEXEC and os.access(folder, os.W_OK)
    return can_run and min(system.f_bavail * system.f_frsize, available) >= LEAST_MEMORY


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return one process more than there are cores, since many tests wait for servers.

    There are none where there is one project or test to look at.
    """
    at_a_project = config.getoption("project", None) or config.getoption("url", None)
    one_test = any("::" in argument for argument in config.args)
    if at_a_project or one_test or os.environ.get("CONTRACT_PROJECT"):
        return 0
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.option.everything and "nightly" not in config.option.markexpr:
        gone = [item for item in items if item.get_closest_marker("nightly")]
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]
    items.sort(key=_seconds, reverse=True)
    if any(item.get_closest_marker("follows_moves") for item in items) and _git() < (2, 38):
        _skip(items, "follows_moves", "git is older than 2.38: it cannot follow files that moved")
    if os.name == "nt":
        _skip(items, "posix", "Windows has not got what this needs")


def _skip(items: list[pytest.Item], marker: str, why: str) -> None:
    for item in items:
        if mark := item.get_closest_marker(marker):
            item.add_marker(pytest.mark.skip(reason=": ".join([why, *map(str, mark.args)])))


def _git() -> tuple[int, ...]:
    said = subprocess.check_output(["git", "--version"], text=True)
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


def _seconds(item: pytest.Item) -> float:
    mark = item.get_closest_marker("seconds")
    return float(mark.args[0]) if mark else 0


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many steps were proven anew, how many were known, and how long each took."""
    steps = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in getattr(report, "user_properties", ())
        if name == STEP
    ]
    if not steps:
        return
    anew = sorted(((took, what) for what, known, took in steps if not known), reverse=True)
    count = f"{len(anew)} proven anew, {len(steps) - len(anew)} known"
    terminalreporter.section(f"steps of projects: {count}")
    for took, what in anew:
        terminalreporter.write_line(f"{took:5.1f} s  {what}")
