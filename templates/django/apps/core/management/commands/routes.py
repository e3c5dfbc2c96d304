"""List every route with its methods."""

from typing import Any

from django.core.management import BaseCommand

from apps.core.docs import openapi_document


class Command(BaseCommand):
    help = "List every route with its methods."

    def handle(self, **_: Any) -> str:
        paths = sorted(openapi_document()["paths"].items())
        return "\n".join(f"{', '.join(item).upper():<20} {path}" for path, item in paths)
