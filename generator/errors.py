"""Failures that a person can do something about."""

from collections.abc import Sequence

DECLINED, CONFLICTS, OUTDATED, DRIFTED = 1, 3, 4, 5  # exit codes of commands that did not fail
# The cure for whatever a newer version of this package wrote.
UPGRADE = "Upgrade scaffold: uv tool upgrade scaffold-backend, or pip install -U scaffold-backend"


class ScaffoldError(Exception):
    """The command could not do its work.

    `message` says in one line what is wrong, `hint` how to cure it.
    """

    exit_code = 1
    code = "failed"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ScaffoldError):
    """The command was called in a way that cannot work; nothing was written."""

    exit_code = 2
    code = "wrong-use"


class OwnerNeededError(UsageError):
    """Rows would be without an owner: `message` asks for the email address of an account."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "Add --owner EMAIL.")


class TrustNeededError(ScaffoldError):
    """The template `source` runs code, which nobody has allowed yet: what was `found`."""

    def __init__(self, source: str, found: Sequence[str], digest: str) -> None:
        super().__init__(
            f"The template {source} runs code: {', '.join(found)}.",
            "If you trust it, add --trust; --no-hooks leaves hooks, tasks and migrations out.",
        )
        self.source = source
        self.found = found
        self.digest = digest


class ConflictsError(ScaffoldError):
    """A change has conflicts, and must end before another one is begun."""

    exit_code = CONFLICTS
    code = "conflicts"


class TooNewError(ScaffoldError):
    """A newer version of this package is needed."""

    def __init__(self, message: str) -> None:
        super().__init__(message, UPGRADE)


class Interruption(ScaffoldError):
    """Somebody pressed Ctrl-C, or the system asked the process to end."""

    exit_code = 130
    code = "interrupted"


def did_you_mean(word: str, possibilities: list[str], *, shown: int = 0) -> str:
    """Return a hint that names the possibility nearest to `word`, or all of them.

    Of many, the last `shown` are named.
    """
    from difflib import get_close_matches

    close = get_close_matches(word.lower(), possibilities, n=1)
    if close:
        return f"Did you mean {close[0]}?"
    more = len(possibilities) - shown if shown else 0
    named = ", ".join(possibilities[max(0, more) :])
    return f"Possible: {named}, and {more} others." if more > 0 else f"Possible: {named}."
