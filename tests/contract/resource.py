"""One resource of the project, known only from the OpenAPI document."""

from __future__ import annotations

from typing import Any

from .client import API, Client
from .openapi import Document, Field


class Resource:
    """A resource, and the `owner` of the objects that are made: `admin` where nobody else may."""

    def __init__(
        self, owner: Client, document: Document, path: str, admin: Client | None = None
    ) -> None:
        self.user, self.admin, self.document, self.path = owner, admin, document, path
        self.access = document.access(path)
        self.owner = admin if admin and self.access.write == "admin" else owner
        self.fields: dict[str, Field] = document.fields(path)
        self.patchable: dict[str, Field] = document.fields(path, "PATCH")

    @property
    def is_searched(self) -> bool:
        """Whether the list takes `q`: there is none where a resource has no text."""
        listing = self.document.find("GET", API + self.path)
        return any(one["name"] == "q" for one in listing.spec["parameters"]) if listing else False

    def body(
        self, overrides: dict[str, Any] | None = None, *, whole: bool = False
    ) -> dict[str, Any]:
        """A valid body: only what is required, or every field."""
        overrides = overrides or {}
        wanted = {name: field for name, field in self.fields.items() if whole or field.required}
        made = {name: self.value(field) for name, field in wanted.items() if name not in overrides}
        return made | overrides

    def make(self, **options: Any) -> dict[str, Any]:
        answer = self.owner.post(self.path, self.body(**options))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def url(self, made: dict[str, Any]) -> str:
        return f"{self.path}/{made['id']}"

    def value(self, field: Field) -> Any:
        """A valid value, of a reference the id of an object that was made for it."""
        if field.is_many:
            return [target] if (target := self.target(field)) else []
        return self.target(field) if field.is_reference else field.sample()

    def target(self, field: Field) -> str | None:
        """Something that the reference may name.

        Where it is not known what that is, it is the user, or nothing if the field may be left out.
        """
        if self.is_file(field):
            form = {"file": ("notes.txt", b"some notes", "text/plain")}
            return str(self.owner.post("/files", files=form).json()["id"])
        if target := self.referred(field):
            return str(target.make()["id"])
        return str(self.owner.get("/users/me").json()["id"]) if field.required else None

    def is_file(self, field: Field) -> bool:
        """Whether the reference is to a file: the project says so, or its name begins so."""
        stem, known = self.known_target(field)
        has_files = self.document.find("POST", f"{API}/files") is not None
        return has_files and (known == "/files" if known else stem.startswith("file"))

    def referred(self, field: Field) -> Resource | None:
        """The resource that the reference points to, if the project or its name tells."""
        stem, known = self.known_target(field)
        for path in self.document.resources:
            fits = path == known if known else path[1:].startswith(stem[:-1])
            if fits and path != self.path:
                return Resource(self.user, self.document, path, self.admin)
        return None

    def included(self, field: Field) -> str | None:
        """The name by which `include` embeds what the field refers to, if it is a reference."""
        stem = field.filter.removesuffix("_id")
        names = self.document.included(self.path)
        if field.is_many:
            others = (name for name in names if name != stem)
            return next((name for name in others if name.startswith(stem[:-1])), None)
        return stem if field.is_reference and stem in names else None

    def known_target(self, field: Field) -> tuple[str, str | None]:
        """The name of a reference, and the path of what it is to, if the project says so."""
        stem = field.filter.removesuffix("_id")
        return stem, self.document.targets.get((self.path, stem))
