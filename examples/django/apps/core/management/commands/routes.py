"""List the routes of the API."""

from typing import Any

from django.core.management import BaseCommand
from rest_framework.schemas.generators import EndpointEnumerator


class Command(BaseCommand):
    help = "List the routes of the API."

    def handle(self, **_: Any) -> str:
        endpoints = sorted(EndpointEnumerator().get_api_endpoints())
        return "\n".join(f"{method:<6} {path}" for path, method, _view in endpoints)
