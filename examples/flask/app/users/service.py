"""Changes of accounts."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from app.auth.models import AuthSession
from app.auth.passwords import hash_password
from app.core.database import db
from app.core.errors import conflict, not_found
from app.users.models import Role, User


def find_user(id: UUID) -> User:
    user = db.session.get(User, id)
    if user is None:
        raise not_found("user")
    return user


def change_user(user: User, changes: dict[str, Any]) -> User:
    """Change an account. Deactivating it ends all of its sessions."""
    is_deactivated = changes.get("is_active") is False
    if is_deactivated or changes.get("role") is Role.USER:
        refuse_last_admin(user)
    for field, value in changes.items():
        setattr(user, field, value)
    db.session.commit()
    if is_deactivated:
        # After the change: a login that began before it is deleted, too.
        db.session.execute(delete(AuthSession).where(AuthSession.user_id == user.id))
        db.session.commit()
    return user


def delete_user(user: User) -> None:
    refuse_last_admin(user)
    db.session.execute(delete(User).where(User.id == user.id))
    db.session.commit()


def refuse_last_admin(user: User) -> None:
    # The lock prevents two administrators from demoting each other at once.
    admins = select(User.id).where(User.role == Role.ADMIN, User.is_active).order_by(User.id)
    if list(db.session.scalars(admins.with_for_update())) == [user.id]:
        raise conflict("The last administrator cannot be demoted, deactivated or deleted.")


def save_admin(email: str, password: str) -> bool:
    """Create or promote an administrator; say whether the account is new.

    Raises ValueError for an account that anybody may have registered.
    """
    user = db.session.scalar(select(User).where(User.email == email))
    is_new = user is None
    if user is None:
        password_hash = hash_password(password)
        user = User(email=email, password_hash=password_hash, email_verified=True)
    elif not user.email_verified or not user.is_active:
        raise ValueError(f"The account {email} is not verified or not active.")
    user.role = Role.ADMIN
    db.session.add(user)
    db.session.commit()
    return is_new
