"""The commands `generate`, `destroy` and `rename`: from their arguments to an exit code."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from generator.cli.change import Arguments, begin, end
from generator.engine import resource_changes
from generator.engine.change import with_migration
from generator.questions import edits
from generator.questions.endpoints import Endpoint
from generator.questions.resources import Resource

Edit = Callable[[Sequence[Resource]], Sequence[Resource]]


def resource(name: str, fields: Sequence[str], arguments: Arguments, *, migrate: bool) -> int:
    """Add the resource `name`, which may have `/PLURAL` and options."""
    message = f"add {re.split('[/:]', name)[0]}" if migrate else ""
    text = " ".join([name, *fields])
    return _change("generate", lambda old: edits.with_resource(old, text), arguments, message)


def fields(name: str, texts: Sequence[str], arguments: Arguments, *, migrate: bool) -> int:
    """Add fields to the resource `name`."""
    new = " and ".join(text.partition(":")[0] for text in texts)
    message = f"add {new} to {name}" if migrate else ""
    return _change("generate", lambda old: edits.with_fields(old, name, texts), arguments, message)


def access(name: str, options: Sequence[str], arguments: Arguments, *, migrate: bool) -> int:
    """Change who owns, reads and writes the rows of the resource `name`."""
    message = f"change access to {name}" if migrate else ""
    return _change(
        "generate", lambda old: edits.with_access(old, name, options), arguments, message
    )


def endpoint(name: str, new: str, method: str, arguments: Arguments, *, collection: bool) -> int:
    """Add the endpoint `new` to the resource `name`, on one object or on the `collection`."""
    made = Endpoint(new, method.upper(), collection)
    return _change("generate", lambda old: edits.with_endpoint(old, name, made), arguments, "")


def without_endpoint(name: str, word: str, arguments: Arguments) -> int:
    """Remove the endpoint `word` from the resource `name`."""
    return _change("destroy", lambda old: edits.without_endpoint(old, name, word), arguments, "")


def without_resource(name: str, arguments: Arguments, *, migrate: bool) -> int:
    """Remove the resource `name`."""
    message = f"drop {name}" if migrate else ""
    return _change("destroy", lambda old: edits.without_resource(old, name), arguments, message)


def without_fields(name: str, words: Sequence[str], arguments: Arguments, *, migrate: bool) -> int:
    """Remove the fields `words` from the resource `name`."""
    message = f"drop {' and '.join(words)} from {name}" if migrate else ""
    return _change(
        "destroy", lambda old: edits.without_fields(old, name, words), arguments, message
    )


def renamed_field(name: str, old: str, new: str, arguments: Arguments) -> int:
    """Give the field `old` of the resource `name` the name `new`; the migration comes with it."""
    recovered = begin(arguments)
    result = resource_changes.rename_field(Path.cwd(), name, old, new, arguments.options)
    return end(result, recovered, arguments)


def renamed_resource(name: str, new: str, arguments: Arguments) -> int:
    """Give the resource `name` the name `new`, which may have `/PLURAL`, with the migration."""
    recovered = begin(arguments)
    result = resource_changes.rename_resource(Path.cwd(), name, new, arguments.options)
    return end(result, recovered, arguments)


def _change(command: str, edit: Edit, arguments: Arguments, message: str) -> int:
    """Change the resources; with a `message`, make the migration too."""
    recovered = begin(arguments)
    result = resource_changes.change_resources(Path.cwd(), command, edit, arguments.options)
    finish = (lambda made: with_migration(made, message)) if message else None
    return end(result, recovered, arguments, finish)
