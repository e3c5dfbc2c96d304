"""/api/v1/users"""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from sqlalchemy import delete, select

from app.auth.guard import auth, current_user
from app.auth.models import AuthSession
from app.core.database import db
from app.core.errors import conflict, not_found
from app.core.pagination import Page, Rows, matches, paginate
from app.users.models import User
from app.users.schemas import UserForAdmin, UserQuery, UserRead, UserUpdate, UserUpdateByAdmin

bp = APIBlueprint("users", __name__, url_prefix="/api/v1/users", tag="users")


@bp.get("/me")
@bp.auth_required(auth)
@bp.output(UserRead)
def get_me() -> User:
    return current_user()


@bp.patch("/me")
@bp.auth_required(auth)
@bp.input(UserUpdate)
@bp.output(UserRead)
@bp.doc(responses=[409])
def update_me(json_data: UserUpdate) -> User:
    return save_changes(current_user(), json_data.model_dump(exclude_unset=True))


@bp.delete("/me")
@bp.auth_required(auth)
@bp.output({}, status_code=204)
@bp.doc(responses=[409])
def delete_me() -> str:
    user = current_user()
    refuse_last_admin(user)
    db.session.execute(delete(User).where(User.id == user.id))
    db.session.commit()
    return ""


@bp.get("")
@bp.auth_required(auth, roles=["admin"])
@bp.input(UserQuery, location="query")
@bp.output(Page[UserForAdmin])
@bp.doc(responses=[403])
def list_users(query_data: UserQuery) -> Rows[User]:
    users = select(User)
    if query_data.q:
        users = users.where(matches(query_data.q, User.email, User.name))
    if query_data.role is not None:
        users = users.where(User.role == query_data.role)
    if query_data.is_active is not None:
        users = users.where(User.is_active == query_data.is_active)
    if query_data.email_verified is not None:
        users = users.where(User.email_verified == query_data.email_verified)
    return paginate(users, query_data, query_data.sort)


@bp.get("/<uuid:user_id>")
@bp.auth_required(auth, roles=["admin"])
@bp.output(UserForAdmin)
@bp.doc(responses=[403, 404])
def get_user(user_id: UUID) -> User:
    return user_or_404(user_id)


@bp.patch("/<uuid:user_id>")
@bp.auth_required(auth, roles=["admin"])
@bp.input(UserUpdateByAdmin)
@bp.output(UserForAdmin)
@bp.doc(responses=[403, 404, 409])
def update_user(user_id: UUID, json_data: UserUpdateByAdmin) -> User:
    user = user_or_404(user_id)
    changes = json_data.model_dump(exclude_unset=True)
    if changes.get("role", "admin") != "admin" or not changes.get("is_active", True):
        refuse_last_admin(user)
    if not changes.get("is_active", True):
        db.session.execute(delete(AuthSession).where(AuthSession.user_id == user.id))
    return save_changes(user, changes)


def user_or_404(user_id: UUID) -> User:
    user = db.session.get(User, user_id)
    if user is None:
        raise not_found("user")
    return user


def save_changes(user: User, changes: dict[str, Any]) -> User:
    for field, value in changes.items():
        setattr(user, field, value)
    db.session.commit()
    return user


def refuse_last_admin(user: User) -> None:
    # The lock lets only one of two administrators demote the other.
    admins = select(User.id).where(User.role == "admin", User.is_active).order_by(User.id)
    if list(db.session.scalars(admins.with_for_update())) == [user.id]:
        raise conflict("The last administrator has to stay one.")
