"""Request and response bodies of /users."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from app.core.pagination import Page, SearchQuery
from app.core.types import Flag, PlainText
from app.users.models import Role

UserName = Annotated[
    PlainText, Field(min_length=1, max_length=200, description="Name, of 1 to 200 characters.")
]


class UserRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str = Field(
        description="Email address, in lower case.", json_schema_extra={"format": "email"}
    )
    name: str | None = Field(description="Name of the person.")
    role: Role = Field(description="What the user may do.")
    email_verified: bool = Field(description="Whether the user has opened the emailed link.")
    created_at: dt.datetime


class UserForAdmin(UserRead):
    is_active: bool = Field(description="Whether the user may log in.")


class UserForAdminPage(Page[UserForAdmin]):
    """A page of users."""


class UserUpdate(BaseModel):
    name: UserName | MISSING | None = MISSING


class UserUpdateByAdmin(UserUpdate):
    role: Role | MISSING = Field(default=MISSING, description="What the user may do.")
    is_active: Flag | MISSING = Field(default=MISSING, description="False ends all sessions.")


class UserQuery(SearchQuery):
    role: Role | None = Field(default=None, description="Only users of this role.")
    is_active: bool | None = Field(default=None, description="Only active ones, or others.")
    email_verified: bool | None = Field(default=None, description="Only verified ones, or others.")
    sort: Literal["created_at", "-created_at", "email", "-email", "name", "-name"] = Field(
        default="-created_at", description="Field to sort by, with `-` for descending."
    )
