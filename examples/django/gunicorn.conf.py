"""gunicorn's settings; `poe serve` starts `gunicorn config.wsgi` with them."""

import os
import signal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from gunicorn.workers import gthread

host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
bind = f"{host}:{settings.PORT}"
workers = settings.WORKERS
worker_class = "gthread"
threads = min(8, settings.DATABASE_POOL_SIZE)  # each keeps a connection to the database
keepalive = 5
graceful_timeout = 30
control_socket_disable = True
logconfig_dict = settings.LOGGING
forwarded_allow_ips = ",".join(map(str, settings.FORWARDED_ALLOW_IPS))
# By default gunicorn believes SCRIPT_NAME and PATH_INFO if a trusted proxy passes them on.
forwarder_headers = ""
# How many seconds a silent client, or a body that nobody reads, may occupy a thread or delay the
# shutdown. gunicorn has no setting for it; pyproject.toml limits the version.
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 1.0  # type: ignore[misc]


def post_worker_init(worker: gthread.ThreadWorker) -> None:
    """Finish the open requests after Ctrl-C, too.

    gunicorn's own handler would lock the pool of threads, and hang if the signal came while a
    request was being given to it.
    """
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, worker.handle_exit)
