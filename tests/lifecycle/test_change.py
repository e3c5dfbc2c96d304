"""A project's second day: its owner's edits stay, and the template's changes arrive."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import in_terminal
from tests.lifecycle.conftest import Shop

EDITED = "app/core/health.py"  # version two changes its first line
CRLF = (EDITED, ".copier-answers.yml", "pyproject.toml")


def assert_updated(shop: Shop) -> None:
    assert shop.read(EDITED).startswith('"""Version two. ')
    assert shop.read("NEW.md") == "New in shop: green.\n"
    assert "_commit: v2.0.0" in shop.read(".copier-answers.yml")
    assert "colour: green" in shop.read(".copier-answers.yml")
    assert not (shop.folder / "AGENTS.md").exists()


def test_an_update_of_a_pristine_project_equals_a_new_project(shop: Shop, tmp_path: Path) -> None:
    shop.ok("update")
    assert_updated(shop)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    Shop(elsewhere, shop.env).ok("new", "shop")
    made, updated = Shop(elsewhere / "shop", {}).snapshot(), shop.snapshot()
    assert updated.pop(".env") != made.pop(".env")
    assert updated == made


def test_a_clean_update_gives_what_copier_gives(shop: Shop, tmp_path: Path) -> None:
    shop.replace(EDITED, "async def ", "# mine\nasync def ")
    shop.write("mine.txt", "mine\n")
    shop.commit()
    copy = tmp_path / "by-copier"
    subprocess.run(["cp", "-a", shop.folder, copy], check=True)
    shop.ok("update")
    subprocess.run([sys.executable, "-m", "copier", "update", "--defaults", "--quiet"],
                   cwd=copy, env=shop.env, check=True)  # fmt: skip
    assert shop.snapshot() == Shop(copy, {}).snapshot()


@pytest.mark.follows_moves
def test_an_edit_follows_a_file_that_the_template_moved(shop: Shop) -> None:
    with (shop.folder / "app/core/etag.py").open("a") as file:
        file.write("\n# mine\n")
    shop.commit()
    shop.ok("update")
    assert not (shop.folder / "app/core/etag.py").exists()
    assert shop.read("app/core/entity_tags.py").endswith("\n# mine\n")


@pytest.mark.follows_moves
def test_a_change_reaches_a_file_that_the_owner_moved(shop: Shop) -> None:
    shop.git("mv", EDITED, "app/status.py")
    shop.commit()
    shop.ok("update")
    assert shop.read("app/status.py").startswith('"""Version two. ')
    assert not (shop.folder / EDITED).exists()


@pytest.mark.follows_moves
def test_own_files_that_import_what_the_change_removes_are_named(shop: Shop) -> None:
    own = "from app.core.etag import (\n    etag,\n)\nfrom app.users import models as users\n"
    shop.write("app/reports.py", own)
    shop.commit()
    told = shop.json("update", "--dry-run")["please_look"]
    renamed = "app/core/etag.py (now app/core/entity_tags.py)"
    assert f"app/reports.py imports what is gone: {renamed}." in told
    told = shop.json("remove", "auth", "--yes")["please_look"]
    assert "app/reports.py imports what is gone: app/users/models.py." in told


def test_own_files_that_import_a_name_which_the_change_removes_are_named(shop: Shop) -> None:
    shop.write("tests/test_reports.py", "from tests.helpers import PASSWORD, connect\n")
    shop.commit()
    told = shop.json("remove", "auth", "--yes")["please_look"]
    assert "tests/test_reports.py imports what is gone: PASSWORD of tests/helpers.py." in told


@pytest.mark.follows_moves
def test_a_file_that_may_have_been_moved_is_named(shop: Shop) -> None:
    lines = shop.read(EDITED).splitlines()
    (shop.folder / EDITED).unlink()
    half = [line if number % 3 else f"mine = {number}" for number, line in enumerate(lines)]
    shop.write("app/status.py", "\n".join(half) + "\n")
    shop.commit()
    named = f"app/status.py may be {EDITED}, but is too unlike it"
    assert [line for line in shop.json("update")["please_look"] if line.startswith(named)]


def test_imports_of_a_module_that_the_owner_moved_are_named(shop: Shop) -> None:
    shop.git("mv", "app/core/database.py", "app/core/db.py")
    shop.commit()
    result = shop.json("update")
    moved = f"{EDITED} imports app/core/database.py, which you moved to app/core/db.py."
    assert moved in result["please_look"]


