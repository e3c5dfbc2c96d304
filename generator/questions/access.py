"""Who may see and change the rows of a resource: its options `owner`, `read` and `write`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from generator.errors import UsageError, did_you_mean

# The values of each option; the first one is what holds where the option is left out.
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "owner": ("user", "none"),
    "read": ("owner", "users", "all"),
    "write": ("owner", "users", "admin"),
}
PUBLIC = "owner=none:read=all:write=admin"


@dataclass(frozen=True)
class Access:
    """Who owns the rows of a resource, who reads and who writes them.

    With `owner` user, rows belong to their makers, who alone change them. Otherwise `read` is users
    (whoever is signed in) or all, and `write` is users or admin.
    """

    owner: str = "user"
    read: str = "owner"
    write: str = "owner"

    @property
    def is_private(self) -> bool:
        """Whether only the owner of a row sees it."""
        return self.read == "owner"

    def answer(self) -> dict[str, str]:
        """Return the options as the `resources` answer has them: without what is default."""
        return {name: value for name, value in asdict(self).items() if value != OPTIONS[name][0]}

    def option(self) -> str:
        """Return the options as they follow the name of a resource in --resource."""
        return "".join(f":{name}={value}" for name, value in self.answer().items())


DEFAULT = Access()
# What makes sense beside it.
CHOICES = (
    Access(read="users"),
    Access(read="all"),
    *(
        Access("none", read, write)
        for read in OPTIONS["read"][1:]
        for write in OPTIONS["write"][1:]
    ),
)


def access(given: Mapping[str, Any], where: str) -> Access:
    """Return the access that the options `given` say; `where` names the resource in messages.

    Raises `UsageError` for other options and values.
    """
    for name, value in given.items():
        if name not in OPTIONS:
            hint = did_you_mean(name, [*OPTIONS, "unique"])
            raise UsageError(f"{where} has no option {name!r}.", hint)
        if value not in OPTIONS[name]:
            what = f"{where}: {name} cannot be {str(value)[:40]!r}."
            raise UsageError(what, f"Choose {' or '.join(f'{name}={v}' for v in OPTIONS[name])}.")
    return Access(**given)


def check_access(name: str, found: Access, *, users: bool) -> None:
    """Refuse options of the resource `name` that make no sense together, or without `users`.

    Raises `UsageError` that names the cure.
    """
    if found == DEFAULT:
        return
    if not users:
        options = ", ".join(f"{key}={value}" for key, value in found.answer().items())
        what = (
            f"{name}: {options} needs accounts; without auth, everybody reads and writes all rows."
        )
        raise UsageError(what, "Leave it out, or choose --auth tokens.")
    if found.owner == "user" and found.write != "owner":
        what = f"{name}: with write={found.write}, rows do not belong to whoever makes them."
        raise UsageError(what, f"Write {name}:owner=none:read=all:write={found.write}.")
    if found.owner == "none" and "owner" in {found.read, found.write}:
        word = "read" if found.read == "owner" else "write"
        what = f"{name}: with owner=none there is no owner, so {word}=owner makes no sense."
        raise UsageError(what, f"Say who reads and who writes: {name}:{PUBLIC}.")
