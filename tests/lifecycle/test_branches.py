"""Two branches that each changed the project are merged: by git, then by `update --continue`."""

from __future__ import annotations

import json
import subprocess

import pytest

from generator.project.record import CHECKSUM
from tests.lifecycle.conftest import Shop

ANSWERS = ".copier-answers.yml"
MERGE = "Two branches changed it; merge their answers: scaffold update --continue"
WORKFLOW = ".github/workflows/ci.yml"


def branch(shop: Shop, name: str, *commands: str, start: str = "main") -> None:
    """Make a branch in which scaffold ran `commands`, each with a commit."""
    shop.git("checkout", "--quiet", "-B", name, start)
    for command in commands:
        shop.ok(*command.split(" "), "--yes")
        shop.commit()


def merge(shop: Shop, name: str) -> None:
    """Merge the branch `name`, whose answers file always conflicts."""
    command = ["git", "-C", str(shop.folder), "merge", "--quiet", name]
    done = subprocess.run(command, env=shop.env, capture_output=True, text=True, check=False)
    assert f"Merge conflict in {ANSWERS}" in done.stdout, done.stdout + done.stderr


def same_as_one_after_the_other(shop: Shop, *commands: str) -> None:
    """See that the project is what scaffold makes of `commands` on a single branch."""
    merged = shop.snapshot()
    branch(shop, "single", *commands, start="start")
    assert shop.snapshot() == merged


@pytest.fixture
def started(shop: Shop) -> Shop:
    shop.git("checkout", "--quiet", "-B", "main")
    shop.git("branch", "start")
    return shop


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("add github", "add docker"),
        ("add docker", "update"),
        ("set project_name=store", "add docker"),
        pytest.param("update", "set database=postgres", marks=pytest.mark.nightly),
        pytest.param("remove auth", "add gitlab", marks=pytest.mark.nightly),
    ],
)
def test_the_project_is_what_both_answers_make_together(
    started: Shop, ours: str, theirs: str
) -> None:
    branch(started, "theirs", theirs)
    branch(started, "ours", ours)
    merge(started, "theirs")
    assert MERGE in started.failure("status")
    started.ok("update", "--continue")
    started.commit()
    assert started.json("status")["edited"] == []
    same_as_one_after_the_other(started, ours, theirs)


@pytest.mark.nightly
def test_resources_and_fields_of_both_branches_come_together(started: Shop) -> None:
    book = {"name": "book", "fields": [{"name": "title", "type": "str"}]}
    branch(started, "main", f"set resources={json.dumps([book]).replace(' ', '')}")
    rated = {**book, "fields": [*book["fields"], {"name": "stars", "type": "int"}]}
    sheet = {"name": "sheet", "fields": [{"name": "number", "type": "int"}]}
    branch(started, "theirs", f"set resources={json.dumps([rated]).replace(' ', '')}")
    branch(started, "ours", f"set resources={json.dumps([book, sheet]).replace(' ', '')}")
    merge(started, "theirs")
    started.ok("update", "--continue")
    assert "stars: Mapped[int]" in started.read("app/books/models.py")
    assert "number: Mapped[int]" in started.read("app/sheets/models.py")


def test_an_answer_that_both_changed_is_kept_and_named(started: Shop) -> None:
    branch(started, "theirs", "set description=Theirs")
    branch(started, "ours", "set description=Mine")
    merge(started, "theirs")
    told = started.json("update", "--continue")
    assert [line for line in told["please_look"] if line.startswith("description: both branches")]
    assert "description: Mine" in started.read(ANSWERS)
    assert "Mine" in started.read("README.md")
    assert "Theirs" not in started.read("README.md")


