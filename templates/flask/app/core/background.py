"""Work that no client waits for: one thread of each process does it, job after job.

It is for seconds, not for hours: what has not begun when the process is killed is lost.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import structlog
from flask import Response, after_this_request, current_app

worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="background")


def run_later(job: Callable[..., None], *args: Any) -> None:
    """Do it once the answer is sent, so that the answer's time does not tell what there is to do.

    The job has a database session of its own, and logs the request's id.
    """
    app_context, log_context = current_app.app_context(), copy_context()

    def work() -> None:
        with app_context:
            job(*args)

    def start() -> None:
        worker.submit(log_context.run, work).add_done_callback(log_failure)

    @after_this_request
    def start_at_the_end(response: Response) -> Response:
        response.call_on_close(start)
        return response


def log_failure(done: Future[None]) -> None:
    if error := done.exception():
        structlog.get_logger().error("background job failed", exc_info=error)
