"""Files in their storage: how large they are, what a crash leaves, and a storage that is away."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .client import Client
from .expect import expect_problem
from .openapi import Document
from .people import Host
from .server import CommandError, Server, free_port
from .site import Site
from .stores import KEYS, Folder, Store, s3
from .test_files import TEXT, send

pytestmark = [pytest.mark.storage, pytest.mark.more_servers]

MIB = 1024 * 1024
LIMIT = 40 * MIB
HOUR = dt.timedelta(hours=1)


@contextmanager
def serving(site: Site, **settings: str) -> Iterator[Host]:
    with site.server("files", site.databases.copy(site.prepared), **settings) as server:
        yield site.as_host(server)


def somebody(host: Host, document: Document) -> Client:
    return host.person() if document.has_auth else host.client


@pytest.fixture(scope="module")
def limited(site: Site) -> Iterator[Host]:
    """A server that takes large files, and small bodies of other requests."""
    with serving(
        site, MAX_UPLOAD_BYTES=str(LIMIT), MAX_BODY_BYTES="2000", UPLOAD_TYPES="text/csv"
    ) as host:
        yield host


@pytest.fixture(scope="module")
def owner(limited: Host, document: Document) -> Client:
    return somebody(limited, document)


def peak(server: Server | None) -> int:
    """Return the most memory that a process of the server has had, in MiB."""
    assert server is not None
    assert server.process is not None
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            group = int((status.parent / "stat").read_text().rpartition(")")[2].split()[2])
            line = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        except OSError:
            continue
        if group == server.process.pid and line:
            found.append(int(line[1]) // 1024)
    return max(found)


@pytest.mark.contract("files.memory", "files.limit")
def test_a_large_file_takes_no_more_memory(limited: Host, owner: Client) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("no /proc tells how much memory a process takes")
    assert send(owner, b"x", "text/csv").status_code == 201
    before = peak(limited.server)
    made = send(owner, b"0,1,2,3\n" * (LIMIT // 8), "text/csv")
    assert made.status_code == 201, made.text
    assert made.json()["size"] == LIMIT
    whole = owner.get(f"/files/{made.json()['id']}/content")
    assert len(whole.content) == LIMIT
    assert peak(limited.server) - before < LIMIT // MIB // 2


@pytest.mark.contract("files.limit", "errors.titles")
def test_a_larger_file_is_413(owner: Client) -> None:
    answer = send(owner, b"0,1,2,3\n" * (LIMIT // 8) + b"\n", "text/csv")
    expect_problem(answer, 413)


def _message(client: Client, *headers: tuple[str, str]) -> bytes:
    kind = ("Content-Type", "multipart/form-data; boundary=limit")
    return client.message("POST", "/files", headers=[kind, *headers])


@pytest.mark.contract("files.limit")
def test_a_larger_file_in_chunks_is_413(owner: Client) -> None:
    start = (
        b'--limit\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\n"
    )
    parts = itertools.chain([start], itertools.repeat(b"x" * 65536, LIMIT // 65536 + 32))
    chunks = (b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    answer = owner.raw(_message(owner, ("Transfer-Encoding", "chunked")), chunks)
    if answer is not None:  # The connection may also be closed on who does not stop sending.
        expect_problem(answer, 413)
    assert owner.get("/files").status_code == 200


@pytest.mark.contract("files.limit")
def test_a_larger_file_is_refused_by_its_length_alone(owner: Client) -> None:
    answer = owner.raw(_message(owner, ("Content-Length", str(10**12))) + b"--limit\r\n")
    assert answer is not None
    expect_problem(answer, 413)


@pytest.mark.contract("files.limit", "input.too-large-configurable")
def test_other_routes_keep_their_limit(owner: Client, document: Document) -> None:
    path = "/auth/login" if document.has_auth else document.resources()[0]
    expect_problem(owner.post(path, {"x": "x" * 2000}), 413)


@pytest.mark.contract("files.types")
def test_a_setting_names_the_types(owner: Client) -> None:
    assert send(owner, b"a,b", "text/csv").status_code == 201
    expect_problem(send(owner, TEXT, "text/plain"), 415)


@pytest.fixture(params=["folder", "s3"])
def swept(
    request: pytest.FixtureRequest, site: Site, tmp_path: Path
) -> Iterator[tuple[Host, Store]]:
    if request.param == "folder":
        store = Folder(tmp_path / "storage")
        with serving(site, **store.settings) as host:
            yield host, store
        return
    with s3() as bucket, serving(site, **bucket.settings) as host:
        yield host, bucket


@pytest.mark.contract("files.sweep")
def test_bytes_that_no_row_knows_are_swept(swept: tuple[Host, Store], document: Document) -> None:
    host, store = swept
    assert host.server is not None
    owner = somebody(host, document)
    file = send(owner).json()
    (key,) = store.names()
    orphan, fresh = (secrets.token_hex(len(key) // 2) for _ in range(2))
    store.put(orphan, HOUR * 1.1)
    store.put(fresh, HOUR * 0.9)
    store.put("notes.txt", HOUR * 2)
    said = host.server.project.poe("sweep-files", settings=host.server.settings).stdout
    assert re.search(r"\b1\b", said), said
    assert store.names() == {key, fresh, "notes.txt"}
    assert owner.get(f"/files/{file['id']}/content").content == TEXT
    said = host.server.project.poe("sweep-files", settings=host.server.settings).stdout
    assert re.search(r"\b0\b", said), said


@pytest.mark.contract("files.storage-away")
def test_a_storage_that_is_away_is_503_until_it_is_back(site: Site, document: Document) -> None:
    port = free_port()
    away = {"STORAGE_URL": "s3://uploads/shop", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    with serving(site, **away, **KEYS) as host:
        owner = somebody(host, document)
        expect_problem(send(owner), 503)
        with s3(port):
            made = send(owner)
            assert made.status_code == 201, made.text
            url = f"/files/{made.json()['id']}"
            assert owner.get(f"{url}/content").content == TEXT
        expect_problem(owner.get(f"{url}/content"), 503)
        assert owner.get(url).status_code == 200
        assert owner.delete(url).status_code == 204


@pytest.mark.contract("files.storage-url")
@pytest.mark.parametrize("url", ["ftp://example.com/files", "s3://", "storage"])
def test_a_server_does_not_start_without_a_storage(site: Site, url: str) -> None:
    server = site.server("url", site.databases.copy(site.prepared), STORAGE_URL=url)
    with pytest.raises(CommandError, match="STORAGE_URL"), server:
        pass
