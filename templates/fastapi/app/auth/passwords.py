"""Passwords: Argon2id hashes, made off the event loop; common ones refused."""

import asyncio
import secrets
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.core.config import get_settings


@cache
def hasher() -> PasswordHash:
    # Tests log in hundreds of times; they check the program, not the cost of the hash.
    if get_settings().environment == "test":
        return PasswordHash([Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)])
    return PasswordHash.recommended()


@cache
def unused_hash() -> str:
    return hasher().hash(secrets.token_urlsafe())


async def hash_password(password: str) -> str:
    return await asyncio.to_thread(lambda: hasher().hash(password))


async def verify_password(password: str, password_hash: str | None) -> bool:
    """Compare; without a hash, since nobody has that address, take as long and say no."""
    matches = await asyncio.to_thread(
        lambda: hasher().verify(password, password_hash or unused_hash())
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
