"""Who reads and writes a resource: known from the document, and from the project's answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Access:
    """The rule of a resource; `is_owned` tells whether an object belongs to its maker."""

    read: str
    write: str

    @property
    def is_owned(self) -> bool:
        return self.write == "owner"

    @property
    def is_private(self) -> bool:
        return self.read == "owner"

    @property
    def is_shared(self) -> bool:
        return self.is_owned and not self.is_private
