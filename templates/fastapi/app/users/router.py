"""Routes of /api/v1/users."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.dependencies import Admin, CurrentUser
from app.auth.models import AuthSession
from app.core.database import DB
from app.core.errors import conflict, not_found
from app.core.json import JSONRoute
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

router = APIRouter(prefix="/users", tags=["users"], route_class=JSONRoute)


@router.get("/me", response_model=UserRead)
async def get_me(user: CurrentUser) -> User:
    """Return your account."""
    return user


@router.patch("/me", response_model=UserRead, responses=problems(409))
async def update_me(body: UserUpdate, db: DB, user: CurrentUser) -> User:
    """Change your account."""
    return await save_changes(db, user, body.model_dump(exclude_unset=True))


@router.delete("/me", status_code=204, responses=problems(409))
async def delete_me(db: DB, user: CurrentUser) -> None:
    """Delete your account and everything that belongs to it."""
    await refuse_last_admin(db, user)
    await db.execute(delete(User).where(User.id == user.id))
    await db.commit()


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
    return await find_user(db, id)


@router.patch("/{id}", response_model=UserForAdmin, responses=problems(403, 404, 409))
async def update_user(id: UUID, body: UserUpdateByAdmin, db: DB, _admin: Admin) -> User:
    """Change a user. Deactivating one ends all sessions of the user."""
    user = await find_user(db, id)
    changes = body.model_dump(exclude_unset=True)
    demoted = changes.get("role") is Role.USER
    deactivated = changes.get("is_active") is False
    if demoted or deactivated:
        await refuse_last_admin(db, user)
    await save_changes(db, user, changes)
    if deactivated:
        # After the change: a login that began before it is deleted, too.
        await db.execute(delete(AuthSession).where(AuthSession.user_id == user.id))
        await db.commit()
    return user


async def find_user(db: AsyncSession, id: UUID) -> User:
    user = await db.get(User, id)
    if user is None:
        raise not_found("user")
    return user


async def save_changes(db: AsyncSession, user: User, changes: dict[str, Any]) -> User:
    for field, value in changes.items():
        setattr(user, field, value)
    await db.commit()
    return user


async def refuse_last_admin(db: AsyncSession, user: User) -> None:
    # The lock prevents two administrators from demoting each other at once.
    admins = select(User.id).where(User.role == Role.ADMIN, User.is_active).order_by(User.id)
    if list(await db.scalars(admins.with_for_update())) == [user.id]:
        raise conflict("The last administrator cannot be demoted, deactivated or deleted.")
