"""Demonstration data for development."""

import datetime as dt
import os
import secrets

from sqlalchemy import select

from app.auth.passwords import hash_password
from app.core.database import db
from app.items.models import Item, ItemStatus
from app.users.models import User

ROWS = range(1, 26)
DEMO = "demo@example.com"


def seed() -> str:
    """Make a user with some rows of every resource, once; say what was made."""
    if db.session.scalar(select(User.id).where(User.email == DEMO)):
        return "The demonstration data exists already."
    password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(12)
    password_hash = hash_password(password)
    user = User(email=DEMO, name="Demo", password_hash=password_hash, email_verified=True)
    db.session.add(user)
    db.session.flush()
    items = [
        Item(
            owner_id=user.id,
            title=f"Title {n}",
            description="Some longer text.",
            status=list(ItemStatus)[n % 3],
            due_on=dt.date(2026, 1, n),
        )
        for n in ROWS
    ]
    db.session.add_all(items)
    db.session.commit()
    return f"Log in as {DEMO} with the password {password}."
