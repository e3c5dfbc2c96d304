"""What the user routes take and give."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from app.core.pagination import SearchQuery
from app.core.types import PlainText
from app.users.models import Role

UserName = Annotated[PlainText, Field(min_length=1, max_length=200)]


class UserRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    name: str | None
    role: Role
    email_verified: bool
    created_at: dt.datetime


class UserForAdmin(UserRead):
    is_active: bool


class UserUpdate(BaseModel):
    name: UserName | None = None


class UserUpdateByAdmin(UserUpdate):
    role: Role | MISSING = MISSING
    is_active: bool | MISSING = MISSING


class UserQuery(SearchQuery):
    role: Role | None = None
    is_active: bool | None = None
    email_verified: bool | None = None
    sort: Literal["created_at", "-created_at", "email", "-email", "name", "-name"] = "-created_at"
