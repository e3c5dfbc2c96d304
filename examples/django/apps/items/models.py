"""Items in the database."""

from django.db import models

from apps.core.models import OwnedRecord


class Item(OwnedRecord):
    class Status(models.TextChoices):
        TODO = "todo"
        DOING = "doing"
        DONE = "done"

    title = models.CharField(max_length=200)
    description = models.TextField(null=True, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.TODO)
    due_on = models.DateField(null=True, blank=True)

    class Meta(OwnedRecord.Meta):
        # For the list of one owner's rows, newest first.
        indexes = [
            models.Index(fields=["owner", "created_at", "id"], name="items_list"),
        ]

    def __str__(self) -> str:
        return self.title
