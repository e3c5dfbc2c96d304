"""HTTP clients that enter every answer in the record of the run."""

from __future__ import annotations

import json as jsonlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx

API = "/api/v1"
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Never used, but made anew for every transport that is not given one, which is slow."""

Watcher = Callable[[httpx.Response], None]


class Client:
    """Requests to one server. Paths lie under /api/v1; `root` has those that do not."""

    def __init__(
        self,
        url: str,
        watch: Watcher,
        *,
        token: str | None = None,
        prefix: str = API,
        source: str | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        self.url, self.watch, self.token, self.prefix = url, watch, token, prefix
        self.http = http or httpx.Client(
            base_url=url,
            transport=httpx.HTTPTransport(
                verify=NO_TLS,
                local_address=source,
                limits=httpx.Limits(max_connections=64, keepalive_expiry=2),
            ),
            timeout=30,
            trust_env=False,
        )

    @property
    def root(self) -> Client:
        return self.clone(prefix="")

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return parts.hostname or "127.0.0.1", parts.port or 80

    def clone(self, *, token: str | None = None, prefix: str | None = None) -> Client:
        """The same connections with another token or prefix."""
        return Client(
            self.url,
            self.watch,
            token=self.token if token is None else token,
            prefix=self.prefix if prefix is None else prefix,
            http=self.http,
        )

    def anonymous(self) -> Client:
        return Client(self.url, self.watch, prefix=self.prefix, http=self.http)

    def at(self, source: str) -> Client:
        """The same server, asked from another address of this machine, without a token."""
        return Client(self.url, self.watch, prefix=self.prefix, source=source)

    def request(
        self, method: str, path: str, *, headers: Any = None, **options: Any
    ) -> httpx.Response:
        sent = httpx.Headers(headers)
        if self.token is not None and "authorization" not in sent:
            sent["authorization"] = f"Bearer {self.token}"
        response = self.http.request(method, f"{self.prefix}{path}", headers=sent, **options)
        self.watch(response)
        return response

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return self.request("POST", path, **_body(json, options))

    def patch(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return self.request("PATCH", path, **_body(json, options))

    def delete(self, path: str, **options: Any) -> httpx.Response:
        return self.request("DELETE", path, **options)

    def follow(self, created: httpx.Response) -> httpx.Response:
        """Get what a `Location` names."""
        return self.follow_link(created, created.headers["location"])

    def follow_link(self, answer: httpx.Response, link: str) -> httpx.Response:
        """Get what a link in a response names."""
        return self.root.get(str(answer.url.join(link).raw_path, "ascii"))

    def message(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        headers: Sequence[tuple[str, str]] = (),
        content: bytes | None = None,
    ) -> bytes:
        """A request as bytes, for those who send it by hand."""
        body = content if content is not None else b""
        lines = [("Host", self.url.removeprefix("http://")), *headers]
        if json is not None:
            body = jsonlib.dumps(json).encode()
            lines.append(("Content-Type", "application/json"))
        if self.token is not None:
            lines.append(("Authorization", f"Bearer {self.token}"))
        names = {name.casefold() for name, _ in lines}
        if body and not names & {"content-length", "transfer-encoding"}:
            lines.append(("Content-Length", str(len(body))))
        head = [f"{method} {self.prefix}{path} HTTP/1.1"]
        head += [f"{name}: {value}" for name, value in lines]
        return "\r\n".join([*head, "", ""]).encode("latin-1") + body

    def raw(
        self, message: bytes, more: Iterable[bytes] = (), *, watched: bool = True
    ) -> httpx.Response | None:
        """Send bytes as they are. None: the server closed the connection without an answer."""
        with socket.create_connection(self.address, timeout=30) as connection:
            try:
                connection.sendall(message)
                for part in more:
                    connection.sendall(part)
            except OSError:
                pass  # It may answer, and close, before it has read everything.
            return self.answer(connection, message, watched=watched)

    def race(self, messages: Sequence[bytes]) -> list[httpx.Response]:
        """Send requests so that all of them arrive at once: the last byte of each comes last."""
        host, port = self.address
        connections = [socket.create_connection((host, port), timeout=30) for _ in messages]
        try:
            for connection, message in zip(connections, messages, strict=True):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.sendall(message[:-1])
            gate = threading.Barrier(len(messages))

            def finish(connection: socket.socket, message: bytes) -> httpx.Response:
                gate.wait(30)
                connection.sendall(message[-1:])
                answer = self.answer(connection, message)
                assert answer is not None, "a request of the race went without an answer"
                return answer

            with ThreadPoolExecutor(len(messages)) as pool:
                return list(pool.map(finish, connections, messages))
        finally:
            for connection in connections:
                connection.close()

    def answer(
        self, connection: socket.socket, message: bytes, *, watched: bool = True
    ) -> httpx.Response | None:
        """Read the answer to a request that was sent by hand."""
        method, path, *_ = message.decode("latin-1").split(" ", 2)
        reader = HTTPResponse(connection, method=method)
        try:
            reader.begin()
            content = reader.read()
        except TimeoutError:
            raise  # The server has the request, and neither answers nor closes the connection.
        except (HTTPException, OSError):
            return None
        response = httpx.Response(reader.status, headers=reader.getheaders(), content=content)
        response.request = httpx.Request(method, self.url + path)
        if watched:
            self.watch(response)
        return response


def _body(json: Any, options: dict[str, Any]) -> dict[str, Any]:
    """JSON as any client would write it, lone surrogates and NaN included."""
    if json is None:
        return options
    headers = httpx.Headers(options.pop("headers", None))
    headers.setdefault("content-type", "application/json")
    return {**options, "content": jsonlib.dumps(json).encode(), "headers": headers}