@pytest.mark.parametrize(
    "way", ["sparse-checkout set app", f"update-index --skip-worktree {EDITED}"]
)
def test_files_that_git_left_out_are_not_taken_for_deleted(shop: Shop, way: str) -> None:
    shop.git("update-index", "--refresh")
    shop.git(*way.split())
    (shop.folder / EDITED).unlink(missing_ok=way.startswith("update"))
    before = shop.git("rev-parse", "HEAD")
    line = shop.failure("update")
    assert "out of the working tree" in line
    assert "git sparse-checkout disable" in line
    assert shop.git("rev-parse", "HEAD") == before


@pytest.mark.follows_moves
def test_force_deletes_no_file_that_the_template_did_not_make(shop: Shop) -> None:
    shop.git("mv", "AGENTS.md", "MINE.md")
    shop.write("MINE.md", shop.read("MINE.md") + "Mine.\n")
    shop.commit()
    result = shop("update", "--force")
    assert result.returncode == 3
    assert "MINE.md was taken for AGENTS.md, which you moved." in result.stdout
    assert shop.read("MINE.md").endswith("Mine.\n")


def test_a_file_that_the_owner_deleted_stays_away_and_is_told_of(shop: Shop) -> None:
    (shop.folder / EDITED).unlink()
    shop.commit()
    result = shop.json("update")
    assert not (shop.folder / EDITED).exists()
    assert any(EDITED in line for line in result["good_to_know"])


@pytest.mark.follows_moves
def test_a_file_that_the_owner_deleted_stays_away_where_the_template_moves_it(shop: Shop) -> None:
    (shop.folder / "app/core/etag.py").unlink()
    shop.commit()
    result = shop.json("update")
    assert not (shop.folder / "app/core/entity_tags.py").exists()
    assert result["please_look"] == [
        "app/core/entity_tags.py is not added: it was app/core/etag.py, which you deleted."
    ]
    assert "is already up to date" in shop.ok("update")


@pytest.mark.posix("modes of files")
def test_a_file_made_executable_stays_so(shop: Shop) -> None:
    (shop.folder / EDITED).chmod(0o755)
    shop.commit()
    shop.ok("update")
    assert (shop.folder / EDITED).stat().st_mode & 0o777 == 0o755
    assert_updated(shop)


def test_windows_line_ends_stay(shop: Shop) -> None:
    for path in CRLF:
        shop.write(path, shop.read(path).replace("\n", "\r\n"))
    shop.commit()
    shop.ok("update")
    for path in CRLF:
        assert shop.read(path).count("\n") == shop.read(path).count("\r\n") > 0
    assert_updated(shop)


def test_uncommitted_work_elsewhere_and_the_index_are_left_alone(shop: Shop) -> None:
    shop.replace("README.md", "#", "# Mine,")
    shop.write("staged.txt", "staged\n")
    shop.git("add", "staged.txt")
    shop.write("untracked.txt", "untracked\n")
    readme, index = shop.read("README.md"), (shop.folder / ".git/index").read_bytes()
    shop.ok("update")
    assert_updated(shop)
    assert (shop.read("README.md"), shop.read("untracked.txt")) == (readme, "untracked\n")
    assert (shop.folder / ".git/index").read_bytes() == index


def test_uncommitted_edits_in_what_would_change_are_asked_for(shop: Shop) -> None:
    with (shop.folder / EDITED).open("a") as file:
        file.write("\n# mine\n")
    line = shop.failure("update")
    assert line.startswith(f"Error: {EDITED} would change, with edits of yours")
    assert line.endswith("Commit them first, or add --yes.")
    shop.ok("update", "--yes")
    assert_updated(shop)
    assert shop.read(EDITED).endswith("\n# mine\n")


def test_edits_in_a_file_that_git_ignores_are_asked_for(shop: Shop) -> None:
    shop.git("rm", "--quiet", "--cached", EDITED)
    shop.write(".git/info/exclude", EDITED + "\n")
    shop.git("commit", "--quiet", "--message=Ignored", "--no-verify")
    shop.replace(EDITED, "async def ", "# mine\nasync def ")
    assert f"{EDITED} would change, with edits of yours" in shop.failure("update")


def test_what_the_owner_ignores_everywhere_is_not_listed(shop: Shop) -> None:
    (shop.home / "ignored").write_text(".DS_Store\n")
    shop.git("config", "--global", "core.excludesFile", str(shop.home / "ignored"))
    shop.write(".DS_Store", "\n")
    shop.write("mine.txt", "mine\n")
    own = shop.json("status")["own"]
    assert ("mine.txt" in own, ".DS_Store" in own) == (True, False)


