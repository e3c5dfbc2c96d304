"""Sending mail: to a folder in development, through SMTP in production."""

import smtplib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends import console, smtp
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.html import format_html
from rest_framework.response import Response

from apps.core.background import run_later
from apps.core.models import uuid7

log = structlog.get_logger()


def compose(to: str, subject: str, text: str, link: str) -> EmailMultiAlternatives:
    """A mail of plain text and HTML with one link."""
    message = EmailMultiAlternatives(subject, f"{text}\n\n{link}\n", to=[to])
    page = format_html('<p>{}</p>\n<p><a href="{}">{}</a></p>\n', text, link, link)
    message.attach_alternative(page, "text/html")
    return message


class Accepted(Response):
    """The same answer for all; the mail, if there is one, is composed and sent afterwards.

    It is sent in the background, since the client's next request waits until this one is closed.
    """

    def __init__(self, mail: Callable[[], EmailMessage] | None = None) -> None:
        super().__init__(status=202)
        self.mail = mail

    def close(self) -> None:
        super().close()
        if self.mail:
            run_later(compose_and_send, self.mail)


def compose_and_send(mail: Callable[[], EmailMessage]) -> None:
    send(mail())


def send(message: EmailMessage) -> None:
    """Deliver a mail; a failure is logged, since nobody waits for the answer."""
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        log.error("mail not sent", subject=message.subject, error=str(error))


def open_transport(**options: Any) -> BaseEmailBackend:
    """The backend that MAIL_URL names; Django calls this to send mail."""
    url = urlsplit(settings.MAIL_URL)
    match url.scheme:
        case "file":
            return FolderBackend(Path(url.netloc + url.path), **options)
        case "console":
            return console.EmailBackend(**options)
    return smtp.EmailBackend(
        host=url.hostname or "localhost",
        port=url.port or (465 if url.scheme == "smtps" else 587),
        username=unquote(url.username or ""),
        password=unquote(url.password or ""),
        # No password goes to a server without TLS.
        use_tls=url.scheme == "smtp" and bool(url.username),
        use_ssl=url.scheme == "smtps",
        timeout=10,
        **options,
    )


class FolderBackend(BaseEmailBackend):
    """Writes each mail as an .eml file."""

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(**options)
        self.folder = folder

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            path = self.folder / f"{uuid7()}.eml"
            partial = path.with_suffix(".partial")
            partial.write_bytes(message.message().as_bytes())
            partial.rename(path)
        return len(email_messages)
