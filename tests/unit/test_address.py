"""How a template's address is read."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import UsageError
from generator.versions.address import FOLDER, GIT, ZIP, parse, recorded


@pytest.mark.parametrize(
    ("text", "url", "kind", "ref"),
    [
        ("gh:team/name", "https://github.com/team/name.git", GIT, ""),
        ("gh:team/name@v1.2", "https://github.com/team/name.git", GIT, "v1.2"),
        ("gl:team/name.git@feature/x", "https://gitlab.com/team/name.git", GIT, "feature/x"),
        ("bb:team/name", "https://bitbucket.org/team/name.git", GIT, ""),
        ("https://git.example.com/a/b.git", "https://git.example.com/a/b.git", GIT, ""),
        ("https://me@example.com/a/b@v1", "https://me@example.com/a/b", GIT, "v1"),
        ("git+https://example.com/a/b", "https://example.com/a/b", GIT, ""),
        ("git@example.com:a/b.git", "git@example.com:a/b.git", GIT, ""),
        ("git@example.com:a/b.git@v1", "git@example.com:a/b.git", GIT, "v1"),
        ("ssh://git@example.com:22/a/b@main", "ssh://git@example.com:22/a/b", GIT, "main"),
        ("https://example.com/a.zip", "https://example.com/a.zip", ZIP, ""),
    ],
)
def test_an_address_is_a_place_and_a_version(
    tmp_path: Path, text: str, url: str, kind: str, ref: str
) -> None:
    found = parse(text, tmp_path)
    assert (found.url, found.kind, found.ref) == (url, kind, ref)
    assert found.recorded == (text.rpartition("@")[0] if ref else text)


def test_a_local_template_is_recorded_by_its_whole_path(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    subprocess.run(["git", "init", "--quiet", tmp_path / "own@home"], check=True)
    assert parse("plain", tmp_path).kind == FOLDER
    found = parse("own@home", tmp_path)
    assert (found.recorded, found.kind, found.ref) == (str(tmp_path / "own@home"), GIT, "")
    assert recorded(str(tmp_path / "plain"), tmp_path).kind == FOLDER


@pytest.mark.parametrize("text", ["", "@v1", "nowhere", "gh:", "plain@v1", "gh:a/b@"])
def test_what_is_no_address_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "plain").mkdir()
    with pytest.raises(UsageError):
        parse(text, tmp_path)


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    try:
        found = parse(text, Path("/nowhere"))
    except UsageError:
        return
    assert found.url
