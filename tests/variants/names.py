"""The names that no project can have: those of whatever is installed with any variant.

    python -m tests.variants.names

writes them into scaffold.yml. A lock file holds for every platform, so the names are resolved for
all of them: what only Windows installs counts too.
"""

from __future__ import annotations

import re
import subprocess
import textwrap
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from uv import find_uv_bin

from generator.questions.manifest import FILE

from .model import FRAMEWORKS, ROOT, axes, series_of
from .workshop import dependencies

BLOCK = re.compile(r"(?m)^(  distributions: \[\n)(?:    .*\n)*(  \]\n)")


def all_series() -> list[tuple[str, str]]:
    """Return each framework with each of its series."""
    versions = [str(version) for version in axes()["python_version"]]
    return sorted({(name, series_of(name, version)) for name in FRAMEWORKS for version in versions})


def direct_names() -> set[str]:
    """Return the names of the distributions that variants depend on themselves."""
    return names_of(
        requirement
        for framework, series in all_series()
        for requirement in dependencies(framework, series)
    )


def installed_names() -> set[str]:
    """Return the names of all distributions that are installed with a variant, on any platform."""
    found = direct_names()
    for framework, series in all_series():
        wanted = "\n".join(sorted(dependencies(framework, series)))
        options = ["--universal", "--python-version", series, "--no-header", "--no-annotate"]
        result = subprocess.run(
            [find_uv_bin(), "pip", "compile", "--quiet", "--no-emit-index-url", *options, "-"],
            input=wanted, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if result.returncode:
            raise RuntimeError(
                f"the dependencies of {framework} were not resolved: {result.stderr}"
            )
        found |= names_of(line for line in result.stdout.splitlines() if line[0].isalnum())
    return found


def names_of(requirements: Iterable[str]) -> set[str]:
    return {canonicalize_name(Requirement(requirement).name) for requirement in requirements}


def write(path: Path, names: Iterable[str]) -> None:
    """Replace the distributions in the manifest at `path`; everything else stays as it is."""
    options = {"width": 100, "initial_indent": " " * 4, "subsequent_indent": " " * 4}
    words = textwrap.fill(
        ", ".join(sorted(names)) + ",", **options, break_on_hyphens=False, break_long_words=False
    )
    text = path.read_text(encoding="utf-8")
    assert BLOCK.search(text), f"{path} has no list of distributions"
    path.write_text(BLOCK.sub(rf"\g<1>{words}\n\g<2>", text), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(ROOT / FILE, installed_names())
