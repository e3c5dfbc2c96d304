"""The production server: gunicorn, set up by the same settings as everything else."""

import gc
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http.message import Request
from gunicorn.workers import gthread
from gunicorn.workers.base import Worker

from app import create_app
from app.core.config import Settings

THREADS = 10  # each may hold a connection to the database; core/database.py has the pool
# How many seconds a new connection that sends nothing holds a thread, and the end of the process.
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 1.0  # type: ignore[misc]  # gunicorn has no setting for it


class Server(BaseApplication):
    """WORKERS processes, each with the application and threads of its own."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        options = {
            "bind": f"{host}:{self.settings.port}",
            "workers": self.settings.workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "graceful_timeout": 30,
            # Longer than proxies keep theirs: they must not send on one that is just closing.
            "keepalive": 75,
            "limit_request_line": 8190,  # RFC 9110, section 4.1, wants 8000 at least
            "logger_class": RootLogger,
            "loglevel": self.settings.log_level,
            "pre_request": close_after_large_body(self.settings.max_body_bytes),
            "preload_app": True,  # the workers share the memory of what they have in common
            # gunicorn makes its control socket in the home folder, which may be read-only.
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        app = create_app()
        gc.freeze()  # what is searched for garbage is written to, and shared no more
        return app


def close_after_large_body(max_body_bytes: int) -> Callable[[Worker, Request], None]:
    """What the application refuses to read cannot be skipped: no other request can follow it."""

    def pre_request(_worker: Worker, request: Request) -> None:
        for name, value in request.headers:
            if name == "CONTENT-LENGTH" and int(value) > max_body_bytes:
                request.force_close()

    return pre_request


class RootLogger(Logger):
    """Passes what gunicorn logs on to the root logger."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
