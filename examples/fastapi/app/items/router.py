"""Routes of /api/v1/items."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.dependencies import CurrentUser
from app.core.database import DB
from app.core.errors import not_found
from app.core.etag import IfMatch, check_etag, etag
from app.core.json import JSONRoute
from app.core.openapi import CREATED, TAGGED, problems
from app.core.pagination import Rows, matches, paginate
from app.items.models import Item
from app.items.schemas import ItemCreate, ItemQuery, ItemRead, ItemReadPage, ItemUpdate
from app.users.models import User

router = APIRouter(prefix="/items", tags=["items"], route_class=JSONRoute)


@router.get("", response_model=ItemReadPage)
async def list_items(db: DB, user: CurrentUser, query: Annotated[ItemQuery, Query()]) -> Rows[Item]:
    """List your items."""
    rows = select(Item).where(Item.owner_id == user.id)
    if query.q:
        rows = rows.where(matches(query.q, Item.title, Item.description))
    if query.status is not None:
        rows = rows.where(Item.status == query.status)
    return await paginate(db, rows, query, query.sort)


@router.post("", status_code=201, response_model=ItemRead, responses=CREATED)
async def create_item(
    body: ItemCreate, db: DB, user: CurrentUser, request: Request, response: Response
) -> Item:
    """Create an item."""
    item = Item(**body.model_dump(), owner_id=user.id)
    db.add(item)
    await db.commit()
    response.headers["Location"] = request.url_for("get_item", id=item.id).path
    response.headers["ETag"] = etag(item)
    return item


@router.get("/{id}", response_model=ItemRead, responses=TAGGED | problems(404))
async def get_item(id: UUID, db: DB, user: CurrentUser, response: Response) -> Item:
    """Return an item."""
    item = await find_item(db, user, id)
    response.headers["ETag"] = etag(item)
    return item


@router.patch("/{id}", response_model=ItemRead, responses=TAGGED | problems(404, 412))
async def update_item(
    id: UUID,
    body: ItemUpdate,
    db: DB,
    user: CurrentUser,
    response: Response,
    if_match: IfMatch = None,
) -> Item:
    """Change the given fields of an item."""
    item = await find_item(db, user, id, lock=True)
    check_etag(item, if_match)
    for field, value in body.model_dump(exclude_unset=True).items():
        setattr(item, field, value)
    await db.commit()
    response.headers["ETag"] = etag(item)
    return item


@router.delete("/{id}", status_code=204, responses=problems(404, 412))
async def delete_item(id: UUID, db: DB, user: CurrentUser, if_match: IfMatch = None) -> None:
    """Delete an item."""
    item = await find_item(db, user, id, lock=True)
    check_etag(item, if_match)
    await db.delete(item)
    await db.commit()


async def find_item(db: AsyncSession, user: User, id: UUID, *, lock: bool = False) -> Item:
    rows = select(Item).where(Item.id == id, Item.owner_id == user.id)
    item = await db.scalar(rows.with_for_update() if lock else rows)
    if item is None:
        raise not_found("item")
    return item
