"""Users and their sessions on the admin site."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest

from apps.accounts import services
from apps.accounts.forms import NewPasswordForm
from apps.accounts.models import Session, User
from apps.core.errors import Problem

# Rights come from the user's role alone.
admin.site.unregister(Group)


class UserForm(UserChangeForm):
    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not services.is_admin_still(values):
            try:
                services.refuse_last_admin(self.instance)
            except Problem as problem:
                raise ValidationError(problem.detail) from problem
        return values


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = UserForm
    change_password_form = NewPasswordForm
    list_display = ("email", "name", "role", "is_active", "email_verified", "created_at")
    list_filter = ("role", "is_active", "email_verified", "created_at")
    search_fields = ("id", "email", "name")
    ordering = ("-created_at",)
    readonly_fields = ("id", "last_login", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("id", "email", "password", "name")}),
        ("Rights", {"fields": ("role", "is_active", "email_verified")}),
        ("Times", {"fields": ("last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "role", "password1", "password2")}),)
    filter_horizontal = ()

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        if not change:
            obj.save()
        else:
            services.change_user(obj, {name: getattr(obj, name) for name in form.changed_data})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes others, with all that is theirs; deactivate them instead."""
        return False


@admin.register(Session)
class SessionAdmin(admin.ModelAdmin):
    list_display = ("user", "user_agent", "ip", "last_used_at", "expires_at")
    list_filter = ("last_used_at",)
    list_select_related = ("user",)
    search_fields = ("id", "user__email", "ip", "user_agent")
    readonly_fields = (
        "id",
        "user",
        "user_agent",
        "ip",
        "created_at",
        "last_used_at",
        "expires_at",
    )
    exclude = ("refresh_hash",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are made by logging in."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They can be ended only: saving the row that was read would undo what happened since."""
        return False
