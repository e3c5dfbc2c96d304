"""Routes of /api/v1/users."""

from uuid import UUID

from apiflask import APIBlueprint
from sqlalchemy import select

from app.auth.guard import auth, current_user
from app.core.openapi import problems
from app.core.pagination import Rows, matches, paginate
from app.users import service
from app.users.models import User
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
    return service.change_user(current_user(), json_data.model_dump(exclude_unset=True))


@bp.delete("/me")
@bp.auth_required(auth)
@bp.output({}, status_code=204)
@bp.doc(responses=problems(409))
def delete_me() -> str:
    """Delete your account and everything that belongs to it."""
    service.delete_user(current_user())
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
    return service.find_user(id)


@bp.patch("/<uuid:id>")
@bp.auth_required(auth, roles=["admin"])
@bp.input(UserUpdateByAdmin)
@bp.output(UserForAdmin)
@bp.doc(responses=problems(403, 404, 409))
def update_user(id: UUID, json_data: UserUpdateByAdmin) -> User:
    """Change a user. Deactivating one ends all sessions of the user."""
    return service.change_user(service.find_user(id), json_data.model_dump(exclude_unset=True))