def test_in_a_terminal_one_is_asked(shop: Shop) -> None:
    with (shop.folder / EDITED).open("a") as file:
        file.write("\n# mine\n")
    before = shop.snapshot()
    code, seen = in_terminal(shop, "update", type="n\n")
    assert f"{EDITED} would change, with edits of yours" in seen
    assert seen.endswith("Go on? [y/N]: n\nNothing was changed.\n")
    assert (code, shop.snapshot()) == (1, before)
    code, _ = in_terminal(shop, "update", type="\x03")
    assert (code, shop.snapshot()) == (130, before)
    code, _ = in_terminal(shop, "update", type="y\n")
    assert code == 0
    assert_updated(shop)


def test_changes_that_are_not_committed_yet_do_not_stand_in_each_others_way(shop: Shop) -> None:
    shop.ok("update")
    shop.ok("add", "docker")
    shop.ok("remove", "docker")
    assert not (shop.folder / "Dockerfile").exists()


@pytest.mark.follows_moves
def test_a_project_without_git_can_be_updated(shop: Shop) -> None:
    subprocess.run(["rm", "-r", ".git"], cwd=shop.folder, check=True)
    shop.git("-C", "/", "version")
    shop.write("mine.txt", "mine\n")
    (shop.folder / EDITED).rename(shop.folder / "app/status.py")
    shop.failure("update")
    shop.ok("update", "--yes")
    assert shop.read("app/status.py").startswith('"""Version two. ')


def test_a_project_in_a_subfolder_of_a_repository(shop: Shop, tmp_path: Path) -> None:
    subprocess.run(["rm", "-r", shop.folder / ".git"], check=True)
    mono = Shop(tmp_path / "mono", shop.env)
    mono.folder.mkdir()
    shop.folder.rename(mono.folder / "shop")
    mono.write("beside.txt", "beside\n")
    mono.git("init", "--quiet")
    mono.commit()
    inside = Shop(mono.folder / "shop", shop.env)
    with (inside.folder / EDITED).open("a") as file:
        file.write("\n# mine\n")
    assert EDITED in inside.failure("update")
    mono.commit()
    Shop(inside.folder / "migrations", shop.env).ok("update")  # from any folder in it
    assert_updated(inside)
    assert inside.read(EDITED).endswith("\n# mine\n")
    assert mono.git("status", "--short", "beside.txt") == ""


def test_a_linked_worktree(shop: Shop, tmp_path: Path) -> None:
    shop.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = Shop(tmp_path / "linked", shop.env)
    linked.ok("update")
    assert_updated(linked)
    assert shop.git("status", "--short") == ""


@pytest.mark.posix("modes of files")
def test_hooks_and_filters_of_the_repository_do_not_run(shop: Shop, tmp_path: Path) -> None:
    for name in ("pre-commit", "post-checkout", "post-index-change"):
        hook = shop.folder / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/hooked\nexit 1\n")
        hook.chmod(0o755)
    shop.ok("update")
    assert_updated(shop)
    assert not (tmp_path / "hooked").exists()


def test_dependencies_and_settings_of_both_come_together(shop: Shop) -> None:
    shop.replace(
        "pyproject.toml", '    "click>=8.5",\n', '    "click>=8.5",\n    "mine>=1", # why\n'
    )
    shop.replace(".env.example", "HOST=127.0.0.1\n", "HOST=0.0.0.0\nMINE=1\n")
    shop.commit()
    result = shop.json("update")
    assert result["state"] == "done"
    assert '    "two>=2",\n    "mine>=1", # why\n' in shop.read("pyproject.toml")
    assert "HOST=0.0.0.0\nMINE=1\nCOLOUR=green\n" in shop.read(".env.example")
    assert any("uv sync" in step for step in result["you_must_do"])
    assert any("COLOUR" in line for line in result["before_you_deploy"])
    assert result["merged"] == [".env.example", "pyproject.toml"]


def test_a_setting_with_another_value_is_told_since_the_owner_has_one_already(shop: Shop) -> None:
    shop.replace(".env.example", "HOST=127.0.0.1\n", "HOST=0.0.0.0\n")
    shop.commit()
    env = shop.read(".env")
    result = shop.json("set", "database=postgres")
    told = [line for line in result["please_look"] if ".env keeps" in line]
    assert told == [
        "DATABASE_URL has a new default in .env.example; your .env keeps the old value."
    ]
    assert shop.read(".env") == env


