"""Work that no client waits for: one thread of each process does it, job after job.

It is for seconds, not for hours: what has not begun when the process is killed is lost.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from flask import Response, after_this_request, current_app
from structlog.contextvars import bound_contextvars, get_contextvars

log = structlog.get_logger()
worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="background")


def run_later(job: Callable[..., None], *args: Any) -> None:
    """Do it once this request is answered, so that its time does not tell what there is to do.

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
        # In a thread: what runs on close itself holds up the connection's next request.
        response.call_on_close(lambda: worker.submit(work))
        return response
