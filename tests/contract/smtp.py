"""A mail server that keeps what it gets, and can leave a sender waiting for its answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Lock, Thread

ANSWERS = {b"data": b"354 go on", b"quit": b"221 bye"}


class MailServer(ThreadingTCPServer):
    """Takes every mail. It says so only once `answers` is set."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails: list[EmailMessage] = []
        self.lock = Lock()
        self.answers = Event()
        self.answers.set()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def to(self, email: str) -> list[EmailMessage]:
        with self.lock:
            return [mail for mail in self.mails if mail["To"] == email]


class _Conversation(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            command = line.strip().lower()
            self.wfile.write(ANSWERS.get(command, b"250 fine") + b"\r\n")
            if command == b"data":
                self._take()

    def _take(self) -> None:
        lines = list(iter(self.rfile.readline, b".\r\n"))
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        with self.server.lock:
            self.server.mails.append(mail)
        self.server.answers.wait(30)
        self.wfile.write(b"250 taken\r\n")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        yield server
        server.answers.set()
        server.shutdown()
