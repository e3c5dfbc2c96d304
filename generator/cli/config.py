"""The user's own settings: read for a command, and named when they count."""

from __future__ import annotations

from generator.cli.output import say
from generator.questions import user
from generator.questions.catalog import Catalog
from generator.questions.settings import settings_file, shown
from generator.questions.user import NO_SETTINGS, UserSettings


def load(catalog: Catalog, *, ignore: bool) -> UserSettings:
    """Return the user's settings, empty ones where they are to be ignored.

    Raises `UsageError` for settings that are wrong.
    """
    return NO_SETTINGS if ignore else user.load(settings_file(), catalog)


def announce(settings: UserSettings) -> None:
    """Say which file is used, on stderr: what is on stdout may go to a program."""
    if settings.path:
        say(f"Using {shown(settings.path)}.", "bright_black", error=True)
