"""Emails: their content and the three transports."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from app.core.config import Settings
from app.core.mail import compose, send
from tests.helpers import Mailbox

LINK = "https://shop.example/verify-email?token=a&b=c"
MAIL = ("ann@example.com", "Grüße", "Please <confirm>.", LINK)


class PlainServer(ThreadingTCPServer):
    """An SMTP server with neither TLS nor passwords, whatever it offers. It keeps what it hears."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.heard: list[bytes] = []
        self.offers_tls = False


class Conversation(StreamRequestHandler):
    server: PlainServer

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        in_mail = False
        for line in self.rfile:
            self.server.heard.append(line)
            if not in_mail or line == b".\r\n":
                command = line.strip().lower()
                in_mail = command == b"data"
                answers = {
                    b"data": b"354 go on",
                    b"starttls": b"454 not now",
                    b"quit": b"221 bye",
                }
                answer = answers.get(command, b"250 fine")
                if command.startswith(b"ehlo") and self.server.offers_tls:
                    answer = b"250-fine\r\n250 STARTTLS"
                self.wfile.write(answer + b"\r\n")


@pytest.fixture
def smtp(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlainServer]:
    with PlainServer() as server:
        monkeypatch.setattr(settings, "mail_url", f"smtp://127.0.0.1:{server.server_address[1]}")
        Thread(target=server.serve_forever, args=[0.01]).start()
        yield server
        server.shutdown()


def test_email_has_the_link_as_text_and_html(mailbox: Mailbox) -> None:
    send(compose(*MAIL))
    (mail,) = mailbox.read()
    assert (mail["To"], mail["From"], mail["Subject"]) == (MAIL[0], "noreply@localhost", "Grüße")
    assert mail["Date"]
    assert mail["Message-ID"]
    text, html = (part.get_content() for part in mail.iter_parts())
    assert LINK in text
    assert "Please &lt;confirm&gt;." in html
    assert 'href="https://shop.example/verify-email?token=a&amp;b=c"' in html


def test_each_mail_is_one_file(mailbox: Mailbox) -> None:
    send(compose(*MAIL))
    send(compose(*MAIL))
    assert [path.suffix for path in mailbox.folder.iterdir()] == [".eml", ".eml"]


def test_relative_folder(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings, "mail_url", "file://./.mail")
    send(compose(*MAIL))
    assert len(list((tmp_path / ".mail").glob("*.eml"))) == 1


def test_console(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "mail_url", "console:")
    send(compose(*MAIL))
    assert "To: ann@example.com" in capsys.readouterr().out


def test_smtp(smtp: PlainServer, log: StringIO) -> None:
    send(compose(*MAIL))
    commands = [line.strip().lower() for line in smtp.heard]
    assert b"rcpt to:<ann@example.com>" in commands
    start, end = commands.index(b"data") + 1, commands.index(b".")
    mail = message_from_bytes(b"".join(smtp.heard[start:end]), policy=policy.default)
    assert mail["Subject"] == "Grüße"
    assert log.getvalue() == ""


def test_smtp_uses_offered_tls(smtp: PlainServer, log: StringIO) -> None:
    smtp.offers_tls = True
    send(compose(*MAIL))
    assert smtp.heard[1].strip().lower() == b"starttls"
    assert not any(line.lower().startswith(b"mail from") for line in smtp.heard)
    assert "email not sent" in log.getvalue()


def test_smtp_sends_no_password_without_tls(
    smtp: PlainServer, settings: Settings, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = settings.mail_url.replace("//", "//ann:hunter2@")
    monkeypatch.setattr(settings, "mail_url", url)
    send(compose(*MAIL))
    assert [line.split()[0].lower() for line in smtp.heard] == [b"ehlo", b"quit"]
    assert "email not sent" in log.getvalue()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_failure_is_logged(
    scheme: str, settings: Settings, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "mail_url", f"{scheme}://ann:hunter2@127.0.0.1:1")
    send(compose(*MAIL))
    assert "email not sent" in log.getvalue()
    assert "hunter2" not in log.getvalue()
