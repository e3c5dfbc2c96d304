"""Users, and one session for each device that a user is logged in on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from apps.core.emails import normalize_email
from apps.core.models import Record, uuid7


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email, **fields)
        user.clean()
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an administrator, whose address needs no verification."""
        fields = {"email_verified": True} | fields | {"role": User.Role.ADMIN}
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").lower())


class User(Record, AbstractBaseUser, PermissionsMixin):
    class Role(models.TextChoices):
        USER = "user"
        ADMIN = "admin"

    # Always in lower case, so that unique means unique without regard to case.
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, null=True, blank=True)
    role = models.CharField(max_length=20, choices=Role, default=Role.USER)
    is_active = models.BooleanField(default=True)
    email_verified = models.BooleanField(default=False)

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Refuse an address that the API would not take when its owner logs in."""
        try:
            self.email = normalize_email(self.email).lower()
        except ValueError as error:
            raise ValidationError({"email": str(error)}) from error
        super().clean()

    def save(self, **options: Any) -> None:
        """End the sessions when there is a new password, whoever sets it."""
        has_new_password = self._password is not None  # type: ignore[attr-defined]
        with transaction.atomic():
            super().save(**options)
            if has_new_password:
                self.sessions.all().delete()

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Refuse to delete the log of what an administrator has done on the admin site."""
        if entries := self.logentry_set.all():
            raise models.RestrictedError("The admin log refers to this user.", {*entries})
        return super().delete(*args, **options)

    @property
    def is_staff(self) -> bool:
        return self.role == self.Role.ADMIN

    # Instead of a column of its own, which could contradict the role.
    is_superuser = is_staff


class Session(models.Model):
    """Deleting the row logs the device out at once, since every request looks for it.

    Of the refresh token only the SHA-256 is stored, so that nobody can log in with a stolen
    database.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions"
    )
    refresh_hash = models.CharField(max_length=64)
    user_agent = models.CharField(max_length=200)
    ip = models.CharField(max_length=45)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ("-last_used_at", "-id")

    def __str__(self) -> str:
        return f"{self.user_agent} ({self.ip})"
