"""Serializers of models."""

import copy
from functools import cache
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from apps.core import fields


class ModelSerializer(serializers.ModelSerializer):
    """Takes values as JSON writes them, and leaves it to the database what is unique."""

    serializer_field_mapping: ClassVar = serializers.ModelSerializer.serializer_field_mapping | {
        models.BooleanField: fields.BooleanField,
        models.CharField: fields.CharField,
        models.DateField: fields.DateField,
        models.DateTimeField: fields.DateTimeField,
        models.DecimalField: fields.DecimalField,
        models.EmailField: fields.EmailField,
        models.FloatField: fields.FloatField,
        models.IntegerField: fields.IntegerField,
        models.JSONField: fields.JSONField,
        models.PositiveIntegerField: fields.IntegerField,
        models.PositiveSmallIntegerField: fields.IntegerField,
        models.SmallIntegerField: fields.IntegerField,
        models.TextField: fields.TextField,
        models.URLField: fields.URLField,
        models.UUIDField: fields.UUIDField,
    }
    serializer_related_field = fields.RelatedIdField

    def get_fields(self) -> dict[str, serializers.Field]:
        """Copy the fields, as REST framework copies declared ones, instead of building them."""
        return copy.deepcopy(built_fields(type(self)))

    def build_field(self, *args: Any) -> tuple[type[serializers.Field], dict[str, Any]]:
        field_class, kwargs = super().build_field(*args)
        if kwargs.get("allow_null"):
            # A field that is left out is null, not the empty text.
            kwargs.pop("allow_blank", None)
        if validators := kwargs.get("validators"):
            kwargs["validators"] = [v for v in validators if not isinstance(v, UniqueValidator)]
        return field_class, kwargs

    def get_unique_together_validators(self) -> list[Any]:
        return []

    def get_uniqueness_extra_kwargs(self, _names: Any, _declared: Any, extra_kwargs: Any) -> Any:
        return extra_kwargs, {}


@cache
def built_fields(serializer_class: type[ModelSerializer]) -> dict[str, serializers.Field]:
    return super(ModelSerializer, serializer_class()).get_fields()


class OwnedSerializer(ModelSerializer):
    """Calls the model's `clean()`, and names the serializer's fields in its errors."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        model: Any = self.Meta.model
        record = self.instance or model(owner=self.context["request"].user)
        for name, value in attrs.items():
            setattr(record, name, value)
        try:
            record.clean()
        except ValidationError as error:
            names = {field.source: name for name, field in self.fields.items()}
            detail = {names.get(key, key): texts for key, texts in error.message_dict.items()}
            raise serializers.ValidationError(detail) from error
        return attrs
