"""The production server: gunicorn, set up by the same settings as everything else."""

from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger

from app import create_app
from app.core.config import Settings

THREADS = 10


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
            "logger_class": LikeAllOthers,
            # It would be a file in the home folder, which a container may not write to.
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return create_app()


class LikeAllOthers(Logger):
    """Sends what gunicorn has to say to the root logger."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
