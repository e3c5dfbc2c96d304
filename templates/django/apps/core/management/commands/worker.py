"""Run background jobs."""

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from apps.core.management.commands.serve import Command as Serve
from apps.core.worker import work


class Command(BaseCommand):
    help = "Run background jobs. On SIGTERM or Ctrl-C, those that have begun are finished."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", action="store_true", help="End when no job is due.")

    def handle(self, *, batch: bool, **_: Any) -> None:
        if settings.PRODUCTION:
            Serve().check_database()
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        work(stop, batch=batch)
