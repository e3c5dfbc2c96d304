"""A collector of telemetry that reads what it is sent, and forgets it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def collecting(core: int) -> Iterator[str]:
    """Listen for OTLP over HTTP on one core, and yield the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:

        def serve() -> None:
            os.sched_setaffinity(0, [core])  # of this thread, and of those that it starts
            server.serve_forever()

        thread = Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
