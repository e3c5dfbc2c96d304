"""Request and response bodies of /files."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.core.pagination import Page, SearchQuery
from app.core.types import whole

FileSort = Literal["created_at", "-created_at", "name", "-name", "size", "-size"]
WEEK = 7 * 24 * 3600


class FileRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str = Field(description="Name of the file, without a path.")
    content_type: str = Field(description="Media type.")
    size: int = Field(description="Number of bytes.")
    sha256: str = Field(description="SHA-256 of the bytes, in hexadecimal digits.")
    created_at: dt.datetime


class FileReadPage(Page[FileRead]):
    """A page of files."""


class FileQuery(SearchQuery):
    sort: FileSort = Field(
        default="-created_at", description="Field to sort by, with `-` for descending."
    )


class FileLinkCreate(BaseModel):
    expires_in: Annotated[
        int,
        Field(strict=True, ge=1, le=WEEK, description="Seconds until the link expires."),
        BeforeValidator(whole),
    ] = 3600


class FileLinkQuery(BaseModel):
    token: str = Field(description="Token of the link.")


class FileLink(BaseModel):
    url: str = Field(description="Address that downloads the file without a login.")
    expires_at: dt.datetime = Field(description="When the link expires, in UTC.")
