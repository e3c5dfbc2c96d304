"""/api/v1/users"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.dependencies import Admin, CurrentUser
from app.auth.models import AuthSession
from app.core.database import DB
from app.core.errors import conflict, not_found
from app.core.openapi import problems
from app.core.pagination import Page, Rows, matches, paginate
from app.users.models import User
from app.users.schemas import UserForAdmin, UserQuery, UserRead, UserUpdate, UserUpdateByAdmin

router = APIRouter(prefix="/users", tags=["users"])


@router.get("/me", response_model=UserRead)
async def get_me(user: CurrentUser) -> User:
    return user


@router.patch("/me", response_model=UserRead, responses=problems(409))
async def update_me(body: UserUpdate, db: DB, user: CurrentUser) -> User:
    return await change(db, user, body.model_dump(exclude_unset=True))


@router.delete("/me", status_code=204, responses=problems(409))
async def delete_me(db: DB, user: CurrentUser) -> None:
    await refuse_last_admin(db, user)
    await db.execute(delete(User).where(User.id == user.id))
    await db.commit()


@router.get("", response_model=Page[UserForAdmin], responses=problems(403))
async def list_users(db: DB, _admin: Admin, query: Annotated[UserQuery, Query()]) -> Rows[User]:
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


@router.get("/{user_id}", response_model=UserForAdmin, responses=problems(403, 404))
async def get_user(user_id: UUID, db: DB, _admin: Admin) -> User:
    return await find_user(db, user_id)


@router.patch("/{user_id}", response_model=UserForAdmin, responses=problems(403, 404, 409))
async def update_user(user_id: UUID, body: UserUpdateByAdmin, db: DB, _admin: Admin) -> User:
    user = await find_user(db, user_id)
    changes = body.model_dump(exclude_unset=True)
    demoted = changes.get("role") == "user"
    deactivated = changes.get("is_active") is False
    if demoted or deactivated:
        await refuse_last_admin(db, user)
    if deactivated:
        await db.execute(delete(AuthSession).where(AuthSession.user_id == user.id))
    return await change(db, user, changes)


async def find_user(db: AsyncSession, user_id: UUID) -> User:
    user = await db.get(User, user_id)
    if user is None:
        raise not_found("user")
    return user


async def change(db: AsyncSession, user: User, changes: dict[str, Any]) -> User:
    for field, value in changes.items():
        setattr(user, field, value)
    await db.commit()
    return user


async def refuse_last_admin(db: AsyncSession, user: User) -> None:
    # The lock lets only one of two administrators demote the other.
    admins = select(User.id).where(User.role == "admin", User.is_active).order_by(User.id)
    if list(await db.scalars(admins.with_for_update())) == [user.id]:
        raise conflict("The last administrator has to stay one.")
