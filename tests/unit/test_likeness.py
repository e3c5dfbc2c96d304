"""How far a project is from renders, and what it says in place of marks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.engine.likeness import Candidate, Comparison
from generator.engine.texts import marks, read_texts
from generator.tree import File


def candidate(comparison: Comparison, **files: str) -> Candidate:
    tree = {name: File(text.encode()) for name, text in files.items()}
    return Candidate("v1.0.0", {}, tree, comparison.apart(tree))


@pytest.fixture
def comparison(tmp_path: Path) -> Comparison:
    (tmp_path / "readme").write_bytes(b"one\r\ntwo\r\n")
    (tmp_path / "docker").write_bytes(b"from\nrun\n")
    (tmp_path / "own").write_bytes(b"own\n" * 100)
    return Comparison(tmp_path)


def test_line_ends_and_the_owners_own_files_are_no_distance(comparison: Comparison) -> None:
    same = candidate(comparison, readme="one\ntwo\n", docker="from\nrun\n")
    assert comparison.distance(same) == 0


def test_lines_count_on_both_sides_wherever_they_stand(comparison: Comparison) -> None:
    assert comparison.distance(candidate(comparison, readme="two\none\n")) == 0
    assert comparison.distance(candidate(comparison, readme="two\nthree\nfour\n")) == 3


def test_a_file_that_the_project_has_not_counts_as_one_line(comparison: Comparison) -> None:
    assert comparison.distance(candidate(comparison, missing="1\n2\n")) == 1


def test_a_file_that_another_render_has_is_extra(comparison: Comparison) -> None:
    without = candidate(comparison, readme="one\ntwo\n")
    assert comparison.distance(without) == 0
    candidate(comparison, docker="other\n")
    assert comparison.distance(without) == 2


NAME, AUTHOR = marks(["name", "author"]).values()
MARKED = {
    "pyproject": f'name = "{NAME}"\nauthors = [{{ name = "{AUTHOR}" }}]\n',
    "readme": f"# {NAME}\n\n{AUTHOR}\n",
    "compose": f"image: {NAME}\nnetwork: {NAME}-{NAME}\n",
}


def found(ours: Mapping[str, str]) -> dict[str, list[str]]:
    marked = {path: File(text.encode()) for path, text in MARKED.items()}
    files = {path: File(text.encode()) for path, text in ours.items()}
    return read_texts(marked, files.get, {"name": NAME, "author": AUTHOR})


def test_texts_are_read_from_the_lines_with_their_marks() -> None:
    ours = {"pyproject": 'other = 1\nname = "shop"\nauthors = [{ name = "Ada" }]\n'}
    assert found(ours) == {"name": ["shop"], "author": ["Ada"]}


def test_what_most_lines_say_comes_first() -> None:
    ours = {"pyproject": 'name = "bakery"\n', "readme": "# shop\n", "compose": "image: shop\n"}
    assert found(ours)["name"] == ["shop", "bakery"]


def test_escaped_text_is_read_in_both_ways() -> None:
    ours = {"pyproject": r'name = "the \"shop\""'}
    assert found(ours)["name"] == [r"the \"shop\"", 'the "shop"']


def test_a_line_that_is_there_twice_or_is_only_a_mark_says_nothing() -> None:
    assert found({"readme": "# shop\n# bakery\n\nAda\n"}) == {"name": [], "author": []}
