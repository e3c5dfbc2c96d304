"""T0: the code of whatever resources are accepted compiles, and is linted and formatted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from generator.errors import UsageError
from generator.questions.answers import complete
from tests.unit.any_resource import TARGETS, TARGETS_OF_USERS, any_resource

from .distinct import write_project
from .model import FRAMEWORKS, catalog, strict

EXAMPLES = 3
RESOURCES = 6


def answers(framework: str, auth: str, texts: list[str]) -> dict[str, Any]:
    """Return the answers with those of the resources that are accepted."""
    options = {"framework": framework, "auth": auth}
    targets = TARGETS_OF_USERS if auth == "tokens" else TARGETS
    accepted: list[str] = []
    for text in (*targets, *texts):
        try:
            made = complete(
                catalog(),
                "shop",
                options=options,
                assigned={},
                file={},
                resources=[*accepted, text],
            )
        except UsageError:
            continue
        accepted.append(text)
    return made


@pytest.mark.seconds(15)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_accepted_resources_give_code_that_compiles_and_is_tidy(
    framework: str, tmp_path: Path
) -> None:
    count = iter(range(1000))

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.tuples(*(any_resource(f"book_{letter}") for letter in "abcdef"[:RESOURCES])),
        st.sampled_from(["tokens", "none"]),
    )
    def render(texts: tuple[str, ...], auth: str) -> None:
        files = strict().render(answers(framework, auth, list(texts)))
        for path, text in files.items():
            if path.endswith(".py"):
                compile(text, path, "exec")
        write_project(files, tmp_path / f"shop{next(count)}")

    render()
    for command in (("check", "--quiet"), ("format", "--check", "--quiet", "--diff")):
        ruff = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "."],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ruff.returncode == 0, ruff.stdout
