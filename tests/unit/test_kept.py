"""What validating keeps in the user's cache is made once, and again when it is broken."""

from __future__ import annotations

from pathlib import Path

from generator.validate.kept import made_once


def make(place: Path) -> None:
    (place / "bin").mkdir(parents=True)
    (place / "bin/python").symlink_to(place.parent / "python3.11")
    (place / "made").touch()


def test_an_environment_is_made_once(tmp_path: Path) -> None:
    (tmp_path / "python3.11").touch()
    made = made_once(tmp_path / "environment", make)
    (made / "made").unlink()
    assert not (made_once(tmp_path / "environment", make) / "made").exists()


def test_an_environment_whose_python_is_gone_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "python3.11").touch()
    made = made_once(tmp_path / "environment", make)
    (made / "made").unlink()
    (tmp_path / "python3.11").unlink()
    assert (made_once(tmp_path / "environment", make) / "made").exists()
