"""Django's command, which also takes the name as a sentence: `-m "add books"`."""

from django.core.management.base import CommandParser
from django.core.management.commands import makemigrations
from django.utils.text import slugify


class Command(makemigrations.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("-m", "--message", dest="name", type=to_name, help="What changes.")


def to_name(message: str) -> str:
    return slugify(message).replace("-", "_")
