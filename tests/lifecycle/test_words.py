"""Resources and fields that are called like words of SQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Scaffold
from tests.lifecycle.in_use import in_use, skip_without
from tests.lifecycle.test_generate import STACKS

# `order.order` is unique, and PostgreSQL has one namespace for tables and indexes.
RESOURCES = (
    "order/orders:read=users:unique=select+where select:str order:int:unique where:date?"
    " group:enum=union,all:index limit:decimal?",
    "group user:ref=user table:str:index values:json? primary:bool default:text? end:datetime?",
    "left/lefts:owner=none:read=users:write=users order:ref=order? references:int"
    " natural:str:unique distinct:refs=left",
)


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.seconds(60)
@pytest.mark.parametrize(("framework", "database"), STACKS)
def test_words_of_sql_are_names_like_others(
    scaffold: Scaffold, framework: str, database: str, postgres: str | None, tmp_path: Path
) -> None:
    skip_without(database, postgres)
    options = [part for text in RESOURCES for part in ("--resource", text)]
    with in_use(scaffold, framework, database, tmp_path, *options) as made:
        made.poe("test")
        made.check_drift()
