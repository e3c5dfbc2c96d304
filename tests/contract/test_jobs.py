"""Background jobs: what workers do with the emails of accounts, and what becomes of killed ones."""

from __future__ import annotations

import json
import signal
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from .mail import VERIFY, Mailbox
from .people import PASSWORD, Host, new_email
from .polling import wait_until
from .server import Server
from .site import Site
from .smtp import MailServer, mail_server

pytestmark = [pytest.mark.jobs, pytest.mark.auth]

SETTINGS = {"EMBEDDED_WORKER": "off", "JOB_LEASE_SECONDS": "1", "JOBS_LATE_SECONDS": "1"}


@dataclass(frozen=True)
class Queue:
    """A server that runs no jobs, and workers of the same database."""

    host: Host
    worker: Callable[..., Server]

    def register(self, email: str = "", **headers: str) -> str:
        email = email or new_email("queued")
        body = {"email": email, "password": PASSWORD}
        answer = self.host.client.post("/auth/register", body, headers=headers)
        assert answer.status_code == 202
        return email

    def run(self, *arguments: str, **settings: str) -> str:
        """Run a command to its end, and return what it printed."""
        server = self.host.server
        assert server is not None
        used = {**server.settings, **settings}
        return server.project.poe(*arguments, settings=used).stdout

    def count(self, state: str) -> int:
        counts = dict(line.split() for line in self.run("jobs").splitlines()[:4])
        return int(counts[state])

    def checks(self) -> dict[str, str]:
        answer = self.host.client.root.get("/health/ready")
        assert answer.status_code == 200
        return dict(answer.json()["checks"])


@pytest.fixture(scope="module")
def served(site: Site, own_database_of_jobs: str) -> Iterator[Host]:
    with site.server("jobs", own_database_of_jobs, **SETTINGS) as server:
        yield site.as_host(server)


@pytest.fixture(scope="module")
def own_database_of_jobs(site: Site) -> str:
    if site.external:
        pytest.skip("needs workers of its own: run with --project instead of --url")
    return site.databases.copy(site.prepared)


@pytest.fixture
def queue(served: Host, tmp_path: Path) -> Iterator[Queue]:
    """The queue, which each test leaves empty. Workers end with the test."""
    assert served.server is not None
    mine = served.server
    with ExitStack() as stack:
        started: list[Server] = []

        def start(**settings: str) -> Server:
            log = tmp_path / f"worker-{len(started)}.log"
            server = Server(mine.project, {**mine.settings, **settings}, log, task="worker")
            started.append(server)
            stack.callback(server.kill)
            server.launch()
            return server

        yield Queue(served, start)


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.mark.contract("jobs.survive", "jobs.transaction", "jobs.batch")
def test_jobs_wait_for_a_worker_and_exist_only_if_the_request_succeeds(queue: Queue) -> None:
    email = queue.register()
    queue.register(email)
    assert queue.host.mailbox.to(email) == []
    queue.run("worker", "--batch")
    mails = queue.host.mailbox.to(email)
    assert [mail.token(VERIFY) is not None for mail in mails].count(True) == 1
    assert len(mails) == 2


@pytest.mark.contract("jobs.late")
def test_jobs_that_nobody_runs_are_late(queue: Queue) -> None:
    assert queue.checks() == {"database": "ok", "jobs": "ok"}
    queue.register()
    wait_until(lambda: queue.checks()["jobs"] == "late", "late")
    queue.run("worker", "--batch")
    assert queue.checks()["jobs"] == "ok"


@pytest.mark.contract("jobs.retry", "jobs.list")
def test_a_job_that_fails_is_tried_again_later_and_later(queue: Queue, tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.touch()  # a file, where a folder is needed
    worker = queue.worker(MAIL_URL=f"file://{folder}", LOG_FORMAT="json")
    email = queue.register()
    wait_until(lambda: worker.log_text().count("job failed") == 2, "failed twice")
    assert queue.count("waiting") == 1
    folder.unlink()
    Mailbox(folder).wait(email)
    worker.terminate()
    assert worker.wait(10) == 0
    assert queue.count("waiting") == 0


@pytest.mark.contract("jobs.lost-worker", "jobs.message-id")
def test_a_killed_worker_loses_no_job(queue: Queue, mails: MailServer) -> None:
    mails.answers.clear()
    killed = queue.worker(MAIL_URL=mails.url)
    email = queue.register()
    wait_until(lambda: len(mails.to(email)) == 1, "the worker is at it")
    killed.signal_group(signal.SIGKILL)
    killed.wait(10)
    mails.answers.set()
    second = queue.worker(MAIL_URL=mails.url)
    wait_until(lambda: "job done" in second.log_text(), "done by another worker")
    assert "job was lost with its worker" in second.log_text()
    first, again = mails.to(email)
    assert first["Message-ID"] == again["Message-ID"]


@pytest.mark.contract("jobs.once")
def test_several_workers_share_the_jobs(queue: Queue) -> None:
    # A machine that is busy may hold a worker up for longer than a lease of one second.
    workers = [queue.worker(JOB_LEASE_SECONDS="60") for _ in range(2)]
    wait_until(lambda: all("worker started" in w.log_text() for w in workers), "both run")
    emails = [queue.register() for _ in range(20)]
    for email in emails:
        queue.host.mailbox.wait(email)
    for worker in workers:
        worker.terminate()
        assert worker.wait(10) == 0
    assert [len(queue.host.mailbox.to(email)) for email in emails] == [1] * 20


@pytest.mark.contract("jobs.logged")
def test_the_log_lines_of_a_job_name_the_request_that_enqueued_it(queue: Queue) -> None:
    queue.register(**{"X-Request-ID": "from-a-request"})
    worker = queue.worker(LOG_FORMAT="json")
    wait_until(lambda: "job done" in worker.log_text(), "the job is done")
    worker.terminate()
    assert worker.wait(10) == 0
    lines = [json.loads(line) for line in worker.log_text().splitlines() if line.startswith("{")]
    (done,) = (line for line in lines if line["event"] == "job done")
    expected = {"job": "send_verification", "attempt": 1, "request_id": "from-a-request"}
    assert done | expected == done
    assert uuid.UUID(done["job_id"])


@pytest.mark.contract("jobs.sigterm")
def test_a_worker_finishes_what_it_has_begun(queue: Queue, mails: MailServer) -> None:
    mails.answers.clear()
    worker = queue.worker(MAIL_URL=mails.url)
    email = queue.register()
    wait_until(lambda: len(mails.to(email)) == 1, "the worker is at it")
    worker.terminate()
    queue.register()  # nobody begins this one
    mails.answers.set()
    assert worker.wait(10) == 0
    assert "job done" in worker.log_text()
    assert len(mails.mails) == 1
    queue.run("worker", "--batch")


@pytest.mark.contract("jobs.embedded")
def test_in_development_the_server_runs_jobs(host: Host) -> None:
    email = new_email("embedded")
    host.client.post("/auth/register", {"email": email, "password": PASSWORD})
    host.mailbox.wait(email)
