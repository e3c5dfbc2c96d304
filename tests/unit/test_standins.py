"""Packages can be stood in for while something is imported, and only then."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from generator.render.standins import standing_in


@pytest.fixture
def asker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package, `asker`, that cannot be imported, and a module that imports it."""
    (tmp_path / "asker").mkdir()
    (tmp_path / "asker" / "__init__.py").write_text("raise RuntimeError('the real one')")
    (tmp_path / "user_of_asker.py").write_text(
        "import asker\nfrom asker.deep.inside import Choice, confirm\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "user_of_asker", raising=False)


def test_a_stand_in_has_every_name_in_every_module(asker: None) -> None:
    with standing_in(frozenset({"asker"}), {"Choice": int}):
        import user_of_asker  # type: ignore[import-not-found]
    assert user_of_asker.Choice is int
    assert isinstance(user_of_asker.confirm, type)


def test_afterwards_the_package_is_itself_again(asker: None) -> None:
    with standing_in(frozenset({"asker"}), {}):
        import user_of_asker  # noqa: F401
    with pytest.raises(RuntimeError, match="the real one"):
        import asker  # type: ignore[import-not-found]  # noqa: F401


def test_a_module_in_a_package_can_be_stood_in_for_alone() -> None:
    code = (
        "from generator.render.standins import standing_in\n"
        "with standing_in(frozenset({'email.charset'}), {}):\n"
        "    from email.charset import Charset\n"
        "    import email.errors\n"
        "assert not hasattr(Charset, 'header_encode') and email.errors.MessageError\n"
        "import email.charset; assert email.charset.Charset.header_encode"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_rendering_imports_nothing_that_asks() -> None:
    code = (
        "import sys; from generator.render.copier import _quick_import\n"
        "with _quick_import(): import copier\n"
        "assert not {'questionary', 'prompt_toolkit'} & set(sys.modules)\n"
        "import questionary; questionary.confirm"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
