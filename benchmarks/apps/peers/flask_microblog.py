"""Flask in the style of Miguel Grinberg's microblog-api: APIFairy, marshmallow, tokens in a table.

It leaves out that microblog-api writes the user's time of last use with each request.
"""

import datetime as dt
import os
from typing import Any
from uuid import UUID, uuid4

import jwt
from alchemical import Model
from alchemical.flask import Alchemical
from apifairy import APIFairy, arguments, authenticate, body, response
from flask import Blueprint, Flask, abort, request
from flask_cors import CORS
from flask_httpauth import HTTPTokenAuth
from flask_marshmallow import Marshmallow
from marshmallow import validate
from sqlalchemy import DateTime, ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

Moment = DateTime(timezone=True)
db, ma, cors, apifairy = Alchemical(), Marshmallow(), CORS(), APIFairy()
token_auth = HTTPTokenAuth()


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class User(Model):
    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str | None]
    role: Mapped[str]
    email_verified: Mapped[bool]
    created_at: Mapped[dt.datetime] = mapped_column(Moment)


class Token(Model):
    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)
    user: Mapped[User] = relationship()


class Item(Model):
    __tablename__ = "items"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    title: Mapped[str]
    description: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="todo")
    due_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)


class UserSchema(ma.SQLAlchemySchema):
    class Meta:
        model = User

    id = ma.auto_field(dump_only=True)
    email = ma.auto_field(required=True)
    name = ma.auto_field()
    role = ma.auto_field(dump_only=True)
    email_verified = ma.auto_field(dump_only=True)
    created_at = ma.auto_field(dump_only=True)


class ItemSchema(ma.SQLAlchemySchema):
    class Meta:
        model = Item

    id = ma.auto_field(dump_only=True)
    title = ma.auto_field(required=True, validate=validate.Length(min=1, max=200))
    description = ma.auto_field()
    status = ma.auto_field(dump_only=True)
    due_on = ma.auto_field(dump_only=True)
    created_at = ma.auto_field(dump_only=True)
    updated_at = ma.auto_field(dump_only=True)


class PageQuerySchema(ma.Schema):
    page = ma.Integer(load_default=1)
    size = ma.Integer(load_default=20)


class PageSchema(ma.Schema):
    items = ma.Nested(ItemSchema(many=True))
    total = ma.Integer()
    page = ma.Integer()
    size = ma.Integer()


@token_auth.verify_token
def verify_token(access_token: str) -> User | None:
    try:
        claims = jwt.decode(access_token, os.environ["SECRET_KEY"], algorithms=["HS256"])
    except jwt.PyJWTError:
        return None
    token = db.session.scalar(Token.select().filter_by(id=UUID(claims["sub"])))
    return token.user if token and token.expires_at > now() else None


api = Blueprint("api", __name__)


@api.get("/users/me")
@authenticate(token_auth)
@response(UserSchema())
def me() -> User:
    return token_auth.current_user()


@api.get("/items")
@authenticate(token_auth)
@arguments(PageQuerySchema())
@response(PageSchema())
def list_items(query: dict[str, int]) -> dict[str, Any]:
    rows = Item.select().filter_by(owner_id=token_auth.current_user().id)
    rows = rows.order_by(Item.created_at.desc())
    total = db.session.scalar(select(func.count()).select_from(rows.subquery()))
    page, size = query["page"], query["size"]
    items = db.session.scalars(rows.limit(size).offset((page - 1) * size)).all()
    return {"items": items, "total": total, "page": page, "size": size}


@api.get("/items/<uuid:id>")
@authenticate(token_auth)
@response(ItemSchema())
def get_item(id: UUID) -> Item:
    item = db.session.get(Item, id)
    if item is None or item.owner_id != token_auth.current_user().id:
        abort(404)
    return item


@api.post("/items")
@authenticate(token_auth)
@body(ItemSchema())
@response(ItemSchema(), 201)
def create_item(values: dict[str, Any]) -> Item:
    item = Item(owner_id=token_auth.current_user().id, **values)
    db.session.add(item)
    db.session.commit()
    return item


app = Flask(__name__)
app.config["ALCHEMICAL_DATABASE_URL"] = os.environ["DATABASE_URL"].replace(":", "+psycopg:", 1)
for extension in (db, ma, cors, apifairy):
    extension.init_app(app)
app.register_blueprint(api, url_prefix="/api/v1")


@app.get("/health/live")
def live() -> dict[str, str]:
    return {"status": "ok"}


@app.after_request
def read_the_body(response: Any) -> Any:
    request.get_data()
    return response
