"""The client's address and scheme behind trusted proxies, and the path prefix."""

from ipaddress import ip_address, ip_network
from typing import Any

from flask import Flask

from app.core.config import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Read X-Forwarded-For and X-Forwarded-Proto of the proxies in FORWARDED_ALLOW_IPS.

    Werkzeug's ProxyFix trusts a fixed number of proxies, whatever their addresses.
    """
    networks = [ip_network(name, strict=False) for name in settings.forwarded_allow_ips]
    handle = app.wsgi_app

    def is_trusted(address: str) -> bool:
        try:
            ip = ip_address(address.partition("%")[0])
        except ValueError:
            return False  # a Unix socket has none
        ip = getattr(ip, "ipv4_mapped", None) or ip
        return any(ip in network for network in networks)

    def wsgi_app(environ: dict[str, Any], start_response: Any) -> Any:
        environ["SCRIPT_NAME"] = settings.root_path
        if is_trusted(environ.get("REMOTE_ADDR", "")):
            chain = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
            # From the right, as each proxy adds its own client, to the first that is not trusted.
            for address in reversed([address.strip() for address in chain if address.strip()]):
                environ["REMOTE_ADDR"] = address
                if not is_trusted(address):
                    break
            if environ.get("HTTP_X_FORWARDED_PROTO") in {"http", "https"}:
                environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        return handle(environ, start_response)

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]
