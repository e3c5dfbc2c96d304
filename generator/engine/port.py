"""Whether a server could listen on a host and port of this machine."""

from __future__ import annotations

import errno
import os
import re
import socket

FREE, TAKEN, FORBIDDEN = "free", "taken", "forbidden"
NOT_A_PORT, UNKNOWN_HOST, FOREIGN_HOST = "not a port", "unknown host", "foreign host"
# Windows says so as well of ports that another program has for itself alone.
DENIED = {errno.EACCES, errno.EPERM}


def probe(host: str, port: str) -> str:
    """Return the state of `port` for a server that listens on every address of `host`.

    One of the constants above.
    """
    if not re.fullmatch("[0-9]{1,5}", port) or int(port) >= 2**16:
        return NOT_A_PORT
    try:
        # gunicorn wants brackets around an IPv6 address, uvicorn wants none.
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        return UNKNOWN_HOST
    states = {_probe(family, address) for family, _, _, _, address in found}
    # A machine without IPv6 has no ::1 for localhost; then 127.0.0.1 alone counts.
    return next(state for state in (TAKEN, FORBIDDEN, FREE, FOREIGN_HOST) if state in states)


def _probe(family: socket.AddressFamily, address: tuple[object, ...]) -> str:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as server:
            if os.name != "nt":  # where it would let two servers have the same port
                server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            server.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return TAKEN
        return FORBIDDEN if error.errno in DENIED else FOREIGN_HOST
    return FREE
