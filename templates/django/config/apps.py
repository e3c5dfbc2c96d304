"""Django's admin site, which costs nothing where it is not served."""

from django.conf import settings
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    def ready(self) -> None:
        """Look for what the site shows, and check what it needs, only where there is one."""
        if settings.ADMIN_PATH:
            super().ready()
