"""Conflicts that are ended by one side's file, or in git's merge tool."""

from __future__ import annotations

import shutil

import pytest

from tests.lifecycle.conftest import Shop

EDITED = "app/core/health.py"  # version two changes its first line
DROPPED = "AGENTS.md"  # version two has it no longer


@pytest.fixture
def conflicts(shop: Shop) -> Shop:
    """The project in the middle of an update with two conflicts."""
    lines = shop.read(EDITED).splitlines(keepends=True)
    shop.write(EDITED, '"""Mine."""\r\n' + "".join(lines[1:]).replace("\n", "\r\n"))
    shop.write(DROPPED, "Mine.\n" + shop.read(DROPPED))
    shop.commit()
    assert shop("update").returncode == 3
    return shop


def opened(shop: Shop) -> list[str]:
    files = shop.json("status")["files"]
    return [file["path"] for file in files if file["state"] == "conflict"]


def test_our_side_is_the_file_as_it_was(conflicts: Shop) -> None:
    out = conflicts.ok("resolve", EDITED, "--ours")
    assert f"{EDITED} is resolved.\nStill with conflicts: {DROPPED}\n" in out
    assert opened(conflicts) == [DROPPED]
    assert conflicts.json("resolve", DROPPED, "--ours") == {
        "command": "update",
        "resolved": [DROPPED],
        "open": [],
    }
    assert "A scaffold update has no conflicts left" in conflicts.ok("status")
    assert conflicts.git("diff", "HEAD", "--", EDITED, DROPPED) == ""
    conflicts.ok("update", "--continue")
    assert "_commit: v2.0.0" in conflicts.read(".copier-answers.yml")


def test_their_side_is_the_templates_file(conflicts: Shop) -> None:
    out = conflicts.ok("resolve", ".", "--theirs")
    assert f"{DROPPED} is deleted." in out
    assert "Finish the change: scaffold update --continue" in out
    text = conflicts.read(EDITED)
    assert text.startswith('"""Version two. ')
    assert text.count("\n") == text.count("\r\n")
    assert not (conflicts.folder / DROPPED).exists()
    assert conflicts.json("update", "--continue")["left"] == []
    assert conflicts.json("status")["edited"] == []


def test_a_change_whose_conflicts_are_resolved_can_be_taken_back(conflicts: Shop) -> None:
    conflicts.ok("resolve", EDITED, DROPPED, "--theirs")
    conflicts.ok("resolve", EDITED, "--ours")
    conflicts.ok("resolve", EDITED, "--theirs")
    conflicts.ok("update", "--abort")
    assert conflicts.git("status", "--porcelain") == ""


def test_edits_since_the_change_are_lost_by_force_only(conflicts: Shop) -> None:
    conflicts.replace(EDITED, "<<<<<<< yours", "")
    line = conflicts.failure("resolve", EDITED, "--theirs")
    assert line.endswith(
        f"This would overwrite your edits since the update: {EDITED}. Add --force to lose them."
    )
    conflicts.ok("resolve", EDITED, "--theirs", "--force")
    assert conflicts.read(EDITED).startswith('"""Version two. ')


def use_tool(shop: Shop, command: str) -> None:
    shop.git("config", "merge.tool", "mine")
    shop.git("config", "mergetool.mine.cmd", command)
    shop.git("config", "mergetool.mine.trustExitCode", "true")


@pytest.mark.posix("a merge tool that is a shell command")
def test_the_tool_gets_the_three_sides(conflicts: Shop) -> None:
    index = (conflicts.folder / ".git/index").read_bytes()
    use_tool(conflicts, 'head -qn 1 "$BASE" "$LOCAL" "$REMOTE" > "$MERGED"')
    conflicts.ok("resolve", EDITED, "--tool")
    base, ours, theirs = conflicts.read(EDITED).splitlines()
    assert ours == '"""Mine."""'
    assert theirs == base.replace('"""', '"""Version two. ', 1)
    assert opened(conflicts) == [DROPPED]
    assert (conflicts.folder / ".git/index").read_bytes() == index
    assert "AGENTS.md has no two sides to merge" in conflicts.failure("resolve", ".", "--tool")


@pytest.mark.posix("a merge tool that is a shell command")
def test_a_tool_that_leaves_marks_or_fails(conflicts: Shop) -> None:
    use_tool(conflicts, 'echo "# more" >> "$MERGED"')
    result = conflicts("resolve", EDITED, "--tool")
    assert result.returncode == 3
    assert f"{EDITED} still has conflict markers." in result.stdout
    assert conflicts.read(EDITED).endswith("# more\n")
    assert EDITED in opened(conflicts)
    before = conflicts.snapshot()
    use_tool(conflicts, 'echo "# lost" >> "$MERGED"; false')
    result = conflicts("resolve", EDITED, "--tool")
    assert result.returncode == 1
    assert f"Error: The merge tool did not merge {EDITED}." in result.stderr
    assert conflicts.snapshot() == before


@pytest.mark.parametrize(
    ("arguments", "reason", "cure"),
    [
        ("README.md --ours", "README.md has no conflict.", f"With conflicts: {DROPPED}, {EDITED}."),
        (f"{EDITED} nope --ours", "nope has no conflict.", "With conflicts"),
        ("../x --ours", "x is not in the project", "Name a file in it."),
        (EDITED, "Take one of --ours, --theirs and --tool.", "--help"),
        (f"{EDITED} --ours --theirs", "Take one of --ours", "--help"),
        (f"{EDITED} --tool --json", "--json and --tool exclude", "Keep one"),
        (f"{EDITED} --tool", "git is not set up with a merge tool", "git config --global"),
    ],
)
def test_a_wrong_use(conflicts: Shop, arguments: str, reason: str, cure: str) -> None:
    before = conflicts.snapshot()
    result = conflicts("resolve", *arguments.split(" "))
    assert (result.returncode, conflicts.snapshot()) == (2, before)
    assert reason in result.stdout + result.stderr
    assert cure in result.stdout + result.stderr


def test_without_a_change(shop: Shop) -> None:
    assert "There is no unfinished change here." in shop.failure("resolve", EDITED, "--ours")
    assert shop("resolve", EDITED, "--ours").returncode == 2


def test_a_change_that_an_older_scaffold_began(conflicts: Shop) -> None:
    for side in ("base", "ours", "theirs"):
        shutil.rmtree(conflicts.folder / ".scaffold-update" / side)
    line = conflicts.failure("resolve", EDITED, "--theirs")
    assert f"An older scaffold began the change and kept no sides of {EDITED}" in line
