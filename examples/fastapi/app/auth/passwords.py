"""Passwords: hashing with Argon2id, and a list of common ones to refuse."""

import secrets
from functools import cache

from anyio import CapacityLimiter, to_thread
from pwdlib import PasswordHash

hasher = PasswordHash.recommended()
# Each hash takes 64 MiB while it is computed.
HASHING = CapacityLimiter(4)


@cache
def unused_hash() -> str:
    return hasher.hash(secrets.token_urlsafe())


async def hash_password(password: str) -> str:
    return await to_thread.run_sync(hasher.hash, password, limiter=HASHING)


async def verify_password(password: str, password_hash: str | None) -> bool:
    """Compare; an unknown account, without a hash, takes as long as a wrong password."""
    matches = await to_thread.run_sync(
        lambda: hasher.verify(password, password_hash or unused_hash()), limiter=HASHING
    )
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
