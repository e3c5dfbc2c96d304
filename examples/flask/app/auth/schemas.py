"""Request and response bodies of /auth."""

import datetime as dt
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from app.auth.models import AuthSession
from app.auth.passwords import refuse_common
from app.core.pagination import Page
from app.core.types import Email, PlainText
from app.users.schemas import UserName

# In lower case, as User.email is.
AccountEmail = Annotated[Email, AfterValidator(str.lower)]
# The longest, emailed to an address of 254 characters, has about 650.
Token = Annotated[PlainText, Field(max_length=1000)]
Password = Annotated[PlainText, Field(max_length=128, description="The current password.")]
NewPassword = Annotated[
    PlainText,
    Field(min_length=8, max_length=128, description="8 to 128 characters, no common password."),
    AfterValidator(refuse_common),
]


class Register(BaseModel):
    email: AccountEmail
    password: NewPassword
    name: UserName | None = Field(default=None, description="Name of the person.")


class Login(BaseModel):
    email: AccountEmail
    password: Password


class LoginForm(BaseModel):
    grant_type: Literal["password"] = Field(description="Always `password`.")
    username: AccountEmail = Field(description="Email address of the account.")
    password: Password


class Refresh(BaseModel):
    refresh_token: Token = Field(description="The newest of this session.")


class EmailAddress(BaseModel):
    email: AccountEmail


class EmailToken(BaseModel):
    token: Token = Field(description="From the link in the email.")


class ResetPassword(EmailToken):
    new_password: NewPassword


class ChangePassword(BaseModel):
    current_password: Password
    new_password: NewPassword


class TokenPair(BaseModel):
    access_token: str = Field(description="For the header `Authorization: Bearer ...`.")
    refresh_token: str = Field(description="For /auth/refresh, once.")
    token_type: Literal["Bearer"] = Field(description="Scheme of the token.")
    expires_in: int = Field(description="Seconds until the access token expires.")


class SessionRead(BaseModel):
    id: UUID
    current: bool = Field(description="Whether this is the session of the request.")
    user_agent: str = Field(description="Browser or program that logged in.")
    ip: str = Field(description="IP address that logged in.")
    created_at: dt.datetime
    last_used_at: dt.datetime = Field(description="Time of the last refresh, in UTC.")

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


class SessionReadPage(Page[SessionRead]):
    """A page of sessions."""
