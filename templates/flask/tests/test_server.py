"""What gunicorn does before the application is asked."""

import pytest
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader
from gunicorn.workers.gthread import ThreadWorker

from app.core.config import Settings
from app.server import Server


@pytest.mark.parametrize(("excess", "closes"), [(0, False), (1, True)])
def test_connection_closes_after_a_body_that_nobody_reads(
    settings: Settings, excess: int, closes: bool
) -> None:
    head = f"POST / HTTP/1.1\r\nContent-Length: {settings.max_body_bytes + excess}\r\n\r\n"
    config = Server(settings).cfg
    request = Request(config, IterUnreader([head.encode()]), ("127.0.0.1", 50_000))
    config.pre_request(None, request)
    assert request.should_close() == closes


def test_gunicorn_still_asks_how_long_to_wait_for_data() -> None:
    assert "DEFAULT_WORKER_DATA_TIMEOUT" in ThreadWorker.handle.__code__.co_names
