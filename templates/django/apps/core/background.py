"""Work that no client waits for: one thread of each process does it, job after job.

It is for seconds, not for hours: what has not begun when the process is killed is lost.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import structlog

worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="background")


def run_later(job: Callable[..., object], *args: Any) -> None:
    """Do it in the background; its log lines have the id of the request that is on now."""
    worker.submit(copy_context().run, job, *args).add_done_callback(log_failure)


def log_failure(done: Future[Any]) -> None:
    if error := done.exception():
        structlog.get_logger().error("background job failed", exc_info=error)
