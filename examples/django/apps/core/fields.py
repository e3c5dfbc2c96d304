"""Serializer fields, which take values as JSON writes them and refuse what no database can hold."""

import datetime as dt
import math
import re
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.emails import normalize_email

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+([Zz]|[+-][0-9:]+)")
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
DIGITS = re.compile(r"-?[0-9]{1,20}")
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
MAX_EMAIL_LENGTH = 254
MAX_JSON_DEPTH = 100


class CharField(serializers.CharField):
    """Text, which keeps its spaces."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class TextField(CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 50_000} | kwargs | {"allow_blank": True})


class URLField(CharField, serializers.URLField):
    pass


@extend_schema_field({"type": "string", "format": "email", "maxLength": MAX_EMAIL_LENGTH})
class EmailField(CharField):
    """A public email address; those at localhost are refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"max_length": MAX_EMAIL_LENGTH})

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        # max_length is checked on the result, but normalizing a long text takes long.
        if len(text) > MAX_EMAIL_LENGTH:
            self.fail("max_length", max_length=MAX_EMAIL_LENGTH)
        try:
            return normalize_email(text)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


class BooleanField(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class IntegerField(serializers.IntegerField):
    """An integer of 32 bits."""

    LOWEST, HIGHEST = -(2**31), 2**31 - 1

    def __init__(self, min_value: int = LOWEST, max_value: int = HIGHEST, **kwargs: Any) -> None:
        # On SQLite, Django's own limits are those of 64 bits.
        lowest, highest = max(min_value, self.LOWEST), min(max_value, self.HIGHEST)
        super().__init__(min_value=lowest, max_value=highest, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, float) and data.is_integer():
            data = int(data)
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return data


class FloatField(serializers.FloatField):
    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool | str) or not math.isfinite(
            value := super().to_internal_value(data)
        ):
            self.fail("invalid")
        return value


class DecimalField(serializers.DecimalField):
    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        if data == "":  # which REST framework takes for null
            self.fail("invalid")
        return super().validate_empty_values(data)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or (isinstance(data, str) and not DECIMAL.fullmatch(data)):
            self.fail("invalid")
        return super().to_internal_value(data)


class DateField(serializers.DateField):
    def to_internal_value(self, value: Any) -> dt.date:
        if not isinstance(value, str) or not DATE.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class DateTimeField(serializers.DateTimeField):
    """A time with its offset from UTC, which is what it is converted to."""

    timezone = dt.UTC

    def to_internal_value(self, value: Any) -> dt.datetime:
        if not isinstance(value, str) or not DATE_TIME.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        return super().to_internal_value(value)


class UUIDField(serializers.UUIDField):
    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class RelatedIdField(serializers.PrimaryKeyRelatedField):
    """The id of another object."""

    default_error_messages = {"does_not_exist": "There is no object with this id."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(pk_field=UUIDField(), **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data == "":  # which REST framework takes for null
            UUIDField().fail("invalid", value=data)
        return super().run_validation(data)


class JSONField(serializers.JSONField):
    """Any JSON except what PostgreSQL cannot store: NUL, lone surrogates, infinite numbers."""

    def to_internal_value(self, data: Any) -> Any:
        if not is_storable(data):
            self.fail("invalid")
        return data


def is_storable(value: Any, depth: int = 0) -> bool:
    if depth > MAX_JSON_DEPTH:
        return False
    match value:
        case str():
            return not UNSTORABLE.search(value)
        case float():
            return math.isfinite(value)
        case list():
            return all(is_storable(part, depth + 1) for part in value)
        case dict():
            return is_storable([*value, *value.values()], depth)
    return True


class DigitsField(IntegerField):
    """An integer in a query string."""

    def to_internal_value(self, data: Any) -> int:
        if not DIGITS.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(int(data))


class TrueOrFalseField(serializers.BooleanField):
    """A boolean in a query string."""

    TRUE_VALUES = {"true"}
    FALSE_VALUES = {"false"}
