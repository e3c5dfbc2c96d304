"""Background jobs run after the commit and before the process ends."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
import structlog
from django.db import transaction

from apps.core.background import run_later
from tests.helpers import finish_background

ROOT = Path(__file__).parents[1]
QUEUE = """
import time, django
django.setup()
from apps.core.background import run_later
run_later(time.sleep, 0.2)
run_later(print, "done")
"""
pytestmark = pytest.mark.django_db(transaction=True)


def test_queued_jobs_are_run_before_the_process_ends() -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", QUEUE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "done\n"


def test_job_is_run_after_the_commit() -> None:
    done: list[str] = []
    with transaction.atomic():
        run_later(done.append, "job")
        finish_background()
        assert done == []
    finish_background()
    assert done == ["job"]


def test_job_is_not_run_after_a_rollback() -> None:
    done: list[str] = []
    with transaction.atomic():
        run_later(done.append, "job")
        transaction.set_rollback(True)
    finish_background()
    assert done == []


def fail() -> None:
    raise LookupError("nothing there")


def test_failure_is_logged_with_its_traceback(log: StringIO) -> None:
    run_later(fail)
    finish_background()
    assert "background job failed" in log.getvalue()
    assert "LookupError: nothing there" in log.getvalue()


def test_log_lines_have_the_id_of_the_request(log: StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="mine"):
        run_later(structlog.get_logger().info, "later")
    finish_background()
    assert '"request_id": "mine"' in log.getvalue()
