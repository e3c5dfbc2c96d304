"""Routes of /api/v1/items."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import url_for
from sqlalchemy import select

from app.auth.guard import auth, current_user
from app.core.database import db
from app.core.errors import not_found
from app.core.etag import IfMatch, check_etag, etag
from app.core.openapi import CREATED, TAGGED, problems
from app.core.pagination import Rows, matches, paginate
from app.items.models import Item
from app.items.schemas import ItemCreate, ItemQuery, ItemRead, ItemReadPage, ItemUpdate

bp = APIBlueprint("items", __name__, url_prefix="/api/v1/items", tag="items")


@bp.get("")
@bp.auth_required(auth)
@bp.input(ItemQuery, location="query")
@bp.output(ItemReadPage)
def list_items(query_data: ItemQuery) -> Rows[Item]:
    """List your items."""
    rows = select(Item).where(Item.owner_id == current_user().id)
    if query_data.q:
        rows = rows.where(matches(query_data.q, Item.title, Item.description))
    if query_data.status is not None:
        rows = rows.where(Item.status == query_data.status)
    return paginate(rows, query_data, query_data.sort)


@bp.post("")
@bp.auth_required(auth)
@bp.input(ItemCreate)
@bp.output(ItemRead, status_code=201)
@bp.doc(responses=CREATED)
def create_item(json_data: ItemCreate) -> tuple[Item, dict[str, str]]:
    """Create an item."""
    item = Item(**json_data.model_dump(), owner_id=current_user().id)
    db.session.add(item)
    db.session.commit()
    location = url_for(".get_item", id=item.id)
    return item, {"ETag": etag(item), "Location": location}


@bp.get("/<uuid:id>")
@bp.auth_required(auth)
@bp.output(ItemRead)
@bp.doc(responses=TAGGED | problems(404))
def get_item(id: UUID) -> tuple[Item, dict[str, str]]:
    """Return an item."""
    item = find_item(id)
    return item, {"ETag": etag(item)}


@bp.patch("/<uuid:id>")
@bp.auth_required(auth)
@bp.input(ItemUpdate)
@bp.input(IfMatch, location="headers", arg_name="headers")
@bp.output(ItemRead)
@bp.doc(responses=TAGGED | problems(404, 412))
def update_item(id: UUID, json_data: ItemUpdate, headers: IfMatch) -> tuple[Item, dict[str, str]]:
    """Change the given fields of an item."""
    item = find_item(id, lock=True)
    check_etag(item, headers.if_match)
    for field, value in json_data.model_dump(exclude_unset=True).items():
        setattr(item, field, value)
    db.session.commit()
    return item, {"ETag": etag(item)}


@bp.delete("/<uuid:id>")
@bp.auth_required(auth)
@bp.input(IfMatch, location="headers", arg_name="headers")
@bp.output({}, status_code=204)
@bp.doc(responses=problems(404, 412))
def delete_item(id: UUID, headers: IfMatch) -> str:
    """Delete an item."""
    item = find_item(id, lock=True)
    check_etag(item, headers.if_match)
    db.session.delete(item)
    db.session.commit()
    return ""


def find_item(id: UUID, *, lock: bool = False) -> Item:
    rows = select(Item).where(Item.id == id, Item.owner_id == current_user().id)
    item = db.session.scalar(rows.with_for_update() if lock else rows)
    if item is None:
        raise not_found("item")
    return item
