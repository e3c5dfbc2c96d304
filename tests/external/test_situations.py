"""What happens to one file in an update, for each thing that owners and templates do to files.

Most cases are files of one template and one project, which is updated once for all of them.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import Scaffold, environment
from tests.external.conftest import Made, Repository, make_repository

ANSWERS = {"{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_nice_yaml }}"}
ODD_NAMES = [
    "naïve ☕.txt",
    "two  words.txt",
    " leading.txt",
    "trailing.txt ",
    "tab\there.txt",
    "line\nbreak.txt",
    "back\\slash.txt",
    "!exclaimed.txt",
    "any*.txt",
    "[ab].txt",
    "-dash.txt",
]
BLOCK = 'def {}():\n    print("first")\n    print("second")\n\n\n'
# Each is the file in the first version, as the owner left it, and in the second version; None
# where there is no such file.
FILES: dict[str, tuple[str | None, str | None, str | None]] = {
    "any thing.txt": ("old\n", "old\n", "new\n"),
    "a.txt": ("old\n", "old\n", "new\n"),
    "top.txt": ("same\n", None, "same\n"),
    "folder/top.txt": ("same\n", "same\n", "same\n"),
    "once.txt": ("old\n", "mine\n", "new\n"),
    "once deleted.txt": ("old\n", None, "new\n"),
    "same change.txt": ("one\ntwo\n", "one\n2\n", "one\n2\n"),
    "same file.txt": (None, "one\ntwo\n", "one\ntwo\n"),
    "both added.yml": (None, "test: fast\n\npages: mine\n", "test: slow\n"),
    "both deleted.txt": ("old\n", None, None),
    "dropped.txt": ("old\n", "old\n", None),
    "dropped/deep/er/file.txt": ("old\n", "old\n", None),
    "dropped/kept/own.txt": (None, "mine\n", None),
    "dropped edited.txt": ("one\ntwo\nthree\n", "one\ntwo\nthree\nmine\n", None),
    "blocks.py": (
        "".join(BLOCK.format(name) for name in "abcd"),
        "".join(BLOCK.format(name) for name in "ab")
        + BLOCK.format("c").replace("second", "mine")
        + BLOCK.format("d"),
        "".join(BLOCK.format(name) for name in "axbcd"),
    ),
    "no line end.txt": ("one\ntwo\nthree", "zero\none\ntwo\nthree", "one\ntwo\nthree\nfour"),
    "unicode.txt": ("aaa🐍\nbbb🐍\n", "aaa🐍\njjj🐍\nbbb🐍\n", "aaa🐍\nccc🐍\nbbb🐍\n"),
    "emptied.txt": ("one\n", "one\n", ""),
    "marks.md": (
        "Title\n=======\n\none\ntwo\nthree\n",
        "Title\n=======\n\nONE\ntwo\nthree\n",
        "Title\n=======\n\none\ntwo\nTHREE\n",
    ),
    "ignored.env": ("old\n", "old\n", "new\n"),
    "run.sh": ("#!/bin/sh\n", "#!/bin/sh\n", "#!/bin/sh\n"),
    "stop.sh": ("#!/bin/sh\n", "#!/bin/sh\n", "#!/bin/sh\n"),
    "becomes folder": ("old\n", "old\n", None),
    "becomes folder/inside.txt": (None, None, "new\n"),
    "was folder/inside.txt": ("old\n", "old\n", None),
    "was folder": (None, None, "new\n"),
    **dict.fromkeys(ODD_NAMES, ("old\n", None, "new\n")),
    **{f"kept/{name}": ("old\n", "old\n", "new\n") for name in ODD_NAMES},
}


def put(folder: Path, side: int) -> None:
    """Write the files as they are on one side into `folder`, in place of those there."""
    for path, sides in FILES.items():
        if sides[side] is None and (folder / path).is_file():
            (folder / path).unlink()
            for parent in list((folder / path).parents)[: len(Path(path).parts) - 1]:
                if not any(parent.iterdir()):
                    parent.rmdir()
    for path, sides in FILES.items():
        text = sides[side]
        if text is not None:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory, checkout: Path, uv_folder: Path) -> Made:
    """A project whose owner edited it, after its update."""
    folder = tmp_path_factory.mktemp("situations")
    home = folder / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n\tname = Ada\n\temail = ada@example.com\n")
    env = environment(home, checkout, uv_folder)
    settings = {"copier.yml": '_preserve_symlinks: true\n_skip_if_exists: ["once*"]\n'}
    template = make_repository(folder / "template", env, {**settings, **ANSWERS})
    template.git("config", "core.autocrlf", "false")
    put(template.folder, 0)
    (template.folder / "latin1.bin").write_bytes(b"caf\xe9\none\ntwo\n")
    (template.folder / "stop.sh").chmod(0o755)
    (template.folder / "link").symlink_to("a.txt")
    (template.folder / "own link").symlink_to("a.txt")
    (template.folder / "folder link").symlink_to("folder")
    (template.folder / "becomes link").write_text("old\n")
    template.release("v1.1.0", {})

    Scaffold(folder, env).ok("new", "site", "-t", f"{template.folder}@v1.1.0", "--yes")
    site = Made(folder / "site", env)
    put(site.folder, 1)
    (site.folder / "latin1.bin").write_bytes(b"caf\xe9\none\ntwo\nmine\n")
    (site.folder / "own link").unlink()
    (site.folder / "own link").symlink_to("once.txt")
    (site.folder / ".gitignore").write_text("*.env\n")
    site.commit()
    site.git("rm", "--quiet", "--cached", "ignored.env")
    site.commit()

    put(template.folder, 2)
    (template.folder / "latin1.bin").write_bytes(b"caf\xe9\nONE\ntwo\n")
    (template.folder / "run.sh").chmod(0o755)
    (template.folder / "stop.sh").chmod(0o644)
    links = ("link", "top.txt"), ("own link", "top.txt"), ("becomes link", "a.txt")
    for name, target in (*links, ("folder link", "kept")):
        (template.folder / name).unlink()
        (template.folder / name).symlink_to(target)
    template.release("v1.2.0", {})
    result = site("update")
    assert result.returncode == 3, result.stdout + result.stderr
    return site


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_file_of_any_name_that_the_owner_deleted_stays_deleted(updated: Made, name: str) -> None:
    assert not (updated.folder / name).exists()
    assert updated.read(f"kept/{name}") == "new\n"


def test_a_deleted_name_is_no_pattern(updated: Made) -> None:
    assert updated.read("any thing.txt") == "new\n"
    assert updated.read("a.txt") == "new\n"
    assert updated.read("folder/top.txt") == "same\n"


def test_a_file_that_is_written_once_stays_as_its_owner_has_it(updated: Made) -> None:
    assert updated.read("once.txt") == "mine\n"
    assert not (updated.folder / "once deleted.txt").exists()


def test_a_change_that_both_made_is_no_conflict(updated: Made) -> None:
    assert updated.read("same change.txt") == "one\n2\n"
    assert updated.read("same file.txt") == "one\ntwo\n"
    assert not (updated.folder / "both deleted.txt").exists()


def test_two_different_files_at_one_path_are_a_conflict_with_both(updated: Made) -> None:
    text = updated.read("both added.yml")
    assert "<<<<<<< yours\n" in text
    assert "test: fast\n\npages: mine\n" in text
    assert "test: slow\n" in text


def test_a_file_that_the_template_drops_goes_with_its_empty_folders(updated: Made) -> None:
    assert not (updated.folder / "dropped.txt").exists()
    assert not (updated.folder / "dropped" / "deep").exists()
    assert updated.read("dropped/kept/own.txt") == "mine\n"


def test_a_dropped_file_with_edits_stays_and_is_a_conflict(updated: Made) -> None:
    assert updated.read("dropped edited.txt") == "one\ntwo\nthree\nmine\n"
    assert "dropped edited.txt" in updated("status").stdout


def test_an_edit_in_one_of_several_equal_blocks_stays_in_its_block(updated: Made) -> None:
    blocks = updated.read("blocks.py").split("\n\n\n")
    assert [block[4] for block in blocks[:5]] == list("axbcd")
    assert ["mine" in block for block in blocks[:5]] == [False, False, False, True, False]


def test_edits_at_both_ends_of_a_file_without_a_last_line_end_merge(updated: Made) -> None:
    assert updated.read("no line end.txt") == "zero\none\ntwo\nthree\nfour"


def test_a_conflict_leaves_other_letters_than_english_ones_as_they_are(updated: Made) -> None:
    lines = updated.read("unicode.txt").splitlines()
    assert [line for line in lines if line.endswith("🐍")] == ["aaa🐍", "jjj🐍", "ccc🐍", "bbb🐍"]


def test_a_file_that_is_no_utf_8_merges(updated: Made) -> None:
    content = (updated.folder / "latin1.bin").read_bytes()
    assert content == b"caf\xe9\nONE\ntwo\nmine\n"


def test_an_underlined_heading_is_no_mark_of_a_conflict(updated: Made) -> None:
    assert updated.read("marks.md") == "Title\n=======\n\nONE\ntwo\nTHREE\n"


def test_an_emptied_file_stays_as_an_empty_file(updated: Made) -> None:
    assert updated.read("emptied.txt") == ""


def test_a_file_of_the_template_that_git_ignores_is_updated(updated: Made) -> None:
    assert updated.read("ignored.env") == "new\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such bit")
def test_the_executable_bit_comes_and_goes(updated: Made) -> None:
    assert os.access(updated.folder / "run.sh", os.X_OK)
    assert not os.access(updated.folder / "stop.sh", os.X_OK)


def test_a_link_follows_the_template_unless_the_owner_changed_it(updated: Made) -> None:
    assert os.readlink(updated.folder / "link") == "top.txt"  # noqa: PTH115 (its text)
    assert os.readlink(updated.folder / "folder link") == "kept"  # noqa: PTH115 (its text)
    assert os.readlink(updated.folder / "becomes link") == "a.txt"  # noqa: PTH115 (its text)
    assert os.readlink(updated.folder / "own link") == "once.txt"  # noqa: PTH115 (its text)


def test_a_file_becomes_a_folder_and_a_folder_a_file(updated: Made) -> None:
    assert updated.read("becomes folder/inside.txt") == "new\n"
    assert updated.read("was folder") == "new\n"


# Cases that need a project of their own.


@pytest.fixture
def template(tmp_path: Path, env: dict[str, str]) -> Repository:
    """A copier template with two questions."""
    files = {
        "copier.yml": 'city: Rome\nfirst: true\nsecond:\n  default: "{{ first }}"\n'
        '  type: bool\n  when: "{{ first }}"\n',
        "log.txt.jinja": "{{ city }} {{ first }} {{ second }}\n",
        "a.txt": "one\ntwo\nthree\n",
        **ANSWERS,
    }
    return make_repository(tmp_path / "template", env, files)


def made(scaffold: Scaffold, template: Repository, *more: str) -> Made:
    where = f"{template.folder}@v1.0.0"
    scaffold.ok("new", "site", "-t", where, "--yes", "--trust", *more)
    return Made(scaffold.folder / "site", scaffold.env)


def test_answers_in_any_language_are_kept(scaffold: Scaffold, template: Repository) -> None:
    site = made(scaffold, template, "--set", "city=Zürich 京都")
    template.release("v1.1.0", {"a.txt": "ONE\n"})
    site.ok("update")
    assert site.read("log.txt").startswith("Zürich 京都")


def test_an_answer_to_a_question_that_is_no_longer_asked_goes(
    scaffold: Scaffold, template: Repository
) -> None:
    site = made(scaffold, template)
    site.ok("set", "first=false")
    assert "second" not in site.read(".copier-answers.yml")
    assert site.read("log.txt") == "Rome False False\n"
    site.commit()
    site.ok("set", "first=true")
    assert site.read("log.txt") == "Rome True True\n"


def test_a_computed_value_is_not_validated(scaffold: Scaffold, template: Repository) -> None:
    computed = "\nsum:\n  type: str\n  default: x\n  when: false\n  validator: Never shown.\n"
    settings = (template.folder / "copier.yml").read_text() + computed
    site = made(scaffold, template)
    template.release("v1.1.0", {"copier.yml": settings})
    site.ok("update")
    assert "sum" not in site.read(".copier-answers.yml")


def test_a_secret_that_is_not_recorded_stops_no_update(
    scaffold: Scaffold, template: Repository
) -> None:
    secret = (
        '\ntoken:\n  type: str\n  secret: true\n  default: ""\n'
        '  validator: "{% if not token %}It is needed.{% endif %}"\n'
    )
    settings = (template.folder / "copier.yml").read_text() + secret
    template.release("v1.1.0", {"copier.yml": settings, "t.txt.jinja": "token {{ token }}\n"})
    where = f"{template.folder}@v1.1.0"
    scaffold.ok("new", "site", "-t", where, "--yes", "--set", "token=x")
    site = Made(scaffold.folder / "site", scaffold.env)
    template.release("v1.2.0", {"a.txt": "ONE\n"})
    site.ok("update")
    assert site.read("a.txt") == "ONE\n"
    assert site.read("t.txt") == "token x\n"


def test_a_newer_branch_than_the_last_tag_can_be_named(
    scaffold: Scaffold, template: Repository
) -> None:
    site = made(scaffold, template)
    template.release("", {"a.txt": "head\n"})
    site.ok("update", "--to", "HEAD")
    assert site.read("a.txt") == "head\n"
    assert "_commit: v1.0.0-1-g" in site.read(".copier-answers.yml")


def test_a_project_may_be_a_folder_of_a_repository(
    scaffold: Scaffold, template: Repository
) -> None:
    Made(scaffold.folder, scaffold.env).git("init", "--quiet")
    site = made(scaffold, template)
    site.replace("a.txt", "three", "mine")
    site.commit()
    template.release("v1.1.0", template.edit("a.txt", "one", "ONE"))
    site.ok("update")
    assert site.read("a.txt") == "ONE\ntwo\nmine\n"
    assert not (site.folder / ".git").exists()


def test_a_project_may_be_a_linked_work_tree(scaffold: Scaffold, template: Repository) -> None:
    site = made(scaffold, template)
    site.git("worktree", "add", "--quiet", "../linked", "-b", "linked")
    linked = Made(scaffold.folder / "linked", scaffold.env)
    template.release("v1.1.0", template.edit("a.txt", "one", "ONE"))
    linked.ok("update")
    assert linked.read("a.txt").startswith("ONE")
    assert site.read("a.txt").startswith("one")


def test_hooks_of_the_users_own_git_do_not_run(
    scaffold: Scaffold, template: Repository, tmp_path: Path
) -> None:
    site = made(scaffold, template)
    site.replace("a.txt", "two", "mine")
    site.commit()
    hooks = tmp_path / "git-hooks"
    hooks.mkdir()
    for name in ("pre-commit", "commit-msg", "post-checkout", "post-commit"):
        (hooks / name).write_text(f"#!/bin/sh\necho {name} >> {tmp_path}/ran\nexit 1\n")
        (hooks / name).chmod(0o755)
    template.release("v1.1.0", template.edit("a.txt", "two", "zwei"))
    with (tmp_path / "home" / ".gitconfig").open("a") as settings:
        settings.write(f"[core]\n\thooksPath = {hooks}\n")
    assert site("update").returncode == 3
    assert not (tmp_path / "ran").exists()


def test_a_bit_that_git_does_not_see_changes_nothing(
    scaffold: Scaffold, template: Repository
) -> None:
    site = made(scaffold, template)
    site.git("config", "core.fileMode", "false")
    (site.folder / "log.txt").chmod(0o755)
    template.release("v1.1.0", template.edit("a.txt", "one", "ONE"))
    assert "2 files changed" in site.ok("update")
    assert os.access(site.folder / "log.txt", os.X_OK)


def test_a_migration_before_the_update_may_change_the_answers(
    scaffold: Scaffold, template: Repository
) -> None:
    site = made(scaffold, template, "--set", "city=Oslo")
    script = (
        "import pathlib, sys\n"
        "file = pathlib.Path(sys.argv[1], sys.argv[2])\n"
        "file.write_text(file.read_text().replace('city: Oslo', 'towns: [Oslo]'))\n"
    )
    migration = (
        f"\n_migrations:\n- version: v1.1.0\n  when: \"{{{{ _stage == 'before' }}}}\"\n"
        f"  command: [{sys.executable}, '{{{{ _copier_conf.src_path }}}}/move.py', "
        "'{{ _copier_conf.dst_path }}', '{{ _copier_conf.answers_file }}']\n"
    )
    settings = (
        (template.folder / "copier.yml")
        .read_text()
        .replace(
            "city: Rome", 'towns:\n  type: yaml\n  validator: "{% if not towns %}None.{% endif %}"'
        )
    )
    log = {"log.txt.jinja": "{{ towns | first }}\n", "move.py": script}
    template.release("v1.1.0", {"copier.yml": settings + migration, **log})
    before = site.snapshot()
    site.ok("update", "--trust", "--dry-run")
    assert site.snapshot() == before
    site.ok("update", "--trust")
    assert site.read("log.txt") == "Oslo\n"
    assert "city" not in site.read(".copier-answers.yml")


def test_copiers_own_settings_can_be_rendered(scaffold: Scaffold, template: Repository) -> None:
    template.release("v1.1.0", {"conf.json.jinja": "{{ _copier_conf | to_json }}"})
    site = made(scaffold, template)
    site.ok("update")
    assert '"answers_file"' in site.read("conf.json")


def test_a_record_at_another_place_is_kept_there(scaffold: Scaffold, template: Repository) -> None:
    site = made(scaffold, template)
    other = site.folder / ".copier-answers.api.yaml"
    shutil.move(site.folder / ".copier-answers.yml", other)
    site.commit()
    template.release("v1.1.0", {"a.txt": "ONE\n"})
    site.ok("update")
    assert "v1.1.0" in other.read_text()
    assert not (site.folder / ".copier-answers.yml").exists()
