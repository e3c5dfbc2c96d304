"""Users and their sessions on the admin site."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from apps.accounts.models import Session, User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ("email", "name", "role", "is_active", "email_verified", "created_at")
    list_filter = ("role", "is_active", "email_verified", "created_at")
    search_fields = ("id", "email", "name")
    ordering = ("-created_at",)
    readonly_fields = ("id", "last_login", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("id", "email", "password", "name")}),
        ("Rights", {"fields": ("role", "is_active", "email_verified", "groups")}),
        ("Times", {"fields": ("last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "role", "password1", "password2")}),)
    filter_horizontal = ("groups",)


@admin.register(Session)
class SessionAdmin(admin.ModelAdmin):
    list_display = ("user", "user_agent", "ip", "last_used_at", "expires_at")
    list_filter = ("last_used_at",)
    list_select_related = ("user",)
    search_fields = ("id", "user__email", "ip", "user_agent")
    autocomplete_fields = ("user",)
    readonly_fields = ("id", "refresh_hash", "created_at", "last_used_at")
