"""Files on the admin site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.files.models import File


@admin.register(File)
class FileAdmin(admin.ModelAdmin):
    list_display = ("__str__", "owner", "content_type", "size", "created_at")
    list_filter = ("content_type", "created_at")
    list_select_related = ("owner",)
    search_fields = ("id", "name", "sha256")
    fields = ("id", "name", "owner", "content_type", "size", "sha256", "created_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The API checks what is uploaded."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Files can only be deleted; who has seen one relies on it."""
        return False
