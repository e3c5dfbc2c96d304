"""Sending email: to a folder in development, by SMTP in production."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends import console, smtp
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.html import format_html

from apps.core.background import run_later
from apps.core.models import uuid7


def compose(to: str, subject: str, text: str, link: str) -> EmailMultiAlternatives:
    """Return an email of plain text and HTML with one link."""
    message = EmailMultiAlternatives(subject, f"{text}\n\n{link}\n", to=[to])
    page = format_html('<p>{}</p>\n<p><a href="{}">{}</a></p>\n', text, link, link)
    message.attach_alternative(page, "text/html")
    return message


def send_later(email: Callable[..., EmailMessage], *args: Any) -> None:
    """Write and send an email in the background, so that no response takes longer for it."""
    run_later(lambda: email(*args).send())


def open_transport(**options: Any) -> BaseEmailBackend:
    """Return the backend that MAIL_URL names; Django calls this to send email."""
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
        # No password is sent to a server without TLS.
        use_tls=url.scheme == "smtp" and bool(url.username),
        use_ssl=url.scheme == "smtps",
        timeout=10,
        **options,
    )


class FolderBackend(BaseEmailBackend):
    """Writes each email to an .eml file."""

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
