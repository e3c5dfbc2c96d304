"""What all pages of the admin site have in common."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Field
from django.forms import Field as FormField
from django.forms import ModelForm
from django.http import HttpRequest


class RecordAdmin(admin.ModelAdmin):
    """Saves what was changed on the page alone: the API may have changed the rest meanwhile."""

    readonly_fields: ClassVar[tuple[str, ...]] = ("id", "created_at", "updated_at")

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            # The page sends back what it showed, so that a change is judged by that and not by
            # the row as it is now.
            field.show_hidden_initial = True
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        obj.save(update_fields=[*changed_columns(form), "updated_at"] if change else None)


def changed_columns(form: ModelForm) -> list[str]:
    """The columns that were changed on the page; many-to-many fields are saved by themselves."""
    columns = {field.name for field in form.instance._meta.concrete_fields}
    return [name for name in form.changed_data if name in columns]
