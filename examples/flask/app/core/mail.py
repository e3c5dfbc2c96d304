"""Sending email: to a folder in development, through SMTP in production."""

import html
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import structlog

from app.core.config import get_settings
from app.core.database import uuid7

log = structlog.get_logger()


def compose(to: str, subject: str, text: str, link: str) -> EmailMessage:
    """An email in plain text and HTML, with one link."""
    message = EmailMessage()
    message["From"] = get_settings().mail_from
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid()
    # Without line breaks, so that the link can be copied from the file.
    message.set_content(f"{text}\n\n{link}\n", cte="8bit")
    address = html.escape(link)
    message.add_alternative(
        f'<p>{html.escape(text)}</p>\n<p><a href="{address}">{address}</a></p>\n', subtype="html"
    )
    return message


def build_and_send(build: Callable[..., EmailMessage], *arguments: Any) -> None:
    """For background jobs, so that response times do not tell whether there is an account."""
    send(build(*arguments))


def send(message: EmailMessage) -> None:
    """Deliver an email as MAIL_URL says; a failure is logged, since no client waits for it."""
    url = urlsplit(get_settings().mail_url)
    try:
        match url.scheme:
            case "file":
                write_file(Path(url.netloc + url.path), message)
            case "smtp" | "smtps":
                send_smtp(url, message)
            case "console":
                print(message.as_string())
    except (OSError, smtplib.SMTPException) as error:
        log.error("email not sent", subject=message["Subject"], error=str(error))


def write_file(folder: Path, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid7()}.eml"
    partial = path.with_suffix(".partial")
    partial.write_bytes(message.as_bytes())
    partial.rename(path)


def send_smtp(url: SplitResult, message: EmailMessage) -> None:
    host, context = url.hostname or "localhost", ssl.create_default_context()
    smtp = (
        smtplib.SMTP_SSL(host, url.port or 465, timeout=10, context=context)
        if url.scheme == "smtps"
        else smtplib.SMTP(host, url.port or 587, timeout=10)
    )
    with smtp:
        smtp.ehlo_or_helo_if_needed()
        if url.scheme == "smtp" and (url.username or smtp.has_extn("starttls")):
            # A password is never sent without TLS.
            smtp.starttls(context=context)
        if url.username:
            smtp.login(unquote(url.username), unquote(url.password or ""))
        smtp.send_message(message)
