"""Items on the admin site."""

from django.contrib import admin

from apps.core.admin import OwnedRecordAdmin
from apps.items.models import Item


@admin.register(Item)
class ItemAdmin(OwnedRecordAdmin):
    list_display = ("__str__", "owner", "status", "due_on", "created_at")
    list_filter = ("status", "created_at")
    list_select_related = ("owner",)
    search_fields = ("id", "title", "description")
    autocomplete_fields = ("owner",)
