"""The application that a server runs."""

import os

from django.core.wsgi import get_wsgi_application

from apps.core.middleware import give_length

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = give_length(get_wsgi_application())
