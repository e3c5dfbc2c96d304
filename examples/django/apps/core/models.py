"""Base classes of the models."""

import secrets
import time
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models


def uuid7() -> UUID:
    """Return a time-ordered id, so that new rows stay together in the index (RFC 9562, 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    random_a, random_b = secrets.randbits(12), secrets.randbits(62)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | random_a << 64 | 0b10 << 62 | random_b)


class Record(models.Model):
    """A row with an id and the times of its creation and last change."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        ordering = ("-created_at", "-id")


class OwnedRecord(Record):
    """A record that belongs to the user who created it."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="%(app_label)s",
        db_index=False,
    )

    class Meta(Record.Meta):
        abstract = True

    def clean(self) -> None:
        """Refuse references to records of other users, whoever sets them: the API or the admin."""
        super().clean()
        foreign = [
            field.name
            for field in self._meta.fields
            if issubclass(field.related_model or Record, OwnedRecord)
            if (target := getattr(self, field.name)) and target.owner_id != self.owner_id
        ]
        if foreign:
            raise ValidationError(dict.fromkeys(foreign, "There is no object with this id."))