def test_the_notes_of_a_version_are_told_to_the_projects_they_concern(shop: Shop) -> None:
    assert shop.json("update", "--dry-run")["you_must_do"] == [
        "Install the changed dependencies: uv sync",
        "Tell everybody.",
    ]


def conflict(shop: Shop) -> None:
    lines = shop.read(EDITED).splitlines(keepends=True)
    shop.write(EDITED, '"""Mine."""\n' + "".join(lines[1:]))
    shop.commit()


def test_a_conflict_shows_all_sides_and_waits(shop: Shop) -> None:
    conflict(shop)
    result = shop("update")
    assert result.returncode == 3
    assert f"conflict {EDITED}" in result.stdout
    text = shop.read(EDITED)
    assert text.startswith('<<<<<<< yours\n"""Mine."""\n||||||| template-v1.0.0\n"""')
    assert '\n=======\n"""Version two. ' in text
    assert "\n>>>>>>> template-v2.0.0\n" in text
    assert f"has conflicts in {EDITED}. Finish it" in shop.failure("add", "docker")
    assert f"{EDITED}: you and the template" in shop.ok("status")
    for mark in ("<<<<<<< yours", "||||||| template-v1.0.0", "======="):
        shop.replace(EDITED, mark + "\n", "")
        assert shop("update", "--continue").returncode == 3
    shop.write(EDITED, '"""Version two, mine."""\n')
    shop.ok("update", "--continue")
    shop.ok("add", "docker", "--yes")
    assert "There is no unfinished change" in shop.failure("update", "--continue")


def test_an_aborted_change_leaves_no_trace(shop: Shop) -> None:
    conflict(shop)
    shop.write("untracked.txt", "mine\n")
    before, status = shop.snapshot(), shop.git("status", "--short")
    assert shop("update").returncode == 3
    assert shop.snapshot() != before
    shop.ok("update", "--abort")
    assert shop.snapshot() == before
    assert shop.git("status", "--short") == status


def test_an_abort_stops_at_what_was_edited_since_unless_forced(shop: Shop) -> None:
    conflict(shop)
    before = shop.snapshot()
    assert shop("update").returncode == 3
    shop.write(EDITED, "resolved\n")
    shop.write("NEW.md", "mine\n")
    line = shop.failure("update", "--abort")
    assert f"would overwrite later edits: NEW.md, {EDITED}. Move them away" in line
    assert shop.json("update", "--abort", "--force")["lost"] == ["NEW.md", EDITED]
    assert shop.snapshot() == before


def test_what_follows_from_a_change_is_told_again_when_its_conflicts_are_resolved(
    shop: Shop,
) -> None:
    conflict(shop)
    told = shop.json("update")
    shop.write(EDITED, '"""Version two, mine."""\n')
    again = shop.json("update", "--continue")
    assert told["you_must_do"][0].startswith("Edit the files with conflict markers")
    assert again["you_must_do"] == told["you_must_do"][1:]
    assert again["before_you_deploy"] == told["before_you_deploy"]
    assert EDITED not in str(again["please_look"])


def test_a_person_is_not_told_again(shop: Shop) -> None:
    conflict(shop)
    told = shop("update").stdout
    assert "Tell everybody." in told
    result = shop("update", "--continue")
    assert result.stdout.splitlines()[0] == f"  {EDITED} still has conflict markers."
    assert "Tell everybody." not in result.stdout
    assert "Tell everybody." in shop("update", "--continue", "-v").stdout
    shop.ok("resolve", EDITED, "--ours")
    done = "The update is finished. Run the tests, and commit.\n"
    assert shop.ok("update", "--continue") == done


def cut_short(shop: Shop) -> None:
    """Leave the change with conflicts as a kill before its end would."""
    conflict(shop)
    assert shop("update").returncode == 3
    shop.replace(".scaffold-update/journal.json", '"state": "conflicts"', '"state": "applying"')


def test_a_change_with_conflicts_that_was_cut_short_is_told_once(shop: Shop) -> None:
    cut_short(shop)
    result = shop("add", "docker")
    assert result.returncode == 3
    assert "Tell everybody." in result.stderr
    assert f"{EDITED}: you and the template changed the same lines." in result.stderr
    shop.ok("resolve", EDITED, "--ours")
    assert "Tell everybody." not in shop.ok("update", "--continue")


def test_a_change_that_was_cut_short_is_told_where_it_is_finished(shop: Shop) -> None:
    cut_short(shop)
    result = shop("update", "--continue")
    assert result.returncode == 3
    assert "Tell everybody." in result.stdout
    assert "Tell everybody." not in shop("update", "--continue").stdout


