"""Settings are read from `.env` files as people write them."""

from __future__ import annotations

import pytest

from generator.text import read_settings


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("KEY=plain", "plain"),
        ("KEY=", ""),
        ("KEY=''", ""),
        ('KEY="in quotes"', "in quotes"),
        ("KEY='in # quotes'  # and a note", "in # quotes"),
        ("export KEY=exported", "exported"),
        ("KEY = spaced", "spaced"),
        ("KEY=value # a note", "value"),
        ("KEY=# a note", "# a note"),
        ("KEY=postgresql://me:a#b=c@host/shop", "postgresql://me:a#b=c@host/shop"),
        ("KEY=it's", "it's"),
        ("KEY=windows\r", "windows"),
    ],
)
def test_a_value_is_what_was_meant(line: str, value: str) -> None:
    assert read_settings(f"# KEY=in a comment\n{line}\nOTHER=1\n") == {"KEY": value, "OTHER": "1"}


def test_the_last_value_counts() -> None:
    assert read_settings("KEY=1\nKEY=2\n") == {"KEY": "2"}


def test_what_sets_nothing_is_passed_over() -> None:
    assert read_settings("not a setting\n1KEY=x\n\n=\n") == {}
