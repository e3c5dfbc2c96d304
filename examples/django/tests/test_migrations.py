"""The migrations match the models, and can be reversed."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection


@pytest.mark.django_db
def test_migrations_match_the_models() -> None:
    call_command("makemigrations", "--check", "--dry-run")


@pytest.mark.django_db
def test_migration_is_named_by_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("makemigrations", "core", "--empty", "--dry-run", "-m", "Add the first books")
    assert "add_the_first_books.py" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_backwards_leaves_nothing_behind() -> None:
    ours = [
        model._meta
        for model in apps.get_models()
        if model.__module__.startswith("apps.") and model._meta.managed
    ]
    tables = {meta.db_table for meta in ours}
    assert tables <= set(connection.introspection.table_names())
    try:
        for label in {meta.app_label for meta in ours}:
            call_command("migrate", label, "zero", verbosity=0)
        assert tables.isdisjoint(connection.introspection.table_names())
    finally:
        call_command("migrate", verbosity=0)
