"""Background jobs: a few threads of each process work them off in order.

They are for seconds, not for hours: jobs that have not begun when the process is killed are lost.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from flask import Response, after_this_request, current_app
from structlog.contextvars import bound_contextvars, get_contextvars

log = structlog.get_logger()
worker = ThreadPoolExecutor(max_workers=4, thread_name_prefix="background")


def run_later(job: Callable[..., None], *args: Any) -> None:
    """Run the job when this request has been answered, unless it fails.

    The job has a database session of its own, and logs the request's id.
    """
    app_context, log_context = current_app.app_context(), get_contextvars()

    def work() -> None:
        with bound_contextvars(**log_context):
            try:
                with app_context:
                    job(*args)
            except Exception:
                log.exception("background job failed")

    @after_this_request
    def begin_when_sent(response: Response) -> Response:
        if response.status_code < 400:
            # In a thread: what runs on close itself delays the next request of the connection.
            response.call_on_close(lambda: worker.submit(work))
        return response
