"""Changes of accounts."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import AuthSession
from app.auth.passwords import hash_password
from app.core.errors import conflict, not_found
from app.users.models import Role, User


async def find_user(db: AsyncSession, id: UUID) -> User:
    user = await db.get(User, id)
    if user is None:
        raise not_found("user")
    return user


async def change_user(db: AsyncSession, user: User, changes: dict[str, Any]) -> User:
    """Change an account. Deactivating it ends all of its sessions."""
    is_deactivated = changes.get("is_active") is False
    if is_deactivated or changes.get("role") is Role.USER:
        await refuse_last_admin(db, user)
    for field, value in changes.items():
        setattr(user, field, value)
    await db.commit()
    if is_deactivated:
        # After the change: a login that began before it is deleted, too.
        await db.execute(delete(AuthSession).where(AuthSession.user_id == user.id))
        await db.commit()
    return user


async def delete_user(db: AsyncSession, user: User) -> None:
    await refuse_last_admin(db, user)
    await db.execute(delete(User).where(User.id == user.id))
    await db.commit()


async def refuse_last_admin(db: AsyncSession, user: User) -> None:
    # The lock prevents two administrators from demoting each other at once.
    admins = select(User.id).where(User.role == Role.ADMIN, User.is_active).order_by(User.id)
    if list(await db.scalars(admins.with_for_update())) == [user.id]:
        raise conflict("The last administrator cannot be demoted, deactivated or deleted.")


async def save_admin(db: AsyncSession, email: str, password: str) -> bool:
    """Create or promote an administrator; say whether the account is new.

    Raises ValueError for an account that anybody may have registered.
    """
    user = await db.scalar(select(User).where(User.email == email))
    is_new = user is None
    if user is None:
        password_hash = await hash_password(password)
        user = User(email=email, password_hash=password_hash, email_verified=True)
    elif not user.email_verified or not user.is_active:
        raise ValueError(f"The account {email} is not verified or not active.")
    user.role = Role.ADMIN
    db.add(user)
    await db.commit()
    return is_new
