"""Whether a server answers, asked over HTTP until it does."""

from __future__ import annotations

import time

from httpx2 import HTTPError, get


def is_ready(url: str, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if get(url).status_code == 200:
                return True
        except HTTPError:
            pass
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
