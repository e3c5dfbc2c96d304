"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from apps.core.middleware import buffer_body

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = buffer_body(get_wsgi_application())
