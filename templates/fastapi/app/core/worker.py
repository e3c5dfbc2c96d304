"""The worker: takes jobs from the queue, and runs several at once."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from secrets import token_hex
from socket import gethostname

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.contextvars import bound_contextvars

from app.core import jobs as queue
from app.core.config import Settings
from app.core.database import create_engine, open_session
from app.core.jobs import Job, QueuedJob

POLL_SECONDS = 0.5
# How long jobs that have begun may go on when the worker is asked to end.
GRACE_SECONDS = 25

log = structlog.get_logger()


async def work(
    engine: AsyncEngine,
    jobs: Iterable[Job[...]],
    settings: Settings,
    stop: asyncio.Event,
    *,
    batch: bool = False,
) -> None:
    """Run jobs until `stop` is set, or until none is due where it is for one `batch`."""
    known = {job.name: job for job in jobs}
    worker = f"{gethostname()[:60]}:{os.getpid()}:{token_hex(4)}"
    stopped = asyncio.create_task(stop.wait())
    renewing = asyncio.create_task(renew(engine, worker, settings.job_lease_seconds))
    running: set[asyncio.Task[None]] = set()
    has_schedules = False
    log.info("worker started", worker=worker)
    while not stop.is_set():
        rows: list[QueuedJob] = []
        free = settings.jobs_at_once - len(running)
        try:
            async with open_session(engine) as db:
                if not has_schedules:
                    await queue.add_schedules(db, known.values())
                    has_schedules = True
                if free:
                    rows = await queue.take(db, known, worker, settings.job_lease_seconds, free)
        except (SQLAlchemyError, OSError) as error:
            log.warning("queue not reached", error=str(error))
        running |= {asyncio.create_task(run(engine, known[row.name], row)) for row in rows}
        if batch and not running:
            break
        timeout = None if len(running) == settings.jobs_at_once else POLL_SECONDS
        await asyncio.wait({stopped, *running}, timeout=timeout, return_when="FIRST_COMPLETED")
        running = {task for task in running if not task.done()}
    if running:
        await asyncio.wait(running, timeout=GRACE_SECONDS)
    for task in (stopped, renewing, *running):
        task.cancel()


async def renew(engine: AsyncEngine, worker: str, lease: int) -> None:
    while True:
        await asyncio.sleep(lease / 3)
        try:
            async with open_session(engine) as db:
                await queue.renew(db, worker, lease)
        except (SQLAlchemyError, OSError) as error:
            log.warning("leases not renewed", error=str(error))


async def run(engine: AsyncEngine, job: Job[...], row: QueuedJob) -> None:
    """Run a job and end it in one transaction; log how that went, and note a failure."""
    context = {"job": row.name, "job_id": str(row.id), "attempt": row.attempts}
    if row.request_id:
        context["request_id"] = row.request_id
    start = time.perf_counter()
    with bound_contextvars(**context):
        try:
            async with open_session(engine) as db:
                await job.function(db, *row.arguments["args"], **row.arguments["kwargs"])
                if not await queue.finish(db, row):
                    log.warning("job ran in two workers", lease="ended")
                    return
                await db.commit()
        except Exception as error:
            log.exception("job failed")
            with suppress(SQLAlchemyError, OSError):  # the lease ends by itself
                await note_failure(engine, job, row, error)
        else:
            log.info("job done", seconds=round(time.perf_counter() - start, 3))


async def note_failure(
    engine: AsyncEngine, job: Job[...], row: QueuedJob, error: Exception
) -> None:
    async with open_session(engine) as db:
        if held := await queue.find_held(db, row):
            queue.note_failure(held, job, f"{type(error).__name__}: {error}")
            await db.commit()


async def run_worker(jobs: Iterable[Job[...]], settings: Settings, *, batch: bool) -> None:
    """Run a worker in a process of its own, until SIGTERM or Ctrl-C."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    engine = create_engine(settings)
    try:
        await work(engine, jobs, settings, stop, batch=batch)
    finally:
        await engine.dispose()


@asynccontextmanager
async def embedded_worker(
    engine: AsyncEngine, jobs: Iterable[Job[...]], settings: Settings
) -> AsyncIterator[None]:
    """Run a worker beside the server in this process, if EMBEDDED_WORKER is on."""
    if not settings.worker_is_embedded:
        yield
        return
    stop = asyncio.Event()
    worker = asyncio.create_task(work(engine, jobs, settings, stop))
    try:
        yield
    finally:
        stop.set()
        await worker
