"""The database: ids, connections and errors."""

import time

import pytest
from apiflask import APIFlask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from app.core.database import db, uuid7
from tests.helpers import connect


def test_ids_are_ordered_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = []
    for milliseconds in (1, 2, 1_800_000_000_000):
        monkeypatch.setattr(time, "time_ns", lambda now=milliseconds: now * 1_000_000)
        ids.append(uuid7())
    assert ids == sorted(ids)
    assert {(id.version, id.variant) for id in ids} == {(7, "specified in RFC 4122")}


def test_lower_works_beyond_ascii(app: APIFlask) -> None:
    with app.app_context():
        assert db.session.scalar(select(func.lower("ŁÓDŹ"))) == "łódź"


def test_reads_do_not_wait_for_writes(app: APIFlask) -> None:
    with app.app_context(), db.engine.begin() as writer:
        writer.execute(select(1))
        assert connect(app).get("/health/ready").status_code == 200


def test_errors_do_not_show_values(app: APIFlask) -> None:
    with app.app_context(), pytest.raises(DatabaseError) as caught:
        db.session.execute(text("SELECT :value FROM nothing"), {"value": "hunter2"})
    assert "hunter2" not in str(caught.value)
