"""Users and their sessions on the admin site."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.forms import ModelForm
from django.http import HttpRequest

from apps.accounts import services
from apps.accounts.forms import LoginForm, PasswordForm, UserForm
from apps.accounts.models import Session, User
from apps.core.admin import RecordAdmin, changed_columns

admin.site.login_form = LoginForm


@admin.register(User)
class UserAdmin(RecordAdmin, DjangoUserAdmin):
    form = UserForm
    change_password_form = PasswordForm
    list_display = ("email", "name", "role", "is_active", "email_verified", "created_at")
    list_filter = ("role", "is_active", "email_verified", "created_at", "groups")
    search_fields = ("id", "email", "name")
    ordering = ("-created_at",)
    readonly_fields = (*RecordAdmin.readonly_fields, "last_login")
    fieldsets = (
        (None, {"fields": ("id", "email", "password", "name")}),
        ("Rights", {"fields": ("role", "is_active", "email_verified")}),
        ("Permissions of the role user", {"fields": ("groups", "user_permissions")}),
        ("Times", {"fields": ("last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "role", "password1", "password2")}),)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        if not change:
            obj.save()
        else:
            services.change_user(obj, {name: getattr(obj, name) for name in changed_columns(form)})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deleting a user would delete everything they own; deactivate them instead."""
        return False


@admin.register(Session)
class SessionAdmin(admin.ModelAdmin):
    list_display = ("user", "user_agent", "ip", "last_used_at", "expires_at")
    list_filter = ("last_used_at",)
    list_select_related = ("user",)
    search_fields = ("id", "user__email", "ip", "user_agent")
    fields = ("id", "user", "user_agent", "ip", "created_at", "last_used_at", "expires_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only logging in creates sessions."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Sessions can only be ended; saving an old row would undo what happened since."""
        return False
