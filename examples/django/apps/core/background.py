"""Jobs that no client waits for: one thread of each process runs them in order.

It is for jobs of seconds, not of hours: those that have not begun when the process is killed are
lost.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any

import structlog
from django.db import close_old_connections, transaction

worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="background")


def run_later(job: Callable[..., object], *args: Any) -> None:
    """Run the job once the transaction is committed; its log lines have the request's id."""
    transaction.on_commit(partial(worker.submit, copy_context().run, run, job, *args))


def run(job: Callable[..., object], *args: Any) -> None:
    """Run the job as Django runs a request: replace lost connections, and log a failure."""
    close_old_connections()
    try:
        job(*args)
    except Exception:
        structlog.get_logger().exception("background job failed")
    finally:
        close_old_connections()
