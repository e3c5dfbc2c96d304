"""The worker: takes jobs from the queue, and runs several at once in threads."""

import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from secrets import token_hex
from socket import gethostname
from threading import Event, Thread

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bound_contextvars

from app.core import jobs as queue
from app.core.config import Settings
from app.core.database import db
from app.core.jobs import Job, QueuedJob

POLL_SECONDS = 0.5
# How long jobs that have begun may go on when the worker is asked to end.
GRACE_SECONDS = 25

log = structlog.get_logger()


def work(
    app: Flask, jobs: Iterable[Job[...]], settings: Settings, stop: Event, *, batch: bool = False
) -> None:
    """Run jobs until `stop` is set, or until none is due where it is for one `batch`."""
    known = {job.name: job for job in jobs}
    worker = f"{gethostname()[:60]}:{os.getpid()}:{token_hex(4)}"
    one_ended, all_ended = Event(), Event()
    lease = settings.job_lease_seconds
    Thread(target=renew, args=(app, worker, lease, all_ended), daemon=True).start()
    running: list[Thread] = []
    has_schedules = False
    log.info("worker started", worker=worker)
    while not stop.is_set():
        rows: list[QueuedJob] = []
        one_ended.clear()
        running = [thread for thread in running if thread.is_alive()]
        free = settings.jobs_at_once - len(running)
        with app.app_context():
            try:
                if not has_schedules:
                    queue.add_schedules(known.values())
                    has_schedules = True
                if free:
                    rows = queue.take(known, worker, lease, free)
            except SQLAlchemyError as error:
                log.warning("queue not reached", error=str(error))
        for row in rows:
            arguments = (app, known[row.name], row, one_ended)
            running.append(Thread(target=run, args=arguments, daemon=True))
            running[-1].start()
        if batch and not running:
            break
        if running:
            one_ended.wait(POLL_SECONDS)
        else:
            stop.wait(POLL_SECONDS)
    deadline = time.monotonic() + GRACE_SECONDS
    for thread in running:
        thread.join(max(deadline - time.monotonic(), 0))
    all_ended.set()


def renew(app: Flask, worker: str, lease: int, ended: Event) -> None:
    while not ended.wait(lease / 3):
        with app.app_context():
            try:
                queue.renew(worker, lease)
            except SQLAlchemyError as error:
                log.warning("leases not renewed", error=str(error))


def run(app: Flask, job: Job[...], row: QueuedJob, ended: Event) -> None:
    """Run a job and end it in one transaction; log how that went, and note a failure."""
    context = {"job": row.name, "job_id": str(row.id), "attempt": row.attempts}
    if row.request_id:
        context["request_id"] = row.request_id
    start = time.perf_counter()
    with app.app_context(), bound_contextvars(**context):
        try:
            job.function(*row.arguments["args"], **row.arguments["kwargs"])
            if queue.finish(row):
                db.session.commit()
                log.info("job done", seconds=round(time.perf_counter() - start, 3))
            else:
                log.warning("job ran in two workers", lease="ended")
        except Exception as error:
            log.exception("job failed")
            with suppress(SQLAlchemyError):  # the lease ends by itself
                note_failure(job, row, error)
    ended.set()


def note_failure(job: Job[...], row: QueuedJob, error: Exception) -> None:
    db.session.rollback()
    if held := queue.find_held(row):
        queue.note_failure(held, job, f"{type(error).__name__}: {error}")
        db.session.commit()


def run_worker(app: Flask, jobs: Iterable[Job[...]], settings: Settings, *, batch: bool) -> None:
    """Run a worker in a process of its own, until SIGTERM or Ctrl-C."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    work(app, jobs, settings, stop, batch=batch)


def start_embedded(app: Flask, jobs: Iterable[Job[...]], settings: Settings) -> Callable[[], None]:
    """Run a worker beside the server in this process. The returned function ends it."""
    stop = Event()
    thread = Thread(target=work, args=(app, jobs, settings, stop), daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join()

    return end
