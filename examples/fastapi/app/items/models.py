"""Database models of items."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Record


class ItemStatus(StrEnum):
    TODO = "todo"
    DOING = "doing"
    DONE = "done"


class Item(Record):
    __tablename__ = "items"
    __table_args__ = (
        # For the list of one owner's rows, newest first.
        Index("ix_items_owner", "owner_id", "created_at", "id"),
    )

    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text)
    status: Mapped[ItemStatus] = mapped_column(default=ItemStatus.TODO)
    due_on: Mapped[dt.date | None]
