"""Tests of ids, fields, serializers and the database."""

import datetime as dt
import time
from typing import Any

import pytest
from django.db import connection, models
from rest_framework.exceptions import ValidationError
from rest_framework.serializers import Field

from apps.core import fields
from apps.core.models import uuid7
from apps.core.serializers import ModelSerializer


def test_ids_are_ordered_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = []
    for milliseconds in (1, 2, 1_800_000_000_000):
        monkeypatch.setattr(time, "time_ns", lambda now=milliseconds: now * 1_000_000)
        ids.append(uuid7())
    assert ids == sorted(ids)
    assert {(id.version, id.variant) for id in ids} == {(7, "specified in RFC 4122")}


class Everything(models.Model):  # noqa: DJ008
    """A model with a field of each type."""

    boolean = models.BooleanField()
    char = models.CharField(max_length=10)
    date = models.DateField()
    datetime = models.DateTimeField()
    decimal = models.DecimalField(max_digits=5, decimal_places=2)
    email = models.EmailField()
    float = models.FloatField()
    integer = models.IntegerField()
    json = models.JSONField()
    small = models.PositiveSmallIntegerField()
    text = models.TextField()
    text_or_blank = models.TextField(blank=True, default="")
    url = models.URLField()
    uuid = models.UUIDField()

    class Meta:
        app_label = "core"
        managed = False
        constraints = (models.UniqueConstraint(fields=["char", "date"], name="unique_pair"),)


class EverythingSerializer(ModelSerializer):
    class Meta:
        model = Everything
        fields = "__all__"


def field_of(name: str) -> Field:
    return EverythingSerializer().fields[name]


@pytest.mark.parametrize(
    ("name", "value", "result"),
    [
        ("boolean", True, True),
        ("char", " x ", " x "),
        ("date", "2026-01-31", dt.date(2026, 1, 31)),
        (
            "datetime",
            "2026-01-01T01:30:00+01:00",
            dt.datetime(2026, 1, 1, 0, 30, tzinfo=dt.UTC),
        ),
        ("email", "ann@Bücher.example", "ann@xn--bcher-kva.example"),
        ("float", 1, 1.0),
        ("integer", 1.0, 1),
        ("integer", -(2**31), -(2**31)),
        ("json", {"a": [1, None]}, {"a": [1, None]}),
        ("text", " x ", " x "),
        ("text_or_blank", "", ""),
    ],
)
def test_value_is_taken_as_json_writes_it(name: str, value: Any, result: Any) -> None:
    taken = field_of(name).run_validation(value)
    assert (taken, type(taken)) == (result, type(result))


BAD: dict[str, list[Any]] = {
    "boolean": ["true", 1, 0.0, "on", ""],
    "char": ["", 5, True, "\0", "a\udfffb", "x" * 11],
    "date": ["2026-02-30", "2026-01-31T00:00:00Z", 0, "20260131"],
    "datetime": ["0001-01-01T00:00:00+14:00", "2026-01-01T01:30:00", "2026-01-01", 0],
    "decimal": ["1.234", "1e2", " 5", "٣", True, "NaN", float("inf")],
    "email": ["nobody", 5, "ann@localhost"],
    "float": ["1.5", True, float("nan"), float("inf"), 10**400],
    "integer": ["5", "٣", 1.5, True, 2**31, float("inf"), None],
    "json": [float("nan"), "\0", ["\ud800"], {"\ud800": 1}, {"a": [{"b": "\0"}]}],
    "small": [-1, "1"],
    "text": [5, "\0", "\ud800", "x" * 50_001],
    "url": ["nowhere", 5, " https://example.com", "https://example.com/\0"],
    "uuid": [5, "1"],
}


@pytest.mark.parametrize(("name", "value"), [(name, bad) for name in BAD for bad in BAD[name]])
def test_bad_value_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        field_of(name).run_validation(value)


def test_json_that_is_nested_too_deeply_is_refused() -> None:
    value: Any = None
    for _ in range(fields.MAX_JSON_DEPTH + 1):
        value = [value]
    with pytest.raises(ValidationError):
        fields.JSONField().run_validation(value)


def test_unique_constraint_is_left_to_the_database() -> None:
    assert EverythingSerializer().validators == []


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12)])
def test_number_in_a_query(text: str, number: int) -> None:
    assert fields.DigitsField().run_validation(text) == number


@pytest.mark.parametrize("text", ["", "1.0", "1e2", " 5", "1_0", "٣", "9" * 5000])
def test_bad_number_in_a_query(text: str) -> None:
    with pytest.raises(ValidationError):
        fields.DigitsField().run_validation(text)


@pytest.mark.django_db
def test_lower_case_of_more_than_ascii() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('ŁÓDŹ')")
        assert cursor.fetchone() == ("łódź",)
