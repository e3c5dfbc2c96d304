"""The client's address, where a proxy stands between."""

import os
from ipaddress import ip_address, ip_network
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def init_app(app: Flask) -> None:
    """Believe X-Forwarded-For and X-Forwarded-Proto of the proxies in FORWARDED_ALLOW_IPS.

    It names addresses and networks, or says `*` for all.
    """
    names = os.environ.get("FORWARDED_ALLOW_IPS", "").replace(",", " ").split()
    if not names:
        return
    networks = [ip_network(name, strict=False) for name in names if name != "*"]
    direct, proxied = app.wsgi_app, ProxyFix(app.wsgi_app, x_for=1, x_proto=1)

    def is_trusted(address: str) -> bool:
        if "*" in names:
            return True
        try:
            ip = ip_address(address)
        except ValueError:
            return False  # a Unix socket has none
        ip = getattr(ip, "ipv4_mapped", None) or ip
        return any(ip in network for network in networks)

    def wsgi_app(environ: dict[str, Any], start_response: Any) -> Any:
        app = proxied if is_trusted(environ.get("REMOTE_ADDR", "")) else direct
        return app(environ, start_response)

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]
