"""Request and response bodies of /items."""

import datetime as dt
from typing import Literal
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from app.core.pagination import Page, SearchQuery
from app.core.types import Day, LongText, ShortText
from app.items.models import ItemStatus

ItemSort = Literal[
    "created_at",
    "-created_at",
    "updated_at",
    "-updated_at",
    "title",
    "-title",
    "status",
    "-status",
    "due_on",
    "-due_on",
]


class ItemCreate(BaseModel):
    title: ShortText
    description: LongText | None = None
    status: ItemStatus = ItemStatus.TODO
    due_on: Day | None = None


class ItemUpdate(BaseModel):
    title: ShortText | MISSING = MISSING
    description: LongText | MISSING | None = MISSING
    status: ItemStatus | MISSING = MISSING
    due_on: Day | MISSING | None = MISSING


class ItemRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    description: str | None
    status: ItemStatus
    due_on: dt.date | None
    created_at: dt.datetime
    updated_at: dt.datetime


class ItemReadPage(Page[ItemRead]):
    """A page of items."""


class ItemQuery(SearchQuery):
    status: ItemStatus | None = Field(default=None, description="Only with this value.")
    sort: ItemSort = Field(
        default="-created_at", description="Field to sort by, with `-` for descending."
    )
