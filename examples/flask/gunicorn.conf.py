"""The production server. All keys: https://docs.gunicorn.org/en/stable/settings.html"""

import signal
from typing import Any

from gunicorn.http.message import Request
from gunicorn.workers.base import Worker

from app.core.config import get_settings

settings = get_settings()
host = settings.host.strip("[]")

wsgi_app = "app:create_app()"
bind = f"[{host}]:{settings.port}" if ":" in host else f"{host}:{settings.port}"
workers = settings.workers
worker_class = "gthread"
threads = 10  # each may use a connection to the database
preload_app = True  # the workers share the memory of what they have in common
graceful_timeout = 30
# Longer than proxies keep theirs: they must not send on a connection that is closing.
keepalive = 75
limit_request_line = 8190  # RFC 9110, section 4.1, wants 8000 at least
# app/core/proxy.py reads what trusted proxies say; clients must not set SCRIPT_NAME.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
# gunicorn would create its control socket in the home folder, which may be read-only.
control_socket_disable = True
# The application's own handlers write the log.
logconfig_dict: dict[str, Any] = {
    "loggers": {"gunicorn.error": {"level": settings.log_level, "handlers": [], "propagate": True}}
}


def pre_request(_worker: Worker, request: Request) -> None:
    """Close the connection after a body that is too large: what is not read cannot be skipped."""
    longest = settings.max_body_bytes
    for name, value in request.headers:
        if name == "CONTENT-LENGTH" and int(value) > longest:
            request.force_close()


def post_worker_init(worker: Worker) -> None:
    """Finish the open requests after Ctrl-C, too.

    gunicorn's own handler would lock the pool of threads, and hang if the signal came while a
    request was being given to it.
    """
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, worker.handle_exit)
