"""What a merge keeps, takes over and leaves to the person."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.merge.three_way import Merged, diff, has_marks, merge
from generator.tree import EXECUTABLE, SYMLINK, File

BODY = "".join(f"line {number}\n" for number in range(20))
Merge = Callable[..., Merged]


def tree(**files: str | bytes | File) -> dict[str, File]:
    """Return a tree; a double underscore is a dot, as in `app__py`."""
    return {
        name.replace("__", "."): content
        if isinstance(content, File)
        else File(content.encode() if isinstance(content, str) else content)
        for name, content in files.items()
    }


def merged(
    base: dict[str, File], ours: dict[str, File], theirs: dict[str, File]
) -> tuple[dict[str, File], Merged]:
    result = merge(base, ours, theirs, "template-v1", "template-v2")
    return result.tree, result


@pytest.fixture(params=["git", "git before 2.38"])
def either_git(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if request.param != "git":
        if os.name == "nt":
            pytest.skip("Windows: a git that is a shell script")
        use_old_git(tmp_path, monkeypatch)


def use_old_git(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a git on PATH that refuses `merge-tree --write-tree` as the old ones do."""
    import shutil

    script = folder / "old" / "git"
    script.parent.mkdir()
    script.write_text(
        f'#!/bin/sh\ncase " $* " in *" merge-tree "*) exit 129;; esac\n'
        f'exec {shutil.which("git")} "$@"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")


def test_each_of_the_marks_counts_but_not_a_heading_that_was_underlined_before() -> None:
    for mark in (b"<<<<<<< yours", b"||||||| template-v1", b"=======", b">>>>>>> template-v2"):
        assert has_marks(File(b"1\n" + mark + b"\n2\n"))
    heading = File(b"Heading\n=======\n")
    assert not has_marks(heading, before=heading)


@pytest.mark.usefixtures("either_git")
class TestEveryGit:
    def test_changes_of_both_sides_come_together(self) -> None:
        theirs = BODY.replace("line 2\n", "theirs\n")
        ours = BODY.replace("line 15\n", "mine\n")
        result, outcome = merged(
            tree(a=BODY, b="same\n"),
            tree(a=ours, b="same\n", own="own\n"),
            tree(a=theirs, b="new\n", c="added\n"),
        )
        both = theirs.replace("line 15\n", "mine\n")
        assert result == tree(a=both, b="new\n", c="added\n", own="own\n")
        assert outcome.conflicts == []

    def test_the_same_change_on_both_sides_is_one(self) -> None:
        result, outcome = merged(tree(a="1\n"), tree(a="2\n"), tree(a="2\n"))
        assert result == tree(a="2\n")
        assert outcome.conflicts == []

    def test_a_pristine_file_goes_with_the_template(self) -> None:
        result, outcome = merged(tree(a="1\n"), tree(a="1\n"), {})
        assert result == {}
        assert outcome.conflicts == []

    def test_an_edited_file_never_goes(self) -> None:
        result, outcome = merged(tree(a="1\n"), tree(a="mine\n"), {})
        assert result == tree(a="mine\n")
        assert [(c.path, c.gone, c.marked) for c in outcome.conflicts] == [("a", True, False)]

    def test_a_file_the_user_deleted_stays_deleted(self) -> None:
        result, outcome = merged(tree(a="1\n", b="1\n"), tree(b="1\n"), tree(a="2\n", b="1\n"))
        assert result == tree(b="1\n")
        assert outcome.conflicts == []
        assert outcome.kept_deletions == ["a"]

    def test_a_conflict_shows_both_sides_and_the_base(self) -> None:
        result, outcome = merged(
            tree(a="x\n1\ny\n"), tree(a="x\nmine\ny\n"), tree(a="x\ntheirs\ny\n")
        )
        assert result["a"].content.decode() == (
            "x\n<<<<<<< yours\nmine\n||||||| template-v1\n1\n=======\ntheirs\n"
            ">>>>>>> template-v2\ny\n"
        )
        assert [(c.path, c.marked) for c in outcome.conflicts] == [("a", True)]
        assert has_marks(result["a"])

    def test_a_file_that_both_added_shows_both(self) -> None:
        result, outcome = merged({}, tree(a="mine\n"), tree(a="theirs\n"))
        assert b"mine\n" in result["a"].content
        assert b"theirs\n" in result["a"].content
        assert [c.path for c in outcome.conflicts] == ["a"]

    def test_each_side_of_a_conflict_is_there_with_the_users_line_ends(self) -> None:
        _, outcome = merged(
            tree(a="1\n", b="1\n", gone="1\n"),
            tree(a="mine\r\n", b="mine\n", gone="mine\n"),
            tree(a="theirs\n", b="1\n"),
        )
        assert outcome.sides == {
            "base": tree(a="1\r\n", gone="1\n"),
            "ours": tree(a="mine\r\n", gone="mine\n"),
            "theirs": tree(a="theirs\r\n"),
        }

    def test_what_is_no_text_stays_the_users(self) -> None:
        result, outcome = merged(tree(a=b"\0\1"), tree(a=b"\0\2"), tree(a=b"\0\3"))
        assert result == tree(a=b"\0\2")
        assert [(c.path, c.marked) for c in outcome.conflicts] == [("a", False)]

    def test_windows_line_ends_stay_and_make_no_conflict(self) -> None:
        crlf = BODY.replace("line 15\n", "mine\n").replace("\n", "\r\n")
        theirs = BODY.replace("line 2\n", "theirs\n")
        result, outcome = merged(tree(a=BODY), tree(a=crlf), tree(a=theirs, new="1\n2\n"))
        assert outcome.conflicts == []
        assert result["a"].content.decode() == crlf.replace("line 2\r", "theirs\r")
        assert result["new"].content == b"1\r\n2\r\n"

    def test_a_conflict_in_a_file_with_windows_line_ends_has_no_others(self) -> None:
        result, _ = merged(tree(a="1\n"), tree(a="mine\r\n"), tree(a="theirs\n"))
        assert result["a"].content.count(b"\n") == result["a"].content.count(b"\r\n") == 7

    def test_a_file_only_the_user_changed_is_the_same_to_the_byte(self) -> None:
        ours = tree(a="1\r\n2\n", b="mine\r\n", own=b"\0\xff\r\n")
        result, _ = merged(tree(a="1\n2\n", b="1\n", c="1\n"), ours | tree(c="1\n"),
                           tree(a="1\n2\n", b="1\n", c="2\n"))  # fmt: skip
        assert result == ours | tree(c="2\n")

    def test_the_executable_bit_is_kept_and_taken_over(self) -> None:
        run = File(b"1\n", EXECUTABLE)
        result, outcome = merged(tree(a="1\n", b="1\n"), tree(a=run, b="1\n"), tree(a="2\n", b=run))
        assert result == tree(a=File(b"2\n", EXECUTABLE), b=run)
        assert outcome.conflicts == []

    def test_a_file_the_user_made_a_link_is_a_conflict_where_the_template_changes_it(self) -> None:
        link = File(b"elsewhere", SYMLINK)
        result, outcome = merged(tree(a="1\n"), tree(a=link), tree(a="2\n"))
        assert link in result.values()
        assert outcome.conflicts

    def test_names_may_be_of_any_kind(self) -> None:
        names = ['quo"te', "back\\slash", "new\nline", "ünï côde", os.fsdecode(b"\xff")]
        base = {name: File(b"1\n") for name in names}
        theirs = {name: File(b"2\n") for name in names}
        assert merged(base, base, theirs)[0] == theirs


@pytest.mark.follows_moves
def test_a_change_reaches_a_file_that_the_user_moved() -> None:
    theirs = BODY.replace("line 2\n", "theirs\n")
    result, outcome = merged(tree(a=BODY), tree(moved=BODY), tree(a=theirs))
    assert result == tree(moved=theirs)
    assert outcome.conflicts == []


def test_a_file_of_the_users_own_is_not_taken_for_one_that_the_user_deleted() -> None:
    own = "".join(f"{'line' if n % 3 else 'mine'} {n}\n" for n in range(20))
    for theirs in (tree(), tree(items__py=BODY + "theirs\n")):
        result, report = merged(tree(items__py=BODY), tree(orders__py=own), theirs)
        assert result == tree(orders__py=own)
        assert report.conflicts == []
        assert report.followed == {}
        assert report.doubtful == {"orders.py": "items.py"}


def test_a_new_binary_file_is_the_same_among_windows_line_ends() -> None:
    crlf, image = BODY.replace("\n", "\r\n"), b"\x89PNG\n\0\n"
    result, _ = merged(tree(a=BODY), tree(a=crlf), tree(a=BODY, image=image))
    assert result["image"].content == image


@pytest.mark.follows_moves
def test_a_moved_file_is_found_by_likeness_and_not_by_its_name() -> None:
    base = {"items/tests.py": File(BODY.encode())}
    copied = BODY.replace("line 1", "other 1", 4)  # made into something else, with the old name
    ours = {
        "reports/tests.py": File(copied.encode()),
        "tests/test_items.py": File(BODY.replace("line 19", "mine").encode()),
    }
    theirs = {"items/tests.py": File(BODY.replace("line 0\n", "theirs\n").encode())}
    result, outcome = merged(base, ours, theirs)
    assert outcome.followed == {"tests/test_items.py": "items/tests.py"}
    assert result["reports/tests.py"] == ours["reports/tests.py"]
    assert result["tests/test_items.py"].content.startswith(b"theirs\n")


@pytest.mark.usefixtures("either_git")
def test_a_file_that_the_user_replaced_by_a_link_is_one_conflict_and_leaves_no_litter() -> None:
    ours = tree(a=File(b"elsewhere/a", SYMLINK), b="b\n")
    changed = tree(a=BODY.replace("line 0\n", "theirs\n"), b="b\n")
    result, outcome = merged(tree(a=BODY, b="b\n"), ours, changed)
    assert result == ours
    assert [conflict.path for conflict in outcome.conflicts] == ["a"]
    result, outcome = merged(tree(a=BODY, b="b\n"), ours, tree(a=BODY, b="b\n"))
    assert (result, outcome.conflicts) == (ours, [])


def test_an_edit_follows_a_file_that_the_template_moved() -> None:
    ours = BODY.replace("line 15\n", "mine\n")
    result, outcome = merged(tree(a=BODY), tree(a=ours), tree(moved=BODY))
    assert result == tree(moved=ours)
    assert outcome.conflicts == []


@pytest.mark.follows_moves
@pytest.mark.parametrize("own", [BODY, BODY + "own\n"])
def test_a_file_of_the_user_where_the_template_moves_another_takes_no_edits_from_it(
    own: str,
) -> None:
    edited = BODY + "mine\n"
    base, ours = tree(old__txt=BODY), tree(old__txt=edited, new__txt=own)
    files, result = merged(base, ours, tree(new__txt=BODY))
    assert files["old.txt"].content.decode() == edited
    assert "old.txt" in {conflict.path for conflict in result.conflicts}
    assert "mine" not in files["new.txt"].content.decode()
    assert own.splitlines()[-1] in files["new.txt"].content.decode()


def test_a_file_that_the_user_deleted_stays_away_where_the_template_moved_it() -> None:
    result, outcome = merged(tree(a=BODY, b="b\n"), tree(b="b\n"), tree(moved=BODY, b="b\n"))
    assert result == tree(b="b\n")
    assert outcome.kept_deletions == ["moved"]


def test_a_new_file_half_like_one_that_the_user_deleted_arrives() -> None:
    new = BODY.replace("line 1", "other 1")
    result, outcome = merged(tree(a=BODY, b="b\n"), tree(b="b\n"), tree(c=new, b="b\n"))
    assert result == tree(c=new, b="b\n")
    assert outcome.conflicts == []


@pytest.mark.follows_moves
def test_windows_line_ends_follow_a_file_that_the_template_moved() -> None:
    ours = BODY.replace("line 15\n", "mine\n").replace("\n", "\r\n")
    result, outcome = merged(tree(a=BODY, b="1\n"), tree(a=ours, b="1\n"), tree(c=BODY, b="1\n"))
    assert result == tree(c=ours, b="1\n")
    assert outcome.moved == {"c": "a"}


@pytest.mark.follows_moves
def test_a_file_that_both_moved_elsewhere_is_a_conflict() -> None:
    result, outcome = merged(tree(a=BODY), tree(mine=BODY), tree(theirs=BODY))
    assert result["mine"] == File(BODY.encode())
    assert {c.path for c in outcome.conflicts} == {"mine", "theirs"}


def test_the_users_own_files_stay_where_they_are_when_the_template_moves_a_folder() -> None:
    base = {f"old/{name}": File((name + BODY).encode()) for name in "abc"}
    theirs = {path.replace("old", "new"): file for path, file in base.items()}
    own = {"old/own": File(b"own\n")}
    assert merged(base, base | own, theirs)[0] == theirs | own


@pytest.mark.follows_moves
def test_an_old_git_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert merged(tree(a="1\n"), tree(a="1\n"), tree(a="2\n"))[1].follows_moves
    use_old_git(tmp_path, monkeypatch)
    assert not merged(tree(a="1\n"), tree(a="1\n"), tree(a="2\n"))[1].follows_moves


def test_the_users_settings_of_git_change_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = BODY.replace("line 2\n", "theirs\n")
    sides = tree(a=BODY), tree(moved=BODY), tree(a=theirs)
    expected = merged(*sides)[0]
    (home / "attributes").write_text("* merge=union eol=crlf\n")
    (home / ".gitconfig").write_text(
        f"[core]\n\tattributesFile = {home}/attributes\n\tautocrlf = true\n"
        "[merge]\n\trenames = false\n\tconflictStyle = merge\n"
        "[diff]\n\trenames = false\n\tnoprefix = true\n"
    )
    monkeypatch.setenv("HOME", str(home))
    assert merged(*sides)[0] == expected


def test_git_can_apply_a_difference(tmp_path: Path) -> None:
    import subprocess

    before = tree(a="1\r\n", b=b"\0\1", gone="1\n")
    after = tree(a="2\r\nno newline", b=b"\0\2", new=File(b"#!\n", EXECUTABLE))
    for path, file in before.items():
        (tmp_path / path).write_bytes(file.content)
    subprocess.run(["git", "apply", "--whitespace=nowarn"], cwd=tmp_path, check=True,
                   input=diff(before, after))  # fmt: skip
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert found == {path: file.content for path, file in after.items()}
    assert os.access(tmp_path / "new", os.X_OK)