def test_what_must_be_done_comes_first_and_what_merged_is_a_number(shop: Shop) -> None:
    shop.replace(".env.example", "HOST=127.0.0.1\n", "HOST=127.0.0.1\nMINE=1\n")
    shop.replace(EDITED, "async def ", "# mine\nasync def ")
    shop.commit()
    out = shop.ok("update", "--dry-run")
    assert out[out.index("\nAction required:") :] == (
        "\nAction required:\n"
        "  - Install the changed dependencies: uv sync\n"
        "  - Tell everybody.\n"
        "\nReview:\n"
        "  - 2 files: your edits were merged with the template's; see -v.\n"
        "\nBefore deploying:\n"
        "  - New settings (see .env.example): COLOUR.\n"
        "\nGood to know:\n"
        "  - colour is new and is green; scaffold set colour=... changes it.\n"
    )
    assert (
        "  - .env.example: your edits were merged with the template's.\n"
        f"  - {EDITED}: your edits were merged with the template's.\n"
    ) in shop.ok("update", "-v")


def test_a_conflict_without_marks_is_named_when_the_change_is_finished(shop: Shop) -> None:
    shop.write("AGENTS.md", shop.read("AGENTS.md") + "Mine.\n")
    shop.commit()
    assert shop("update").returncode == 3
    assert "AGENTS.md stays as you have it." in shop.ok("update", "--continue")


def test_an_edited_file_that_the_template_drops_stays_unless_forced(shop: Shop) -> None:
    shop.write("AGENTS.md", shop.read("AGENTS.md") + "Mine.\n")
    shop.commit()
    result = shop("update")
    assert result.returncode == 3
    assert "AGENTS.md: you edited it, and the template no longer has it" in result.stdout
    assert shop.read("AGENTS.md").endswith("Mine.\n")
    shop.ok("update", "--abort")
    assert "AGENTS.md was deleted with your edits" in shop.ok("update", "--force")
    assert_updated(shop)


def test_a_dry_run_shows_exactly_what_is_done_afterwards(shop: Shop, tmp_path: Path) -> None:
    with (shop.folder / EDITED).open("a") as file:
        file.write("\n# mine\n")
    shop.commit()
    before = shop.snapshot()
    patch = shop.json("update", "--dry-run", "--diff")["diff"]
    plan = shop.json("update", "--dry-run")
    assert shop.snapshot() == before
    copy = Shop(tmp_path / "copy", shop.env)
    subprocess.run(["cp", "-a", shop.folder, copy.folder], check=True)
    subprocess.run(["git", "apply"], cwd=copy.folder, input=patch, text=True, check=True)
    done = shop.json("update")
    assert (plan.pop("state"), done.pop("state")) == ("planned", "done")
    assert plan == done
    assert shop.snapshot() == copy.snapshot()


def test_check_tells_by_its_exit_code(shop: Shop) -> None:
    before = shop.snapshot()
    result = shop("update", "--check")
    assert (result.returncode, shop.snapshot()) == (4, before)
    assert "v1.0.0 can be updated to v2.0.0" in result.stdout
    shop.ok("update", "--to", "2.0.0")
    assert shop.json("update", "--check") == {"version": "v2.0.0", "newest": "v2.0.0"}


def test_after_an_update_there_is_nothing_to_update(shop: Shop) -> None:
    shop.ok("update")
    before = shop.snapshot()
    assert "is already up to date" in shop.ok("update")
    assert "is already up to date" in shop.ok("set", "docker=no")
    assert shop.snapshot() == before
    assert "is older" in shop.failure("update", "--to", "v1.0.0")


@pytest.mark.posix("a git that is a shell script")
def test_an_old_git_merges_too_and_says_what_it_cannot(shop: Shop, tmp_path: Path) -> None:
    script = tmp_path / "old" / "git"
    script.parent.mkdir()
    refuse = 'case " $* " in *" merge-tree "*) exit 129;; esac'
    script.write_text(f'#!/bin/sh\n{refuse}\nexec {shutil.which("git")} "$@"\n')
    script.chmod(0o755)
    with (shop.folder / EDITED).open("a") as file:
        file.write("\n# mine\n")
    shop.commit()
    shop.env["PATH"] = f"{script.parent}:{shop.env['PATH']}"
    assert "This git is older than 2.38" in shop.ok("update")
    assert_updated(shop)
    assert shop.read(EDITED).endswith("\n# mine\n")
