"""Makes the random numbers of a process, and of the Python processes it starts, repeatable.

Python imports a module of this name when it starts. It is on the path only while two renders are
compared that are thrown away: random secrets of a template would differ in each, as if the
template had changed them. The seed is new for each comparison.
"""

import os
import random


def _seeded(stream: random.Random) -> None:
    def urandom(size: int) -> bytes:
        return stream.randbytes(size)

    os.urandom = urandom
    random._urandom = urandom  # type: ignore[attr-defined]
    random.seed(stream.random())


if "SCAFFOLD_SEED" in os.environ:
    _seeded(random.Random(os.environ["SCAFFOLD_SEED"]))  # noqa: S311 (that is the point)
