"""Create an administrator, or make an existing user one."""

import os
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management import BaseCommand, CommandError

from apps.accounts.models import User
from apps.accounts.serializers import RegisterSerializer


class Command(BaseCommand):
    help = "Create an administrator, or make an existing user one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, email: str, **_: Any) -> str:
        password = os.environ.get("ADMIN_PASSWORD") or ask_password()
        account = RegisterSerializer(data={"email": email, "password": password})
        if not account.is_valid():
            name, errors = next(iter(account.errors.items()))
            raise CommandError(f"{name}: {errors[0]}")
        user = User.objects.filter(email=account.validated_data["email"].lower()).first()
        if user is None:
            User.objects.create_superuser(**account.validated_data)
            return f"Created the administrator {email}."
        # Anybody can register with an address that is not theirs.
        trusted = User.objects.filter(pk=user.pk, email_verified=True, is_active=True)
        if not trusted.update(role=User.Role.ADMIN):
            raise CommandError(f"The account {email} exists, but is not verified or not active.")
        return f"The existing account {email} is an administrator now; its password is unchanged."


def ask_password() -> str:
    try:
        password, repeated = getpass(), getpass("Password (again): ")
    except EOFError:
        raise CommandError("Enter a password, or set ADMIN_PASSWORD.") from None
    if password != repeated:
        raise CommandError("The passwords do not match.")
    return password
