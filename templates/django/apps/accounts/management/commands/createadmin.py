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
        for name, errors in account.errors.items() if not account.is_valid() else ():
            raise CommandError(f"{name}: {errors[0]}")
        return save_admin(**account.validated_data)


def ask_password() -> str:
    try:
        password = getpass()
        repeated = getpass("Repeat: ")
    except EOFError:
        raise CommandError("Type the password, or set ADMIN_PASSWORD.") from None
    if password != repeated:
        raise CommandError("The passwords differ.")
    return password


def save_admin(email: str, password: str) -> str:
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        User.objects.create_superuser(email, password, email_verified=True)
        return f"{email} is an administrator now."
    # Anybody can register with an address that is not theirs.
    known = User.objects.filter(pk=user.pk, email_verified=True, is_active=True)
    if not known.update(role=User.Role.ADMIN):
        raise CommandError(f"{email} has an account, not verified or not active.")
    return f"{email} had an account, which is an administrator's now. Its password stays."
