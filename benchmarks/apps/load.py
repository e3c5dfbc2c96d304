"""One load on one address: wrk, on the core that the servers leave free."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).parent / "request.lua"


@dataclass(frozen=True)
class Request:
    """What is sent again and again."""

    method: str
    path: str
    token: str
    body: str = ""


@dataclass(frozen=True)
class Figures:
    """What wrk counted; latencies in milliseconds, errors of every kind together."""

    requests: int
    seconds: float
    p50: float
    p99: float
    errors: int


class LoadError(RuntimeError):
    """The load could not be made, or was answered with errors only."""


def put(request: Request, url: str, connections: int, seconds: int, core: int) -> Figures:
    """Keep `connections` requests under way for about that many seconds."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--timeout=10s"]
    command += ["--script", str(SCRIPT), url + request.path]
    told = {"METHOD": request.method, "TOKEN": request.token, "BODY": request.body}
    result = subprocess.run(
        ["taskset", "--cpu-list", str(core), *command],
        env=os.environ | told,
        capture_output=True,
        text=True,
        timeout=seconds + 30,
    )
    if result.returncode:
        raise LoadError(result.stderr or result.stdout)
    figures = Figures(**json.loads(result.stderr.splitlines()[-1]))
    if figures.errors >= figures.requests:
        counts = f"{figures.requests} answers, {figures.errors} errors"
        raise LoadError(f"{request.method} {url}{request.path}: {counts}")
    return figures
