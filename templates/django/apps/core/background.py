"""Work that no client waits for: one thread in each process does it, job after job.

It is for seconds, not for hours: jobs that have not begun when the process is killed are lost.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import structlog
from django.db import close_old_connections

worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="background")


def run_later(job: Callable[..., object], *args: Any) -> None:
    """Do the job in the background; its log lines have the id of the current request."""
    worker.submit(copy_context().run, work, job, *args)


def work(job: Callable[..., object], *args: Any) -> None:
    """Do the job as Django does a request: a lost connection is replaced, a failure is logged."""
    close_old_connections()
    try:
        job(*args)
    except Exception:
        structlog.get_logger().exception("background job failed")
    finally:
        close_old_connections()
