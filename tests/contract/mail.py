"""The mails of a server: one .eml file each in a folder."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

VERIFY, RESET = "/verify-email", "/reset-password"


@dataclass(frozen=True)
class Mail:
    message: EmailMessage

    @property
    def to(self) -> str:
        return str(self.message["To"])

    def part(self, subtype: str) -> str:
        body = self.message.get_body((subtype,))
        return str(body.get_content()) if body else ""

    def links(self) -> list[str]:
        return re.findall(r"https?://[^\s<>\"']+", self.part("plain"))

    def link(self, path: str) -> str | None:
        found = [link for link in self.links() if urlsplit(link).path.endswith(path)]
        return found[0] if found else None

    def token(self, path: str) -> str | None:
        link = self.link(path)
        return parse_qs(urlsplit(link).query)["token"][0] if link else None


class Mailbox:
    """Finds mails by their reader; waits, since a server may send after it has answered."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._read: dict[str, tuple[int, Mail]] = {}

    def to(self, email: str) -> list[Mail]:
        """The mails to an address so far, oldest first."""
        for file in self.directory.glob("*.eml"):
            stat = file.stat()
            if self._read.get(file.name, (-1,))[0] != stat.st_size:
                message = message_from_bytes(file.read_bytes(), policy=policy.default)
                self._read[file.name] = (stat.st_size, Mail(message))
        mails = [
            ((self.directory / name).stat().st_mtime_ns, mail)
            for name, (_, mail) in self._read.items()
            if email.casefold() in mail.to.casefold()
        ]
        return [mail for _, mail in sorted(mails, key=lambda found: found[0])]

    def wait(self, email: str, count: int = 1, timeout: float = 10) -> list[Mail]:
        """Wait until there are that many mails to an address."""
        deadline = time.monotonic() + timeout
        while len(mails := self.to(email)) < count or not mails[-1].part("plain"):
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(mails)} of {count} mails to {email} came")
            time.sleep(0.01)
        return mails

    def token(self, email: str, path: str, timeout: float = 10) -> str:
        """Wait for the newest mail with a link of that kind, and take its token."""
        return self.tokens(email, path, 1, timeout)[-1]

    def tokens(self, email: str, path: str, count: int, timeout: float = 10) -> list[str]:
        deadline = time.monotonic() + timeout
        while True:
            found = [token for mail in self.to(email) if (token := mail.token(path))]
            if len(found) >= count:
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(found)} of {count} mails to {email} link to {path}")
            time.sleep(0.01)
