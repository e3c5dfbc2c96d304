"""Forms of the admin site."""

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.core.exceptions import ValidationError

from apps.accounts import services
from apps.accounts.models import User
from apps.core.errors import Problem
from apps.core.throttling import count_attempt


class LoginForm(AdminAuthenticationForm):
    """Has the same limits on guessing as the API's login."""

    def clean(self) -> dict[str, Any]:
        assert self.request
        try:
            count_attempt("login", self.request, self.cleaned_data.get("username", ""))
        except Problem as problem:
            raise ValidationError(problem.detail) from problem
        return super().clean()


class UserForm(UserChangeForm):
    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        changes = {name: values[name] for name in self.changed_data if name in values}
        if not services.keeps_admin(changes):
            try:
                services.refuse_last_admin(self.instance)
            except Problem as problem:
                raise ValidationError(problem.detail) from problem
        return values


class PasswordForm(AdminPasswordChangeForm):
    """Writes only the password, and ends the sessions even when it disables the password."""

    def save(self, commit: bool = True) -> User:
        user = super().save(commit=False)
        return services.change_user(user, {"password": user.password})
