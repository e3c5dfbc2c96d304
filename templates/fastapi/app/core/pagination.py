"""Lists: pages, search and order, the same for every resource."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.core.types import PlainText

T = TypeVar("T")


class PageQuery(BaseModel):
    page: Annotated[int, Field(ge=1, le=1_000_000_000)] = 1
    size: Annotated[int, Field(ge=1, le=100)] = 20


class SearchQuery(PageQuery):
    q: Annotated[PlainText, Field(max_length=200)] = ""


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int
    page: int
    size: int


@dataclass(frozen=True)
class Rows(Generic[T]):
    """What `paginate` found, before the response model turns it into a page of JSON."""

    items: Sequence[T]
    total: int
    page: int
    size: int


async def paginate(
    db: AsyncSession,
    rows: Select[T],
    query: PageQuery,
    sort: str,
) -> Rows[T]:
    """Run a query for one page; `sort` names a column of the model, with `-` for descending."""
    total = await db.scalar(select(func.count()).select_from(rows.order_by(None).subquery()))
    model = rows.column_descriptions[0]["entity"]
    column = getattr(model, sort.removeprefix("-"))
    # Rows that tie are told apart by their id, so that no row stands on two pages.
    order = [column.desc(), model.id.desc()] if sort.startswith("-") else [column, model.id]
    page = rows.order_by(*order).limit(query.size).offset((query.page - 1) * query.size)
    return Rows((await db.scalars(page)).all(), total or 0, query.page, query.size)


def matches(q: str, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """One of the columns contains the text, in whatever case; `%` and `_` are only themselves."""
    return or_(*(column.icontains(q, autoescape=True) for column in columns))
