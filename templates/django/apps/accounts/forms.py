"""The admin site's forms for a new password, which ends the sessions as it does in the API."""

from django.contrib.admin.forms import AdminPasswordChangeForm as DjangoOwnPasswordForm
from django.contrib.auth.forms import AdminPasswordChangeForm

from apps.accounts import services
from apps.accounts.models import User


class NewPasswordForm(AdminPasswordChangeForm):
    """For the password of any user."""

    def save(self, commit: bool = True) -> User:
        return save_password(super().save(commit=False))


class OwnPasswordForm(DjangoOwnPasswordForm):
    """For one's own password, with the old one."""

    def save(self, commit: bool = True) -> User:
        return save_password(super().save(commit=False))


def save_password(user: User) -> User:
    return services.change_user(user, {"password": user.password})
