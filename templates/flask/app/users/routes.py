"""Routes of /api/v1/users."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from sqlalchemy import delete, select

from app.auth.guard import auth, current_user
from app.auth.models import AuthSession
from app.core.database import db
from app.core.errors import conflict, not_found
from app.core.openapi import problems
from app.core.pagination import Rows, matches, paginate
from app.users.models import Role, User
from app.users.schemas import (
    UserForAdmin,
    UserForAdminPage,
    UserQuery,
    UserRead,
    UserUpdate,
    UserUpdateByAdmin,
)

bp = APIBlueprint("users", __name__, url_prefix="/api/v1/users", tag="users")


@bp.get("/me")
@bp.auth_required(auth)
@bp.output(UserRead)
def get_me() -> User:
    """Return your account."""
    return current_user()


@bp.patch("/me")
@bp.auth_required(auth)
@bp.input(UserUpdate)
@bp.output(UserRead)
@bp.doc(responses=problems(409))
def update_me(json_data: UserUpdate) -> User:
    """Change your account."""
    return save_changes(current_user(), json_data.model_dump(exclude_unset=True))


@bp.delete("/me")
@bp.auth_required(auth)
@bp.output({}, status_code=204)
@bp.doc(responses=problems(409))
def delete_me() -> str:
    """Delete your account and everything that belongs to it."""
    user = current_user()
    refuse_last_admin(user)
    db.session.execute(delete(User).where(User.id == user.id))
    db.session.commit()
    return ""


@bp.get("")
@bp.auth_required(auth, roles=["admin"])
@bp.input(UserQuery, location="query")
@bp.output(UserForAdminPage)
@bp.doc(responses=problems(403))
def list_users(query_data: UserQuery) -> Rows[User]:
    """List all users."""
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


@bp.get("/<uuid:id>")
@bp.auth_required(auth, roles=["admin"])
@bp.output(UserForAdmin)
@bp.doc(responses=problems(403, 404))
def get_user(id: UUID) -> User:
    """Return a user."""
    return find_user(id)


@bp.patch("/<uuid:id>")
@bp.auth_required(auth, roles=["admin"])
@bp.input(UserUpdateByAdmin)
@bp.output(UserForAdmin)
@bp.doc(responses=problems(403, 404, 409))
def update_user(id: UUID, json_data: UserUpdateByAdmin) -> User:
    """Change a user. Deactivating one ends all sessions of the user."""
    user = find_user(id)
    changes = json_data.model_dump(exclude_unset=True)
    demoted = changes.get("role") is Role.USER
    deactivated = changes.get("is_active") is False
    if demoted or deactivated:
        refuse_last_admin(user)
    save_changes(user, changes)
    if deactivated:
        # After the change: a login that began before it is deleted, too.
        db.session.execute(delete(AuthSession).where(AuthSession.user_id == user.id))
        db.session.commit()
    return user


def find_user(id: UUID) -> User:
    user = db.session.get(User, id)
    if user is None:
        raise not_found("user")
    return user


def save_changes(user: User, changes: dict[str, Any]) -> User:
    for field, value in changes.items():
        setattr(user, field, value)
    db.session.commit()
    return user


def refuse_last_admin(user: User) -> None:
    # The lock prevents two administrators from demoting each other at once.
    admins = select(User.id).where(User.role == Role.ADMIN, User.is_active).order_by(User.id)
    if list(db.session.scalars(admins.with_for_update())) == [user.id]:
        raise conflict("The last administrator cannot be demoted, deactivated or deleted.")
