"""Links that download a file without a login until they expire: signed tokens."""

import datetime as dt
from uuid import UUID

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from apps.core.errors import Problem
from apps.files.models import File

PURPOSE = "files.links"  # no other signature is taken for that of a link


def make_link(file: File, expires_at: dt.datetime) -> str:
    """Return the path of a link that is valid until then."""
    token = signing.dumps([str(file.pk), expires_at.timestamp()], salt=PURPOSE)
    return reverse("file-download", kwargs={"id": file.pk}, query={"token": token})


def check_link(id: UUID, token: str) -> None:
    """Raise 403 unless the token is of a link to that file, which is still valid."""
    try:
        linked, expires_at = signing.loads(token, salt=PURPOSE)
    except signing.BadSignature as error:
        raise Problem(403, "forbidden", "The link is not valid.") from error
    if linked != str(id):
        raise Problem(403, "forbidden", "The link is one to another file.")
    if expires_at <= timezone.now().timestamp():
        raise Problem(403, "forbidden", "The link has expired.")
