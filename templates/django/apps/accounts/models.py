"""People with accounts, and one row for each device that one is signed in with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from apps.core.addresses import normalize_address
from apps.core.models import Record, uuid7


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email, **fields)
        user.clean()
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, role=User.Role.ADMIN, **fields)

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").lower())


class User(Record, AbstractBaseUser):
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
            self.email = normalize_address(self.email).lower()
        except ValueError as error:
            raise ValidationError({"email": str(error)}) from error
        super().clean()

    def save(self, **options: Any) -> None:
        """A new password ends the sessions, whoever sets it: a form, a command or a shell."""
        has_new_password = self._password is not None  # type: ignore[attr-defined]
        with transaction.atomic():
            super().save(**options)
            if has_new_password:
                self.sessions.all().delete()

    @property
    def is_staff(self) -> bool:
        """Whether the admin site lets the user in."""
        return self.role == self.Role.ADMIN

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Administrators may do everything there, others nothing."""
        return self.is_active and self.is_staff

    def has_perms(self, perms: Iterable[str], obj: models.Model | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class Session(models.Model):
    """Deleting the row signs the device out at once: every request looks for it.

    Of the refresh token only the SHA-256 is kept, so that a stolen database opens no session.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    refresh_hash = models.CharField(max_length=64)
    user_agent = models.CharField(max_length=200)
    ip = models.CharField(max_length=45)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ("-last_used_at", "-id")

    def __str__(self) -> str:
        return f"{self.user_agent} ({self.ip})"
