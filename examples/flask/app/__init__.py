"""The application: hooks, error handlers and routes."""

import re

from apiflask import APIFlask
from flask_cors import CORS

from app import api
from app.core import (
    database,
    errors,
    health,
    hooks,
    index,
    json,
    limits,
    migrations,
    openapi,
    proxy,
)
from app.core.config import get_settings
from app.core.logging import configure_logging


def create_app() -> APIFlask:
    settings = get_settings()
    configure_logging(settings)
    app = APIFlask(
        __name__,
        title="shop",
        docs_oauth2_redirect_path=None,
        enable_openapi=settings.docs_enabled,
        static_folder=None,  # type: ignore[arg-type]  # Flask's own way to have none
    )
    # A redirect from // to / would answer in HTML.
    app.url_map.merge_slashes = False

    hooks.init_app(app, settings)
    json.init_app(app)
    if settings.cors_origins:
        CORS(
            app,
            origins="*" if "*" in settings.cors_origins else exact_patterns(settings.cors_origins),
            expose_headers=["ETag", "Location", "Retry-After", "X-Request-ID"],
            always_send=False,
        )
    errors.init_app(app)
    database.init_app(app, settings)
    migrations.init_app(app)
    limits.init_app(app, settings)
    proxy.init_app(app, settings)

    index.init_app(app, has_docs=settings.docs_enabled)
    app.register_blueprint(health.bp)
    api.init_app(app)
    openapi.init_app(app)
    return app


def exact_patterns(origins: tuple[str, ...]) -> list[re.Pattern[str]]:
    """Patterns that match these origins alone; Flask-CORS would read http://[::1] as one itself."""
    return [re.compile(re.escape(origin) + r"\Z", re.IGNORECASE) for origin in origins]
