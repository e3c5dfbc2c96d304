"""Base classes for the admin pages of the models."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Field
from django.forms import Field as FormField
from django.forms import ModelForm
from django.http import HttpRequest


class RecordAdmin(admin.ModelAdmin):
    """Saves only what was changed on the page: the API may have changed the rest meanwhile."""

    readonly_fields: ClassVar[tuple[str, ...]] = ("id", "created_at", "updated_at")

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            # The page then sends what it showed, and changes are found by comparing with that
            # instead of with the current row.
            field.show_hidden_initial = True
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        obj.save(update_fields=[*changed_columns(form), "updated_at"] if change else None)


class OwnedRecordAdmin(RecordAdmin):
    """The owner cannot be changed, since rows that refer to this one have the same owner."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "owner") if obj else self.readonly_fields


def changed_columns(form: ModelForm) -> list[str]:
    """Return the changed fields that are columns; many-to-many fields are saved by themselves."""
    columns = {field.name for field in form.instance._meta.concrete_fields}
    return [name for name in form.changed_data if name in columns]
