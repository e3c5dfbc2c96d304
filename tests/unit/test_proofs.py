"""What is proven is remembered by all that was read, and failures are not."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from generator.validate import kept, known
from generator.validate.known import Proofs, key
from tests.variants import steps
from tests.variants.live import live

READ: dict[str, Any] = {
    "tree": {"app/main.py": b"x = 1\n", "pyproject.toml": b"[project]\n"},
    "environment": ["3.11.7", "flask-3.1.0.dist-info"],
    "suite": {"tests/contract/test_items.py": b"def test(): ...\n"},
    "server": "postgres 18.0",
}


def test_the_same_content_has_the_same_key_in_whatever_order() -> None:
    other = {**READ, "tree": dict(reversed(READ["tree"].items()))}
    assert key("drift", **READ) == key("drift", **other)


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        ("tree", {**READ["tree"], "app/main.py": b"x = 2\n"}),
        ("tree", {**READ["tree"], "app/new.py": b""}),
        ("tree", {"app/other.py": b"x = 1\n", "pyproject.toml": b"[project]\n"}),
        ("environment", ["3.11.7", "flask-3.1.1.dist-info"]),
        ("environment", ["3.11.8", "flask-3.1.0.dist-info"]),
        ("suite", {"tests/contract/test_items.py": b"def test(): pass\n"}),
        ("server", "postgres 18.1"),
        ("server", "sqlite"),
    ],
)
def test_another_byte_anywhere_is_another_key(part: str, changed: object) -> None:
    assert key("drift", **READ) != key("drift", **{**READ, part: changed})


def test_another_step_is_another_key() -> None:
    assert key("drift", **READ) != key("check", **READ)


def test_a_step_that_passed_is_known_from_then_on(tmp_path: Path) -> None:
    taken: list[str] = []
    for _ in range(2):
        Proofs(tmp_path / "proofs").prove("key", "a step", lambda: taken.append("once"))
    assert taken == ["once"]


def test_with_again_what_is_known_is_proven_once_more(tmp_path: Path) -> None:
    Proofs(tmp_path).prove("key", "a step", lambda: None)
    taken: list[str] = []
    known = Proofs(tmp_path, again=True).prove("key", "a step", lambda: taken.append("again"))
    assert (taken, known) == (["again"], False)


def test_a_step_that_failed_leaves_no_proof(tmp_path: Path) -> None:
    def fails() -> None:
        raise steps.StepError("it failed")

    with pytest.raises(steps.StepError):
        Proofs(tmp_path).prove("key", "a step", fails)
    assert not Proofs(tmp_path).knows("key")
    assert list(tmp_path.iterdir()) == []


def test_many_may_write_one_proof_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: Proofs(tmp_path).remember("key", f"{number}"), range(40)))
    (proof,) = tmp_path.iterdir()
    assert len(proof.read_text().splitlines()) == 1


def test_what_a_key_leaves_out_the_step_does_not_get() -> None:
    tree = {"README.md": b"", ".github/workflows/ci.yml": b"", "app/README.md": b"", "a.py": b""}
    assert live(tree) == {"app/README.md": b"", "a.py": b""}


@pytest.mark.parametrize("step", steps.STEPS)
def test_the_modules_of_a_step_are_part_of_its_key(step: str) -> None:
    program = (
        "import sys, tests.variants.steps\n"
        "print(*(m.__file__ for n, m in sys.modules.items()"
        " if n.startswith(('tests.', 'generator')) and m.__file__), sep='\\n')"
    )
    said = subprocess.check_output([sys.executable, "-c", program], cwd=steps.ROOT, text=True)
    modules = {Path(path).relative_to(steps.ROOT).as_posix() for path in said.split()}
    assert "tests/variants/steps.py" in modules
    assert modules <= steps.read_by(step).keys()


def test_the_contract_is_part_of_the_key_of_its_steps() -> None:
    read = steps.read_by("contract").keys()
    assert {"docs/contract.md", "tests/contract/test_items.py", "tests/conftest.py"} <= read


@pytest.mark.posix("environments with bin/python")
def test_packages_of_an_environment_are_part_of_the_key(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "python").symlink_to(sys.executable)
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    (site / "flask-3.1.0.dist-info").mkdir(parents=True)
    python, *packages = known.frozen(programs)
    assert sys.version in python
    assert packages == ["flask-3.1.0"]


def test_what_was_not_used_for_long_is_swept(tmp_path: Path) -> None:
    for name, days in (("old", 31), ("young", 29)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
        os.utime(tmp_path / name, (0, time.time() - days * 24 * 3600))
    kept.sweep(tmp_path, days=30)
    assert [path.name for path in tmp_path.iterdir()] == ["young"]
