"""What the auth routes take and give."""

import datetime as dt
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from app.auth.models import AuthSession
from app.auth.passwords import refuse_common
from app.core.types import Email, PlainText
from app.users.schemas import UserName

# In lower case, as User.email is.
AccountEmail = Annotated[Email, AfterValidator(str.lower)]
# The longest, of a mail to an address of 254 characters, has about 650.
Token = Annotated[PlainText, Field(max_length=1000)]
# A wrong password is a wrong password however long; only a new one has to be good.
Password = Annotated[PlainText, Field(max_length=128)]
NewPassword = Annotated[
    PlainText, Field(min_length=8, max_length=128), AfterValidator(refuse_common)
]


class Register(BaseModel):
    email: AccountEmail
    password: NewPassword
    name: UserName | None = None


class Login(BaseModel):
    email: AccountEmail
    password: Password


class Refresh(BaseModel):
    refresh_token: Token


class MailAddress(BaseModel):
    email: AccountEmail


class MailToken(BaseModel):
    token: Token


class ResetPassword(BaseModel):
    token: Token
    new_password: NewPassword


class ChangePassword(BaseModel):
    current_password: Password
    new_password: NewPassword


class TokenPair(BaseModel):
    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105
    expires_in: int


class SessionRead(BaseModel):
    id: UUID
    current: bool
    user_agent: str
    ip: str
    created_at: dt.datetime
    last_used_at: dt.datetime

    @classmethod
    def of(cls, session: AuthSession, current: AuthSession) -> Self:
        return cls(
            id=session.id,
            current=session.id == current.id,
            user_agent=session.user_agent,
            ip=session.ip,
            created_at=session.created_at,
            last_used_at=session.last_used_at,
        )
