"""Migrate, and serve with reload."""

import os
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = "Migrate, and serve with reload."
    requires_system_checks = ()

    def handle(self, **_: Any) -> None:
        # The reloader runs this command again in each process that it starts.
        if "RUN_MAIN" not in os.environ:
            call_command("migrate")
        host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
        call_command("runserver", f"{host}:{settings.PORT}")
