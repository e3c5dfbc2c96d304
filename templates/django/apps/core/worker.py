"""The worker: takes jobs from the queue, and runs several at once in threads."""

import os
import time
from collections.abc import Callable
from secrets import token_hex
from socket import gethostname
from threading import Event, Thread

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django_tasks_db.models import DBTaskResult

from apps.core import jobs

POLL_SECONDS = 0.5
# How long jobs that have begun may go on when the worker is asked to end.
GRACE_SECONDS = 25

log = structlog.get_logger()


def work(stop: Event, *, batch: bool = False) -> None:
    """Run jobs until `stop` is set, or until none is due where it is for one `batch`."""
    worker = f"{gethostname()[:30]}:{os.getpid()}:{token_hex(4)}"
    one_ended, all_ended = Event(), Event()
    running: dict[DBTaskResult, Thread] = {}
    Thread(target=renew, args=(running, all_ended), daemon=True).start()
    has_schedules = False
    log.info("worker started", worker=worker)
    while not stop.is_set():
        one_ended.clear()
        for row in [row for row, thread in running.items() if not thread.is_alive()]:
            del running[row]
        free = settings.JOBS_AT_ONCE - len(running)
        rows: list[DBTaskResult] = []
        close_old_connections()
        try:
            if not has_schedules:
                jobs.add_schedules()
                has_schedules = True
            if free:
                rows = jobs.take(worker, free)
        except (DatabaseError, InterfaceError) as error:
            if batch and not running:
                raise
            log.warning("queue not reached", error=str(error))
        for row in rows:
            running[row] = Thread(target=run, args=(row, one_ended), daemon=True)
            running[row].start()
        if batch and not running:
            break
        if running:
            one_ended.wait(POLL_SECONDS)
        else:
            stop.wait(POLL_SECONDS)
    deadline = time.monotonic() + GRACE_SECONDS
    for thread in running.values():
        thread.join(max(deadline - time.monotonic(), 0))
    all_ended.set()


def renew(running: dict[DBTaskResult, Thread], ended: Event) -> None:
    while not ended.wait(settings.JOB_LEASE_SECONDS / 3):
        close_old_connections()
        try:
            jobs.renew([row.pk for row in list(running)])
        except (DatabaseError, InterfaceError) as error:
            log.warning("leases not renewed", error=str(error))
    connections.close_all()


def run(row: DBTaskResult, ended: Event) -> None:
    try:
        jobs.run(row)
    except (DatabaseError, InterfaceError) as error:
        log.warning("end of job not noted", job_id=str(row.pk), error=str(error))
    finally:
        connections.close_all()
        ended.set()


def start_embedded() -> Callable[[], None]:
    """Run a worker beside the server in this process. The returned function ends it."""
    stop = Event()
    thread = Thread(target=work, args=(stop,), daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join()

    return end
