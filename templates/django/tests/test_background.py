"""Work in the background: done after the answer, and before the process ends."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import structlog

from apps.core.background import run_later
from tests.helpers import finish_background

ROOT = Path(__file__).parents[1]
QUEUE = """
import time
from apps.core.background import run_later
run_later(time.sleep, 0.2)
run_later(print, "done")
"""


def test_what_is_queued_is_done_before_the_process_ends() -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", QUEUE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "done\n"


def fail() -> None:
    raise LookupError("nothing there")


def test_failure_is_logged(log: StringIO) -> None:
    run_later(fail)
    finish_background()
    assert "nothing there" in log.getvalue()


def test_lines_have_the_id_of_the_request(log: StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="mine"):
        run_later(structlog.get_logger().info, "later")
    finish_background()
    assert '"request_id": "mine"' in log.getvalue()
