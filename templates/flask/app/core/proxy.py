"""The client's address, where a proxy stands between."""

import os
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def init_app(app: Flask) -> None:
    """Believe X-Forwarded-For and X-Forwarded-Proto of the proxies in FORWARDED_ALLOW_IPS."""
    trusted = set(os.environ.get("FORWARDED_ALLOW_IPS", "").replace(",", " ").split())
    if not trusted:
        return
    direct, proxied = app.wsgi_app, ProxyFix(app.wsgi_app, x_for=1, x_proto=1)

    def wsgi_app(environ: dict[str, Any], start_response: Any) -> Any:
        is_trusted = bool({"*", environ.get("REMOTE_ADDR", "")} & trusted)
        return (proxied if is_trusted else direct)(environ, start_response)

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]
