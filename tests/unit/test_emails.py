"""Which email addresses an account can have."""

from __future__ import annotations

import pytest

from generator.errors import UsageError
from generator.questions.emails import account_email


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@example.com", "ada@example.com"),
        (" Ada.Lovelace+Shop@Mail.Example.co.uk ", "ada.lovelace+shop@mail.example.co.uk"),
        ("o'neil@xn--exmple-cua.de", "o'neil@xn--exmple-cua.de"),
    ],
)
def test_an_address_is_stored_in_lower_case(text: str, address: str) -> None:
    assert account_email(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@localhost",
        "ada@shop.local",
        "ada@10.0.0.1",
        "ada@-example.com",
        "ada@example..com",
        ".ada@example.com",
        "a b@example.com",
        'ada"@example.com',
        "ada\\@example.com",
        "ada@example.com\nx",
        "ädä@example.com",
        "a" * 65 + "@example.com",
        "ada@" + "a" * 64 + ".com",
        "ada@" + "a." * 125 + "com",
    ],
)
def test_what_a_service_would_refuse_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not an email address"):
        account_email(text)
