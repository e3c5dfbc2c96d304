"""Uploads: what is stored, and what is refused."""

import hashlib
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test.client import BOUNDARY, MULTIPART_CONTENT
from pytest_django import Settings
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.test import APIClient, APIRequestFactory

from apps.core.errors import Problem
from apps.core.middleware import buffer_body
from apps.files.tests.helpers import TEXT, URL, send, stored, upload
from apps.files.uploads import save_upload
from tests.helpers import invalid, problem

CONTENTS = {
    "image/png": b"\x89PNG\r\n\x1a\n....",
    "image/jpeg": b"\xff\xd8\xff\xe0....",
    "image/gif": b"GIF89a....",
    "image/webp": b"RIFF\x04\0\0\0WEBP",
    "application/pdf": b"%PDF-1.7\n",
    "application/zip": b"PK\x03\x04....",
    "text/csv": b"a,b\n1,2\n",
}
END = f"\r\n--{BOUNDARY}--\r\n".encode()


def form(disposition: str, content: bytes = TEXT) -> bytes:
    """Return the beginning of a form, which goes on until its END."""
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n"
    return f"{head}Content-Type: text/plain\r\n\r\n".encode() + content


def test_upload_is_described(api: APIClient) -> None:
    response = send(api)
    assert response.status_code == 201
    file = response.json()
    assert file.keys() == {"id", "name", "content_type", "size", "sha256", "created_at"}
    assert (file["name"], file["content_type"], file["size"]) == ("notes.txt", "text/plain", 19)
    assert file["sha256"] == hashlib.sha256(TEXT).hexdigest()
    assert api.get(response.headers["Location"]).json() == file
    assert api.get(f"{URL}?q=NOTES").json()["items"] == [file]


def test_bytes_are_stored_under_a_random_name(api: APIClient, folder: Path) -> None:
    upload(api)
    (path,) = folder.iterdir()
    assert path.read_bytes() == TEXT
    assert len(path.name) == 32
    assert "notes" not in path.name


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\\notes.txt", "notes.txt"),
        ("a\x01b.txt", "ab.txt"),
        (f"{'x' * 300}.txt", f"{'x' * 251}.txt"),
    ],
)
def test_name_is_the_last_part_of_the_path(api: APIClient, sent: str, name: str) -> None:
    body = form(f'name="file"; filename="{sent}"') + END
    response = api.post(URL, body, content_type=MULTIPART_CONTENT)
    assert response.json()["name"] == name


def test_form_without_a_file(api: APIClient) -> None:
    response = api.post(URL, {"file": "text", "other": BytesIO(TEXT)}, format="multipart")
    assert invalid(response) == {"#/file"}


@pytest.mark.parametrize("body", [b"", b"x", form('name="file"; filename="a.txt"')])
def test_unfinished_form(api: APIClient, folder: Path, body: bytes) -> None:
    assert api.post(URL, body, content_type=MULTIPART_CONTENT).status_code in {400, 422}
    assert not stored(folder)


def test_json_is_no_form(api: APIClient) -> None:
    assert problem(api.post(URL, {"file": "text"})) == (415, "about:blank")


def test_file_is_too_large(api: APIClient, folder: Path, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = len(TEXT)
    assert send(api).status_code == 201
    assert problem(send(api, TEXT + b".")) == (413, "about:blank")
    assert problem(send(api, TEXT + b"." * 2**21)) == (413, "about:blank")
    assert len(stored(folder)) == 1


def test_file_may_be_larger_than_other_bodies(api: APIClient, settings: Settings) -> None:
    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE * 2
    assert send(api, b"x" * size).json()["size"] == size


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/octet-stream"])
def test_type_is_not_allowed(api: APIClient, folder: Path, kind: str) -> None:
    assert problem(send(api, TEXT, kind)) == (415, "about:blank")
    assert not stored(folder)


@pytest.mark.parametrize("kind", CONTENTS)
def test_first_bytes_fit_the_type(api: APIClient, kind: str) -> None:
    assert send(api, CONTENTS[kind], kind).json()["content_type"] == kind
    for other in CONTENTS.keys() - {kind, "text/csv"}:
        assert problem(send(api, CONTENTS[kind], other)) == (415, "about:blank")


@pytest.mark.parametrize("content", [b"MZ\x90\0\x03", CONTENTS["image/gif"]])
def test_text_is_text(api: APIClient, content: bytes) -> None:
    assert problem(send(api, content)) == (415, "about:blank")


def test_route_may_have_limits_of_its_own() -> None:
    body = form('name="file"; filename="a.txt"') + END
    request = APIRequestFactory().post(URL, body, content_type=MULTIPART_CONTENT)
    with pytest.raises(Problem) as caught:
        save_upload(Request(request, parsers=[MultiPartParser()]), types=["image/png"])
    assert caught.value.status == 415


def test_upload_in_chunks_is_read_to_its_end() -> None:
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": MULTIPART_CONTENT,
        "wsgi.input": BytesIO(form('name="file"; filename="a.txt"', b"x" * 3 * 2**20) + END),
        "wsgi.input_terminated": True,
    }
    setup_testing_defaults(environ)
    received: list[int | None] = []

    def application(environ: dict[str, Any], _start_response: object) -> None:
        with closing(WSGIRequest(environ)) as request:
            received.extend(file.size for file in request.FILES.getlist("file"))

    buffer_body(application)(environ, None)
    assert received == [3 * 2**20]


def test_storage_is_away(api: APIClient, folder: Path) -> None:
    folder.write_text("This is no folder.")
    assert problem(send(api)) == (503, "about:blank")
