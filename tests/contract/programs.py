"""Programs that some tests need, and what happens where a machine has not got one."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def skip_without(program: str) -> NoReturn:
    """Skip the test; with CI set, only where TEST_WITHOUT names the program, else fail."""
    without = os.environ.get("TEST_WITHOUT", "").split(",")
    if os.environ.get("CI") and program not in without:
        pytest.fail(f"there is no {program}: install it, or name it in TEST_WITHOUT")
    pytest.skip(f"there is no {program} on this machine")
