"""Email addresses of accounts."""

from __future__ import annotations

import re

from generator.errors import UsageError

LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
ADDRESS = re.compile(rf"(?=.{{1,64}}@){LOCAL}(\.{LOCAL})*@({LABEL}\.)+(?!\d+$){LABEL}")
MOST_CHARACTERS = 254
# Domains that no mail reaches: the services refuse addresses in them.
UNREACHABLE = (".arpa", ".invalid", ".local", ".localhost", ".onion", ".test")


def account_email(text: str) -> str:
    """Return an address as services store it, in lower case; raise `UsageError` for any other text.

    Accepted is less than a mail server may accept, and nothing that a service would refuse.
    """
    address = text.strip().lower()
    if (
        len(address) > MOST_CHARACTERS
        or not ADDRESS.fullmatch(address)
        or address.endswith(UNREACHABLE)
    ):
        raise UsageError(f"{text!r} is not an email address.", "Write name@example.com.")
    return address
