"""Types of the values that clients send, as strict as JSON, and no wider than the database."""

import datetime as dt
import re
from typing import Annotated, Any

from email_validator import validate_email
from pydantic import AfterValidator, BeforeValidator, Field

UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def refuse_unstorable(text: str) -> str:
    if UNSTORABLE.search(text):
        raise ValueError("must not contain NUL characters or lone surrogates")
    return text


def digits(value: Any) -> Any:
    """For numbers in a query, where Python would also read `1_0` and ` 5`."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("must be a number in decimal digits")
    return value


PlainText = Annotated[str, AfterValidator(refuse_unstorable)]
Digits = BeforeValidator(digits)
Flag = Annotated[bool, Field(strict=True, description="True or false.")]
ShortText = Annotated[
    PlainText, Field(min_length=1, max_length=200, description="Text of 1 to 200 characters.")
]
LongText = Annotated[
    PlainText, Field(max_length=50_000, description="Text of up to 50,000 characters.")
]


def check_email(value: str) -> str:
    # Few servers accept more than ASCII before the @; every domain has an ASCII form.
    address = validate_email(value, check_deliverability=False, allow_smtputf8=False)
    return address.ascii_email or address.normalized


Email = Annotated[
    PlainText,
    Field(max_length=254, json_schema_extra={"format": "email"}, description="Email address."),
    AfterValidator(check_email),
]


def refuse_other_dates(value: Any) -> Any:
    """Pydantic would also read a number, as seconds since 1970, and a time at midnight."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("must be a date, such as 2026-01-31")
    return value


Day = Annotated[
    dt.date, BeforeValidator(refuse_other_dates), Field(description="Date, such as 2026-01-31.")
]
