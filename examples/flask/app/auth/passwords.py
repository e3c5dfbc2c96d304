"""Passwords: hashing with Argon2id, and a list of common ones to refuse."""

import secrets
from functools import cache
from threading import BoundedSemaphore

from pwdlib import PasswordHash

hasher = PasswordHash.recommended()
# Each hash takes 64 MiB while it is computed.
HASHING = BoundedSemaphore(4)


@cache
def unused_hash() -> str:
    return hasher.hash(secrets.token_urlsafe())


def hash_password(password: str) -> str:
    with HASHING:
        return hasher.hash(password)


def verify_password(password: str, password_hash: str | None) -> bool:
    """Compare; an unknown account, without a hash, takes as long as a wrong password."""
    with HASHING:
        matches = hasher.verify(password, password_hash or unused_hash())
    return matches and password_hash is not None


def refuse_common(password: str) -> str:
    if password.lower() in common_passwords():
        raise ValueError("is one of the most common passwords")
    return password


@cache
def common_passwords() -> frozenset[str]:
    # Imported when the first password is set: the list is large.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
