"""Which names a project can have, and why it cannot have others."""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata

from generator.errors import UsageError
from generator.questions.facts import ProjectNames

MAX_LENGTH = 63  # of a DNS label
PATTERN = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

YAML_VALUES = frozenset("false no none null off on true yes".split())
WINDOWS_DEVICES = frozenset(
    ["aux", "con", "nul", "prn", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(10))]
)


def check_project_name(name: str, unavailable: ProjectNames) -> str:
    """Return `name` when a folder, a distribution and a domain label can have it.

    Raises `UsageError` that says why not, with a better name where there is one nearby.
    """
    reason = _refusal(name, unavailable)
    if reason is None:
        return name
    suggestion = suggested_name(name, unavailable)
    hint = f"Try {suggestion}." if suggestion else "Choose a name such as my-service."
    raise UsageError(f"{name[:80]!r} cannot be the name of a project: {reason}.", hint)


def _refusal(name: str, unavailable: ProjectNames) -> str | None:
    if not name:
        return "it is empty"
    if "/" in name or "\\" in name or name in {".", ".."}:
        return "it is a path; the project is created in the current folder"
    if len(name) > MAX_LENGTH:
        return f"it is longer than {MAX_LENGTH} characters"
    if not PATTERN.fullmatch(name):
        return "use lower-case letters, digits and single hyphens, starting with a letter"
    module = name.replace("-", "_")
    if keyword.iskeyword(module) or keyword.issoftkeyword(module):
        return "it is a keyword of the Python language"
    if module in sys.stdlib_module_names:
        return "Python's standard library has a module of that name"
    if name in unavailable.distributions:
        return "a package of that name is installed with the project"
    if name in unavailable.reserved:
        return "the name has a meaning inside the project"
    if name in YAML_VALUES:
        return "YAML files would read it as a value"
    if name in WINDOWS_DEVICES:
        return "Windows reserves the name for a device"
    return None


def refused_names(unavailable: ProjectNames) -> list[str]:
    """Return the names of the right form that are refused all the same, sorted."""
    modules = {*keyword.kwlist, *keyword.softkwlist, *sys.stdlib_module_names}
    names = {module.replace("_", "-") for module in modules}
    names |= unavailable.distributions | unavailable.reserved | YAML_VALUES | WINDOWS_DEVICES
    return sorted(name for name in names if PATTERN.fullmatch(name))


def suggested_name(name: str, unavailable: ProjectNames) -> str | None:
    """Return the legal name that a person most likely meant by `name`, if any."""
    last = re.split(r"[/\\]", name.strip().rstrip("/\\"))[-1]
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", last)
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-0123456789")[:MAX_LENGTH].strip("-")
    for candidate in (words, f"my-{words}"):
        if words and _refusal(candidate, unavailable) is None:
            return candidate
    return None
