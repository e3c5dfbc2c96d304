"""Settings of the Django applications; one calls this before it imports models."""

import os
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.wsgi import get_wsgi_application


def make_app(urls: str, database: dict[str, Any] | None = None, **more: Any) -> Any:
    """Configure Django and return its WSGI application; `urls` names the module of the routes."""
    url = urlsplit(os.environ["DATABASE_URL"])
    default = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path[1:],
        "USER": url.username,
        "PASSWORD": url.password or "",
        "HOST": url.hostname or "",
        "PORT": url.port or "",
        "CONN_MAX_AGE": 60,
    }
    settings.configure(
        SECRET_KEY=os.environ["SECRET_KEY"],
        ROOT_URLCONF=urls,
        ALLOWED_HOSTS=["*"],
        USE_TZ=True,
        DATABASES={"default": default | (database or {})},
        **more,
    )
    return get_wsgi_application()
