"""Emails: what they contain, and where they are sent."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from io import StringIO
from pathlib import Path
from threading import Event

import pytest
from django.core.mail.backends import smtp
from pytest_django import Settings

from apps.core.background import run_later
from apps.core.mail import compose, open_transport, send_later
from tests.helpers import finish_background

LINK = "https://shop.example/verify-email?token=a&b=c"
EMAIL = ("ann@example.com", "Grüße", "Please <confirm>.", LINK)


@pytest.fixture(autouse=True)
def mails(settings: Settings, tmp_path: Path) -> Path:
    """The folder that MAIL_URL names; otherwise the tests would use Django's outbox."""
    settings.MAILERS = {"default": {"BACKEND": "apps.core.mail.open_transport"}}
    settings.MAIL_URL = f"file://{tmp_path}/mail"
    return tmp_path / "mail"


def read(mails: Path) -> list[EmailMessage]:
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(mails.glob("*.eml"))
    ]


def test_email_has_the_link_as_text_and_html(mails: Path) -> None:
    compose(*EMAIL).send()
    (email,) = read(mails)
    assert (email["To"], email["From"], email["Subject"]) == (
        EMAIL[0],
        "noreply@localhost",
        "Grüße",
    )
    assert email["Date"]
    assert email["Message-ID"]
    text, html = (part.get_content() for part in email.iter_parts())
    assert LINK in text
    assert "Please &lt;confirm&gt;." in html
    assert 'href="https://shop.example/verify-email?token=a&amp;b=c"' in html


def test_each_email_is_one_file(mails: Path) -> None:
    compose(*EMAIL).send()
    compose(*EMAIL).send()
    assert [path.suffix for path in mails.iterdir()] == [".eml", ".eml"]


def test_relative_folder(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings.MAIL_URL = "file://./.mail"
    compose(*EMAIL).send()
    assert len(read(tmp_path / ".mail")) == 1


def test_console(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.MAIL_URL = "console:"
    compose(*EMAIL).send()
    assert "To: ann@example.com" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("url", "port", "use_tls", "use_ssl"),
    [
        ("smtp://mail.example", 587, False, False),
        ("smtp://ann:a%2Fb@mail.example:25", 25, True, False),
        ("smtps://ann:a%2Fb@mail.example", 465, False, True),
    ],
)
def test_smtp_never_sends_a_password_without_tls(
    settings: Settings, url: str, port: int, use_tls: bool, use_ssl: bool
) -> None:
    settings.MAIL_URL = url
    transport = open_transport(alias="default")
    assert isinstance(transport, smtp.EmailBackend)
    assert (transport.host, transport.port) == ("mail.example", port)
    assert transport.password == ("a/b" if use_tls or use_ssl else "")
    assert (transport.use_tls, transport.use_ssl) == (use_tls, use_ssl)


@pytest.mark.django_db(transaction=True)
def test_request_does_not_wait_for_its_email(mails: Path) -> None:
    turn = Event()
    run_later(turn.wait, 10)
    send_later(compose, *EMAIL)
    assert read(mails) == []
    turn.set()
    finish_background()
    assert len(read(mails)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_failure_is_logged_without_the_password(
    scheme: str, settings: Settings, log: StringIO
) -> None:
    settings.MAIL_URL = f"{scheme}://ann:hunter2@127.0.0.1:1"
    send_later(compose, *EMAIL)
    finish_background()
    assert "ConnectionRefusedError" in log.getvalue()
    assert "hunter2" not in log.getvalue()
