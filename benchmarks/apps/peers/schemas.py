"""What FastAPI and Flask answer, as Pydantic's documentation declares it."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class UserRead(Read):
    id: UUID
    email: str
    name: str | None
    role: str
    email_verified: bool
    created_at: dt.datetime


class ItemCreate(BaseModel):
    title: str
    description: str | None = None


class ItemRead(Read):
    id: UUID
    title: str
    description: str | None
    status: str
    due_on: dt.date | None
    created_at: dt.datetime
    updated_at: dt.datetime


class ItemPage(Read):
    items: list[ItemRead]
    total: int
    page: int
    size: int
