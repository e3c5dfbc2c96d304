"""The migrations make the tables that the models describe."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection


@pytest.mark.django_db
def test_models_have_no_changes_without_a_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run")


@pytest.mark.django_db(transaction=True)
def test_backwards_leaves_nothing_behind() -> None:
    ours = [app for app in apps.get_app_configs() if app.name.startswith("apps.")]
    tables = {model._meta.db_table for app in ours for model in app.get_models()}
    assert tables <= set(connection.introspection.table_names())
    try:
        for app in ours:
            if app.models_module:
                call_command("migrate", app.label, "zero", verbosity=0)
        assert tables.isdisjoint(connection.introspection.table_names())
    finally:
        call_command("migrate", verbosity=0)
