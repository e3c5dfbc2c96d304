"""Routes of /api/v1/users."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select

from app.auth.dependencies import Admin, CurrentUser
from app.core.database import DB
from app.core.json import JSONRoute
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

router = APIRouter(prefix="/users", tags=["users"], route_class=JSONRoute)


@router.get("/me", response_model=UserRead)
async def get_me(user: CurrentUser) -> User:
    """Return your account."""
    return user


@router.patch("/me", response_model=UserRead, responses=problems(409))
async def update_me(body: UserUpdate, db: DB, user: CurrentUser) -> User:
    """Change your account."""
    return await service.change_user(db, user, body.model_dump(exclude_unset=True))


@router.delete("/me", status_code=204, responses=problems(409))
async def delete_me(db: DB, user: CurrentUser) -> None:
    """Delete your account and everything that belongs to it."""
    await service.delete_user(db, user)


@router.get("", response_model=UserForAdminPage, responses=problems(403))
async def list_users(db: DB, _admin: Admin, query: Annotated[UserQuery, Query()]) -> Rows[User]:
    """List all users."""
    users = select(User)
    if query.q:
        users = users.where(matches(query.q, User.email, User.name))
    if query.role is not None:
        users = users.where(User.role == query.role)
    if query.is_active is not None:
        users = users.where(User.is_active == query.is_active)
    if query.email_verified is not None:
        users = users.where(User.email_verified == query.email_verified)
    return await paginate(db, users, query, query.sort)


@router.get("/{id}", response_model=UserForAdmin, responses=problems(403, 404))
async def get_user(id: UUID, db: DB, _admin: Admin) -> User:
    """Return a user."""
    return await service.find_user(db, id)


@router.patch("/{id}", response_model=UserForAdmin, responses=problems(403, 404, 409))
async def update_user(id: UUID, body: UserUpdateByAdmin, db: DB, _admin: Admin) -> User:
    """Change a user. Deactivating one ends all sessions of the user."""
    user = await service.find_user(db, id)
    return await service.change_user(db, user, body.model_dump(exclude_unset=True))
