"""Demonstration data for a development database."""

import datetime as dt
import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from apps.accounts.models import User
from apps.items.models import Item

ROWS = range(1, 26)
DEMO = "demo@example.com"


class Command(BaseCommand):
    help = "Fill the database with demonstration data."

    def handle(self, **_: Any) -> str:
        if settings.PRODUCTION:
            raise CommandError("The demonstration data is for development only.")
        return seed()


@transaction.atomic
def seed() -> str:
    """Create a user with some rows of every resource, once; return what to print."""
    if User.objects.filter(email=DEMO).exists():
        return "The demonstration data exists already."
    password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(12)
    user = User.objects.create_user(DEMO, password, name="Demo", email_verified=True)
    Item.objects.bulk_create(
        [
            Item(
                owner_id=user.id,
                title=f"Title {n}",
                description="Some longer text.",
                status=("todo", "doing", "done")[n % 3],
                due_on=dt.date(2026, 1, n),
            )
            for n in ROWS
        ]
    )
    return f"Log in as {DEMO} with the password {password}."
