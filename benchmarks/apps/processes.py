"""What the kernel says of a server's processes: all those of the session that its command began."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def members(session: int) -> list[int]:
    """Return the processes of a session."""
    numbers = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdecimal()]
    found = []
    for number in numbers:
        with contextlib.suppress(ProcessLookupError):
            if os.getsid(number) == session:
                found.append(number)
    return found


def cpu_seconds(session: int) -> float:
    """Return the processor time that the processes have used up to now."""
    ticks = 0
    for number in members(session):
        # After the name, which is in brackets and may hold anything; fields 14 and 15 of proc(5).
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def memory(session: int) -> float:
    """Return the megabytes that the processes hold, shared pages divided among their users."""
    kilobytes = 0
    for number in members(session):
        lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
        kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024


def pin(processes: Iterable[int], cores: Iterable[int]) -> None:
    """Keep processes and all their threads to some cores; those of others stay where they are."""
    for number in processes:
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{number}/task").iterdir():
                os.sched_setaffinity(int(thread.name), cores)


def wait_until_idle(session: int) -> None:
    """Return when the processes have done what a load that was cut off has left them."""
    before, deadline = cpu_seconds(session), time.monotonic() + 30
    while time.monotonic() < deadline:
        time.sleep(0.1)
        now = cpu_seconds(session)
        if now - before < 0.03:
            return
        before = now
