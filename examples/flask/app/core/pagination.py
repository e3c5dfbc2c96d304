"""Pagination, search and sorting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.database import db
from app.core.types import Digits, PlainText

T = TypeVar("T")


class PageQuery(BaseModel):
    # Bounded so that OFFSET fits in 64 bits.
    page: Annotated[
        int, Field(ge=1, le=1_000_000_000, description="Number of the page."), Digits
    ] = 1
    size: Annotated[int, Field(ge=1, le=100, description="Objects on a page."), Digits] = 20


class SearchQuery(PageQuery):
    q: Annotated[PlainText, Field(max_length=200, description="Text to search for.")] = ""


class Page(BaseModel, Generic[T]):
    model_config = ConfigDict(from_attributes=True)

    items: list[T] = Field(description="The objects of this page.")
    total: int = Field(description="Number of objects on all pages.")
    page: int = Field(description="Number of this page.")
    size: int = Field(description="Most objects on a page.")


@dataclass(frozen=True)
class Rows(Generic[T]):
    """A page of rows, before the response model turns it into JSON."""

    items: Sequence[T]
    total: int
    page: int
    size: int


def paginate(rows: Select[T], query: PageQuery, sort: str) -> Rows[T]:
    """Run a query for one page; `sort` names a column of the model, with `-` for descending."""
    page, count = page_statements(rows, query, sort)
    found = db.session.execute(page).all()
    total = found[0][1] if found else db.session.scalar(count)
    return Rows([row for row, _ in found], total or 0, query.page, query.size)


def page_statements(
    rows: Select[T], query: PageQuery, sort: str
) -> tuple[Select[T, int], Select[int]]:
    """Build the query for one page, each row with the total beside it, and that for the total.

    `sort` names a column of the model, with `-` for descending.
    """
    count = select(func.count()).select_from(rows.order_by(None).subquery())
    model = rows.column_descriptions[0]["entity"]
    column = getattr(model, sort.removeprefix("-"))
    # Equal rows are ordered by id, so that no row is on two pages.
    descending = sort.startswith("-")
    order = (column.desc(), model.id.desc()) if descending else (column.asc(), model.id.asc())
    # PostgreSQL uses no index for NULLS LAST, so it is left out where there are no nulls.
    page = rows.order_by(order[0].nulls_last() if column.nullable else order[0], order[1])
    page = page.limit(query.size).offset((query.page - 1) * query.size)
    # One statement for both: one round trip, and the total fits the rows.
    return page.add_columns(count.scalar_subquery()), count


def matches(q: str, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether one of the columns contains the text, without regard to case."""
    return or_(*(column.icontains(q, autoescape=True) for column in columns))