@pytest.mark.nightly
def test_edits_of_both_branches_stay_in_files_that_the_template_changes(started: Shop) -> None:
    branch(started, "theirs", "add docker")
    started.replace("README.md", "# shop", "# shop\n\nTheir words.")
    started.commit()
    branch(started, "ours", "update", "add github")
    started.replace("app/api.py", '"""', '"""Our words. ')
    started.commit()
    merge(started, "theirs")
    started.ok("update", "--continue")
    assert "Their words." in started.read("README.md")
    assert "Our words." in started.read("app/api.py")
    assert "docker" in started.read(WORKFLOW)
    assert set(started.json("status")["edited"]) == {"README.md", "app/api.py"}


def test_a_file_in_which_git_stopped_is_merged_again_without_the_templates_share(
    started: Shop,
) -> None:
    for name, feature in [("theirs", "gitlab"), ("ours", "docker")]:
        branch(started, name, f"add {feature}")
        text = started.read("README.md")
        place = text.index("## ")
        started.write("README.md", f"{text[:place]}Words of {name}.\n\n{text[place:]}")
        started.commit()
    merge(started, "theirs")
    assert "<<<<<<<" in started.read("README.md")
    result = started("update", "--continue")
    assert result.returncode == 3, result.stdout + result.stderr
    assert "both branches changed the same lines" in result.stdout
    text = started.read("README.md")
    marked = text[text.index("<<<<<<< yours") : text.index(">>>>>>> the-other-branch")]
    assert {line for line in marked.splitlines() if line.startswith("Words")} == {
        "Words of ours.",
        "Words of theirs.",
    }
    started.ok("resolve", "README.md", "--ours")
    started.ok("update", "--continue")
    assert "Words of ours." in started.read("README.md")
    assert "There is no unfinished change" in started.failure("update", "--continue")


@pytest.mark.parametrize("side", ["ours", pytest.param("theirs", marks=pytest.mark.nightly)])
def test_an_answers_file_that_was_taken_from_one_side_gets_the_others_answers_back(
    started: Shop, side: str
) -> None:
    branch(started, "theirs", "add docker")
    branch(started, "ours", "add github")
    merge(started, "theirs")
    started.git("checkout", f"--{side}", ANSWERS)
    started.commit()
    started.ok("update", "--continue")
    started.commit()
    same_as_one_after_the_other(started, "add github", "add docker")


def test_a_broken_answers_file_in_a_merge_of_the_past_is_merged_later(started: Shop) -> None:
    branch(started, "theirs", "add docker")
    branch(started, "ours", "add github")
    merge(started, "theirs")
    started.commit()
    started.write("NOTES.md", "Mine.\n")
    started.commit()
    assert MERGE in started.failure("update")
    started.ok("update", "--continue")
    assert "docker: true" in started.read(ANSWERS)
    assert "ci: github" in started.read(ANSWERS)


def test_a_rebase_stops_at_the_answers_file_and_goes_on(started: Shop) -> None:
    branch(started, "theirs", "add docker")
    branch(started, "ours", "add github")
    with pytest.raises(subprocess.CalledProcessError):
        started.git("rebase", "--quiet", "theirs")
    started.ok("update", "--continue")
    started.git("add", "--all")
    started.git("-c", "core.editor=true", "rebase", "--continue")
    same_as_one_after_the_other(started, "add docker", "add github")


def test_answers_that_exclude_each_other_are_refused(started: Shop) -> None:
    fields = [{"name": "reader", "type": "ref", "target": "user"}]
    book = json.dumps([{"name": "book", "fields": fields}]).replace(" ", "")
    branch(started, "theirs", f"set resources={book}")
    branch(started, "ours", "remove auth")
    merge(started, "theirs")
    assert "user" in started.failure("update", "--continue")


def test_without_a_merge_the_last_whole_answers_file_is_named(started: Shop) -> None:
    commit = started.git("rev-parse", "HEAD").strip()
    started.replace(ANSWERS, "docker: false", "docker: true")
    started.write(ANSWERS, CHECKSUM.sub("#", started.read(ANSWERS)))
    started.commit()
    line = started.failure("status")
    assert f"git checkout {commit[:12]} -- {ANSWERS}; then: scaffold set docker=yes" in line
