"""The client's address, where a proxy stands between."""

from ipaddress import ip_address, ip_network
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.core.config import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Believe X-Forwarded-For and X-Forwarded-Proto of the proxies in FORWARDED_ALLOW_IPS."""
    trusts_all = "*" in settings.forwarded_allow_ips
    names = [name for name in settings.forwarded_allow_ips if name != "*"]
    networks = [ip_network(name, strict=False) for name in names]
    direct, proxied = app.wsgi_app, ProxyFix(app.wsgi_app, x_for=1, x_proto=1)

    def is_trusted(address: str) -> bool:
        if trusts_all:
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
