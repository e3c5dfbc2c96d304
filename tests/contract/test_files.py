"""Files: what clients upload, and how they get it back."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import httpx2 as httpx
import pytest

from .client import API, Client
from .expect import expect_invalid, expect_problem
from .openapi import Document
from .people import Host
from .polling import wait_until
from .record import TIME
from .resource import Resource
from .site import ORIGIN, Site
from .stores import Folder, Store, s3

pytestmark = pytest.mark.storage

TEXT = b"0123456789 and more"
READABLE = {
    "image/png": b"\x89PNG\r\n\x1a\n....",
    "image/jpeg": b"\xff\xd8\xff\xe0....",
    "image/gif": b"GIF89a....",
    "image/webp": b"RIFF\x04\0\0\0WEBP",
    "application/pdf": b"%PDF-1.7\n",
    "application/zip": b"PK\x03\x04....",
    "text/plain": "Grüße".encode(),
    "text/csv": b"a,b\n1,2\n",
}
NOWHERE = "01890000-0000-7000-8000-000000000000"

Upload = Callable[..., dict[str, Any]]


S3 = pytest.param("s3", marks=[pytest.mark.more_servers, pytest.mark.contract("files.s3")])


@pytest.fixture(scope="module", params=["folder", S3])
def stored(request: pytest.FixtureRequest, site: Site) -> Iterator[tuple[Host, Store]]:
    """A server, and the storage that it keeps its files in."""
    if request.param == "folder":
        host = site.host("main")
        assert host.server is not None
        yield host, Folder.of(host.server.settings)
        return
    with s3() as bucket:
        database = site.databases.copy(site.prepared)
        with site.server("s3", database, WORKERS="2", **bucket.settings) as server:
            yield site.as_host(server), bucket


@pytest.fixture(scope="module")
def owner(stored: tuple[Host, Store], document: Document) -> Client:
    host, _ = stored
    return host.person() if document.has_auth else host.client


@pytest.fixture(scope="module")
def other(stored: tuple[Host, Store]) -> Client:
    return stored[0].person()


@pytest.fixture(scope="module")
def store(stored: tuple[Host, Store]) -> Store:
    return stored[1]


def send(
    client: Client, content: bytes = TEXT, kind: str = "text/plain", name: str = "notes.txt"
) -> httpx.Response:
    return client.post("/files", files={"file": (name, content, kind)})


def send_form(client: Client, disposition: bytes) -> httpx.Response:
    """Send a form whose only part has this header, byte for byte."""
    head = b"Content-Disposition: form-data; " + disposition + b"\r\nContent-Type: text/plain"
    content = b"--limit\r\n" + head + b"\r\n\r\n" + TEXT + b"\r\n--limit--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=limit"}
    return client.post("/files", content=content, headers=headers)


@pytest.fixture(scope="module")
def upload(owner: Client) -> Upload:
    def make(
        content: bytes = TEXT,
        kind: str = "text/plain",
        name: str = "notes.txt",
        client: Client = owner,
    ) -> dict[str, Any]:
        answer = send(client, content, kind, name)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return make


@pytest.mark.contract("files.upload", "conventions.created")
def test_an_upload_is_described(owner: Client) -> None:
    answer = send(owner, b"a,b\n1,2\n", "text/csv", "numbers.csv")
    assert answer.status_code == 201, answer.text
    file = answer.json()
    assert set(file) == {"id", "name", "content_type", "size", "sha256", "created_at"}
    assert (file["name"], file["content_type"], file["size"]) == ("numbers.csv", "text/csv", 8)
    assert file["sha256"] == hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    assert TIME.fullmatch(file["created_at"])
    assert owner.follow(answer).json() == file


@pytest.mark.contract("files.upload")
def test_a_file_may_be_empty(owner: Client, upload: Upload) -> None:
    file = upload(b"")
    assert (file["size"], file["sha256"]) == (0, hashlib.sha256(b"").hexdigest())
    assert owner.get(f"/files/{file['id']}/content").content == b""


@pytest.mark.contract("files.upload")
def test_parameters_of_the_type_are_left_out(upload: Upload) -> None:
    assert upload(kind="Text/Plain; charset=utf-8")["content_type"] == "text/plain"


@pytest.mark.contract("files.name")
@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\Users\\\\ada\\\\notes.txt", "notes.txt"),
        ("Grüße 茶.txt", "Grüße 茶.txt"),
        ("a\x01b\x7fc.txt", "abc.txt"),
        (f"{'x' * 300}.txt", f"{'x' * 251}.txt"),
    ],
)
def test_a_name_is_the_last_part_of_the_path(
    owner: Client, store: Store, sent: str, name: str
) -> None:
    answer = send_form(owner, b'name="file"; filename="' + sent.encode() + b'"')
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == name
    assert not any(name in key for key in store.names())


@pytest.mark.contract("files.slow")
def test_a_slow_upload_keeps_nobody_waiting(owner: Client, upload: Upload) -> None:
    kind = ("Content-Type", "multipart/form-data; boundary=limit")
    head = owner.message("POST", "/files", headers=[kind, ("Content-Length", "1000")])
    with socket.create_connection(owner.address, timeout=30) as connection:
        connection.sendall(head + b"--limit\r\n")
        time.sleep(0.5)  # until the server has begun to read it
        assert upload()["size"] == len(TEXT)


@pytest.mark.contract("files.missing", "errors.pointer")
def test_a_form_without_a_file_is_invalid(owner: Client) -> None:
    expect_invalid(owner.post("/files", files={"other": ("a.txt", TEXT)}), "#/file")
    expect_invalid(send_form(owner, b'name="file"'), "#/file")


@pytest.mark.contract("files.missing", "input.not-json")
def test_another_body_than_a_form_is_415(owner: Client) -> None:
    expect_problem(owner.post("/files", {"file": "x"}), 415)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    expect_problem(owner.post("/files", content=b"file=x", headers=form), 415)
    expect_problem(owner.post("/files", content=b"x", headers={"Content-Type": "x"}), 415)


@pytest.mark.contract("files.missing", "input.never-5xx")
@pytest.mark.parametrize("content", [b"", b"x", b"--limit", b"--limit\r\n\r\n", b"--limit--\r\n"])
@pytest.mark.parametrize("kind", ["; boundary=limit", "; boundary=", ""])
def test_an_unreadable_form_is_the_clients_error(owner: Client, content: bytes, kind: str) -> None:
    headers = {"Content-Type": f"multipart/form-data{kind}"}
    answer = owner.post("/files", content=content, headers=headers)
    assert answer.status_code in (400, 415, 422), answer.text


@pytest.mark.contract("files.types")
@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/octet-stream", "x"])
def test_other_types_are_415(owner: Client, kind: str) -> None:
    before = owner.get("/files").json()["total"]
    expect_problem(send(owner, kind=kind), 415)
    assert owner.get("/files").json()["total"] == before


@pytest.mark.contract("files.contents")
@pytest.mark.parametrize("kind", READABLE)
def test_first_bytes_fit_the_type(owner: Client, upload: Upload, kind: str) -> None:
    assert upload(READABLE[kind], kind)["content_type"] == kind
    for claimed in READABLE.keys() - {"text/plain", "text/csv"} - {kind}:
        expect_problem(send(owner, READABLE[kind], claimed), 415)


@pytest.mark.contract("files.contents")
@pytest.mark.parametrize("start", [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"])
def test_an_archive_may_be_empty_or_one_of_several_parts(upload: Upload, start: bytes) -> None:
    assert upload(start + b"....", "application/zip")["content_type"] == "application/zip"


@pytest.mark.contract("files.contents")
@pytest.mark.parametrize("kind", ["text/plain", "text/csv"])
@pytest.mark.parametrize(
    "content", [b"MZ\x90\0\x03", READABLE["image/png"], READABLE["image/webp"]]
)
def test_text_is_text(owner: Client, content: bytes, kind: str) -> None:
    expect_problem(send(owner, content, kind), 415)


@pytest.mark.contract("files.list")
def test_files_are_listed_by_pages(
    stored: tuple[Host, Store], document: Document, upload: Upload
) -> None:
    host, _ = stored
    client = host.person() if document.has_auth else host.client
    marker = "Ёлка 100%" if document.has_auth else f"Ёлка 100% {dt.datetime.now(dt.UTC)}"
    names = [f"{marker} {letter}.txt" for letter in "bca"]
    made = [upload(b"x" * size, name=name, client=client) for size, name in enumerate(names)]
    upload(name="another.txt", client=client)

    def found(**query: Any) -> list[str]:
        page = client.get("/files", params={"q": marker.lower(), **query}).json()
        assert page["total"] == 3
        return [file["name"][-5] for file in page["items"]]

    assert found() == ["a", "c", "b"]
    assert found(sort="name") == ["a", "b", "c"]
    assert found(sort="size", size=2) == ["b", "c"]
    assert found(sort="-size", size=2, page=2) == ["b"]
    (first,) = client.get("/files", params={"q": marker, "sort": "created_at", "size": 1}).json()[
        "items"
    ]
    assert first == made[0]
    expect_invalid(client.get("/files?sort=sha256"), parameter="sort")


@pytest.mark.contract("files.owner", "conventions.foreign-objects")
@pytest.mark.auth
def test_a_file_is_its_owners_alone(owner: Client, other: Client, upload: Upload) -> None:
    file = upload()
    url = f"/files/{file['id']}"
    assert other.get("/files").json()["total"] == 0
    for answer in (
        other.get(url),
        other.get(f"{url}/content"),
        other.post(f"{url}/links", {}),
        other.delete(url),
    ):
        expect_problem(answer, 404)
    assert owner.get(url).json() == file


@pytest.mark.contract("files.owner", "errors.not-authenticated")
@pytest.mark.auth
def test_files_need_a_login(owner: Client, upload: Upload) -> None:
    url, nobody = f"/files/{upload()['id']}", owner.anonymous()
    for answer in (
        send(nobody),
        nobody.get("/files"),
        nobody.get(url),
        nobody.get(f"{url}/content"),
        nobody.post(f"{url}/links", {}),
        nobody.delete(url),
    ):
        expect_problem(answer, 401, "not-authenticated")


@pytest.mark.contract("files.delete", "conventions.deleted")
def test_deleting_a_file_deletes_its_bytes(owner: Client, upload: Upload, store: Store) -> None:
    before = store.names()
    url = f"/files/{upload()['id']}"
    assert len(store.names() - before) == 1
    assert owner.delete(url).status_code == 204
    assert not store.names() - before
    for answer in (owner.get(url), owner.get(f"{url}/content"), owner.delete(url)):
        expect_problem(answer, 404)


@pytest.mark.contract("files.delete-account", "files.links-end")
@pytest.mark.auth
def test_deleting_an_account_deletes_its_files(stored: tuple[Host, Store], upload: Upload) -> None:
    host, store = stored
    before, leaving = store.names(), host.person()
    link = leaving.post(f"/files/{upload(client=leaving)['id']}/links", {})
    assert link.status_code == 201, link.text
    assert len(store.names() - before) == 1
    assert leaving.delete("/users/me").status_code == 204
    wait_until(lambda: store.names() <= before, "the bytes are deleted", 5)
    expect_problem(host.client.follow_link(link, link.json()["url"]), 404)


@pytest.mark.contract("files.links-end")
@pytest.mark.auth
def test_the_links_of_a_deactivated_account_end(stored: tuple[Host, Store], upload: Upload) -> None:
    host, _ = stored
    person = host.person()
    link = person.post(f"/files/{upload(client=person)['id']}/links", {})
    answer = host.admin().patch(f"/users/{person.id}", {"is_active": False})
    assert answer.status_code == 200, answer.text
    expect_problem(host.client.follow_link(link, link.json()["url"]), 404)


def expect_gone(resource: Resource, row: dict[str, Any]) -> None:
    """The row and the files that it refers to are no longer there."""
    expect_problem(resource.owner.get(resource.url(row)), 404)
    for name, field in resource.fields.items():
        if resource.is_file(field) and row[name]:
            expect_problem(resource.owner.get(f"/files/{row[name]}"), 404)


@pytest.mark.contract("files.delete-row")
def test_a_file_goes_with_the_last_row_that_refers_to_it(resources: list[Resource]) -> None:
    for resource in resources:
        for name in (name for name, field in resource.fields.items() if resource.is_file(field)):
            first = resource.make(whole=True)
            again = resource.owner.post(resource.path, resource.body({name: first[name]}))
            assert resource.owner.delete(resource.url(first)).status_code == 204
            if again.status_code == 201:  # the field is not unique
                file = resource.owner.get(f"/files/{first[name]}")
                assert file.status_code == 200
                assert resource.owner.delete(resource.url(again.json())).status_code == 204
            expect_gone(resource, first)


@pytest.mark.contract("files.delete-row", "resources.delete-referenced")
def test_files_go_with_rows_that_go_with_another(resources: list[Resource]) -> None:
    paths = ["/files", *(resource.path for resource in resources)]
    for resource in resources:
        for name, field in resource.fields.items():
            if not field.is_reference or field.is_many:
                continue
            row = resource.make(overrides={name: resource.value(field)}, whole=True)
            for path in (f"{path}/{row[name]}" for path in paths):
                if resource.owner.get(path).status_code == 200:
                    resource.owner.delete(path)
                    if resource.owner.get(resource.url(row)).status_code == 404:
                        expect_gone(resource, row)


@pytest.mark.contract("files.delete-row", "files.delete-account")
@pytest.mark.auth
def test_files_go_with_rows_that_go_with_an_account_of_another(
    resources: list[Resource], host: Host
) -> None:
    for resource in resources:
        for name, field in resource.fields.items():
            if not field.is_reference or field.is_many or resource.is_file(field):
                continue
            leaving = host.person()
            body = resource.body({name: leaving.id}, whole=True)
            made = resource.owner.post(resource.path, body)
            if made.status_code == 201:  # and not a reference to something else
                assert leaving.delete("/users/me").status_code == 204
                if resource.owner.get(resource.url(made.json())).status_code == 404:
                    expect_gone(resource, made.json())


def disposition(answer: httpx.Response) -> str:
    """Return the name under which a browser would save the answer (RFC 6266)."""
    kind, _, parameters = answer.headers["content-disposition"].partition(";")
    assert kind == "attachment"
    if extended := re.search(r"filename\*=utf-8''([^;]+)", parameters, re.IGNORECASE):
        return unquote(extended[1], errors="strict")
    plain = re.search(r'filename=(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))', parameters)
    assert plain, parameters
    return re.sub(r"\\(.)", r"\1", plain[1]) if plain[1] is not None else plain[2]


@pytest.mark.contract("files.content", "headers.security")
@pytest.mark.parametrize("name", ["notes.txt", "two words.txt", 'a"b;c.txt', "Grüße 茶.txt"])
def test_the_content_is_an_attachment(owner: Client, upload: Upload, name: str) -> None:
    file = upload(name=name)
    answer = owner.get(f"/files/{file['id']}/content")
    assert (answer.status_code, answer.content) == (200, TEXT)
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["content-length"] == str(len(TEXT))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "private" in answer.headers["cache-control"]
    assert disposition(answer) == file["name"]
    if not name.isascii():
        assert "filename*=" in answer.headers["content-disposition"].lower()


@pytest.mark.contract("files.content", "conventions.head")
def test_the_head_of_a_content_is_that_of_the_whole(owner: Client, upload: Upload) -> None:
    url = f"/files/{upload()['id']}/content"
    head, get = owner.request("HEAD", url, headers={"Range": "bytes=0-4"}), owner.get(url)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "content-type", "content-disposition", "etag", "accept-ranges"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.contract("cors.named", "files.ranges")
def test_a_named_origin_may_read_ranges_and_names(host: Host) -> None:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match,if-range,range",
    }
    preflight = host.client.root.request("OPTIONS", "/health/live", headers=asked)
    allowed = preflight.headers["access-control-allow-headers"].lower()
    assert all(name in allowed for name in ("if-none-match", "if-range", "range"))
    answer = host.client.root.get("/health/live", headers={"Origin": ORIGIN})
    exposed = answer.headers["access-control-expose-headers"].lower()
    assert all(name in exposed for name in ("content-disposition", "content-range", "etag"))


@pytest.mark.contract("files.content", "conventions.malformed-id")
@pytest.mark.parametrize("id", [NOWHERE, "x"])
def test_what_is_not_there_is_404(owner: Client, id: str) -> None:
    for path in (f"/files/{id}", f"/files/{id}/content"):
        expect_problem(owner.get(path), 404)
    expect_problem(owner.post(f"/files/{id}/links", {}), 404)


@pytest.mark.contract("files.etag")
def test_the_etag_is_that_of_the_bytes(owner: Client, upload: Upload) -> None:
    one, same, changed = upload(), upload(name="copy.txt"), upload(b"other bytes")
    tags = [
        owner.get(f"/files/{file['id']}/content").headers["etag"] for file in (one, same, changed)
    ]
    assert tags[0] == tags[1] != tags[2]
    assert all(re.fullmatch(r'"[^"]+"', tag) for tag in tags)
    url = f"/files/{one['id']}/content"
    for header in (tags[0], f'"x", {tags[0]}', f"W/{tags[0]}", "*"):
        answer = owner.get(url, headers={"If-None-Match": header})
        assert (answer.status_code, answer.content) == (304, b""), header
        assert answer.headers["etag"] == tags[0]
    assert owner.get(url, headers={"If-None-Match": tags[2]}).status_code == 200


@pytest.mark.contract("files.ranges")
@pytest.mark.parametrize(
    ("range_", "start", "end"),
    [("0-4", 0, 5), ("5-", 5, 19), ("-4", 15, 19), ("0-0", 0, 1), ("2-999", 2, 19), ("-99", 0, 19)],
)
def test_a_range_is_a_part(
    owner: Client, upload: Upload, range_: str, start: int, end: int
) -> None:
    url = f"/files/{upload()['id']}/content"
    answer = owner.get(url, headers={"Range": f"bytes={range_}"})
    assert (answer.status_code, answer.content) == (206, TEXT[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(TEXT)}"
    assert answer.headers["content-length"] == str(end - start)
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["etag"] == owner.get(url).headers["etag"]


@pytest.mark.contract("files.ranges", "errors.problem")
@pytest.mark.parametrize("range_", ["19-", "100-200", "-0"])
def test_a_range_beyond_the_end_is_416(owner: Client, upload: Upload, range_: str) -> None:
    url = f"/files/{upload()['id']}/content"
    answer = owner.get(url, headers={"Range": f"bytes={range_}"})
    expect_problem(answer, 416)
    assert answer.headers["content-range"] == f"bytes */{len(TEXT)}"


@pytest.mark.contract("files.ranges")
@pytest.mark.parametrize(
    "header", ["bytes=0-1,3-4", "items=0-1", "bytes=x", "bytes=4-2", "bytes=-", "bytes=+1-2", "x"]
)
def test_other_ranges_are_the_whole_file(owner: Client, upload: Upload, header: str) -> None:
    url = f"/files/{upload()['id']}/content"
    answer = owner.get(url, headers={"Range": header})
    assert (answer.status_code, answer.content) == (200, TEXT)


@pytest.mark.contract("files.ranges")
def test_a_range_of_another_version_is_the_whole_file(owner: Client, upload: Upload) -> None:
    url = f"/files/{upload()['id']}/content"
    tag = owner.get(url).headers["etag"]
    expected = {tag: 206, '"x"': 200, f"W/{tag}": 200, "Sat, 29 Oct 1994 19:43:31 GMT": 200}
    for condition, status in expected.items():
        answer = owner.get(url, headers={"Range": "bytes=0-4", "If-Range": condition})
        assert answer.status_code == status, condition


@pytest.mark.contract("files.links", "conventions.created")
def test_a_link_downloads_without_a_login(owner: Client, upload: Upload) -> None:
    made = owner.post(f"/files/{upload()['id']}/links", {})
    assert made.status_code == 201, made.text
    link, before = made.json(), dt.datetime.now(dt.UTC)
    assert set(link) == {"url", "expires_at"}
    assert link["url"] == made.headers["location"]
    assert link["url"].startswith(f"{owner.url}{API}/files/")
    assert TIME.fullmatch(link["expires_at"])
    hour = dt.datetime.fromisoformat(link["expires_at"]) - before
    assert dt.timedelta(minutes=59) < hour < dt.timedelta(minutes=61)
    nobody = owner.anonymous()
    answer = nobody.follow_link(made, link["url"])
    assert (answer.status_code, answer.content) == (200, TEXT)
    assert disposition(answer) == "notes.txt"
    path = link["url"].removeprefix(owner.url + API)
    part = nobody.get(path, headers={"Range": "bytes=0-4"})
    assert (part.status_code, part.content) == (206, TEXT[:5])


@pytest.mark.contract("files.links")
def test_a_link_lasts_seven_days_at_most(owner: Client, upload: Upload) -> None:
    url = f"/files/{upload()['id']}/links"
    assert owner.post(url, {"expires_in": 604_800}).status_code == 201
    for seconds in (0, -1, 604_801, "60", 1.5, None, True):
        expect_invalid(owner.post(url, {"expires_in": seconds}), "#/expires_in")


@pytest.mark.contract("files.links-end", "errors.forbidden")
def test_a_link_ends(owner: Client, upload: Upload) -> None:
    file, nobody = upload(), owner.anonymous()
    made = owner.post(f"/files/{file['id']}/links", {"expires_in": 1})
    ends = dt.datetime.fromisoformat(made.json()["expires_at"]) + dt.timedelta(seconds=1)
    wait_until(lambda: dt.datetime.now(dt.UTC) > ends, "the link expires", 5)
    expired = nobody.follow_link(made, made.json()["url"])
    assert "expired" in expect_problem(expired, 403, "forbidden")["detail"]


@pytest.mark.contract("files.links-end")
def test_an_altered_link_is_403(owner: Client, upload: Upload) -> None:
    file, another, nobody = upload(), upload(), owner.anonymous()
    path = owner.post(f"/files/{file['id']}/links", {}).json()["url"].partition(API)[2]
    middle = path.index("=") + 10
    swapped = "A" if path[middle] != "A" else "B"
    altered = [
        path[:middle] + swapped + path[middle + 1 :],
        path[:-5],
        path.partition("=")[0] + "=",
        path.partition("=")[0] + "=%00",
        path.replace(file["id"], another["id"]),
        path.replace(file["id"], NOWHERE),
    ]
    for link in altered:
        expect_problem(nobody.get(link), 403, "forbidden")
    expect_invalid(nobody.get(f"/files/{file['id']}/download"), parameter="token")
    assert owner.delete(f"/files/{file['id']}").status_code == 204
    expect_problem(nobody.get(path), 404)


@pytest.mark.contract("files.kinds", "tokens.kinds")
@pytest.mark.auth
def test_tokens_of_links_and_of_logins_are_no_substitutes(owner: Client, upload: Upload) -> None:
    file = upload()
    link = owner.post(f"/files/{file['id']}/links", {}).json()["url"]
    token = unquote(link.partition("token=")[2])
    expect_problem(owner.clone(token=token).get("/users/me"), 401, "invalid-token")
    path = f"/files/{file['id']}/download"
    answer = owner.anonymous().get(path, params={"token": owner.token})
    expect_problem(answer, 403, "forbidden")
