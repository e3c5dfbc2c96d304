"""Helpers for these tests."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from tests.helpers import Response

URL = "/api/v1/files"
TEXT = b"0123456789 and more"


def send(
    api: APIClient, content: bytes = TEXT, kind: str = "text/plain", name: str = "notes.txt"
) -> Response:
    form = {"file": SimpleUploadedFile(name, content, kind)}
    return api.post(URL, form, format="multipart")


def upload(api: APIClient, *args: Any) -> str:
    """Return the URL of a new file."""
    response = send(api, *args)
    assert response.status_code == 201, response.content
    return response.headers["Location"]


def stored(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.exists() else []
