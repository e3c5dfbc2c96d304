"""Template versions: the hash of a tree, the store, the releases."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from generator import __version__
from generator.errors import UPGRADE, ScaffoldError
from generator.versions import notes, store
from generator.versions.bundle import read_tags, tree_sha, version_key
from generator.versions.locate import find_source, released_versions, template_root
from generator.versions.release import release


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def template(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small template in a folder of its own, and a home without a store."""
    monkeypatch.setenv("HOME", str(home))
    root = tmp_path / "template"
    (root / "templates" / "a").mkdir(parents=True)
    (root / "copier.yml").write_text("_subdirectory: templates/a\n")
    (root / "templates" / "a" / "file").write_text("one\n")
    return root


def unpack(bundle: Path, folder: Path) -> Path:
    subprocess.run(["git", "clone", "-q", "--mirror", bundle, folder], check=True)
    return folder


@pytest.mark.skipif(os.name == "nt", reason="executable bits are not on disk there")
def test_the_tree_hash_is_gits_own(template: Path) -> None:
    folder = template / "templates"
    (folder / "a.b").mkdir()
    (folder / "a.b" / "ünï côde.jinja").write_bytes(b"\0\xff\r\n")
    (folder / "a-file").write_text("sorts between the folders a and a.b in other orders\n")
    (folder / "script").write_text("#!/bin/sh\n")
    (folder / "script").chmod(0o755)
    (folder / "empty").mkdir()
    hashed = tree_sha(template)
    git(template, "init", "-q")
    git(template, "-c", "core.autocrlf=false", "add", "-A")
    assert hashed == git(template, "write-tree")


def test_a_manifest_is_part_of_the_version_and_a_template_needs_none(template: Path) -> None:
    without = tree_sha(template)
    (template / "scaffold.yml").write_text("format: 1\n")
    assert tree_sha(template) != without
    (template / "scaffold.yml").unlink()
    assert tree_sha(template) == without


def test_what_tools_leave_behind_does_not_count(template: Path) -> None:
    before = tree_sha(template)
    cache = template / "templates" / "a" / "__pycache__"
    cache.mkdir()
    (cache / "x.cpython-311.pyc").write_text("")
    (template / "templates" / ".DS_Store").write_text("")
    assert tree_sha(template) == before


def test_an_unreleased_tree_gets_a_development_version_that_counts_up(template: Path) -> None:
    first = store.ensure(find_source(template))
    (template / "templates" / "a" / "file").write_text("two\n")
    second = store.ensure(find_source(template))
    assert first.startswith(f"v{__version__}.dev0+g")
    assert second.startswith(f"v{__version__}.dev1+g")
    assert version_key(first) < version_key(second) < version_key(f"v{__version__}")
    assert list(read_tags(store.path())) == [first, second]


def test_a_tree_that_is_stored_already_is_not_stored_again(template: Path) -> None:
    tag = store.ensure(find_source(template))
    before = store.path().stat()
    assert store.ensure(find_source(template)) == tag
    after = store.path().stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_the_same_tree_and_tag_make_the_same_commit_everywhere(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.ensure(find_source(template))
    here = read_tags(store.path())
    monkeypatch.setenv("HOME", str(tmp_path / "elsewhere"))
    store.ensure(find_source(template))
    assert read_tags(store.path()) == here


def test_a_stored_version_holds_the_tree_that_was_stored(template: Path, tmp_path: Path) -> None:
    source = find_source(template)
    tag = store.ensure(source)
    repository = unpack(store.path(), tmp_path / "unpacked")
    assert git(repository, "rev-parse", f"{tag}^{{tree}}") == source.tree


def test_releases_come_into_the_store_and_stay_beside_what_is_there(template: Path) -> None:
    development = store.ensure(find_source(template))
    release(template, "v1.0.0")
    assert store.ensure(find_source(template)) == "v1.0.0"
    assert set(read_tags(store.path())) == {development, "v1.0.0"}


def test_an_older_install_keeps_what_a_newer_one_stored(template: Path, tmp_path: Path) -> None:
    release(template, "v1.0.0")
    older = tmp_path / "older"
    shutil.copytree(template, older)
    (template / "templates" / "a" / "file").write_text("two\n")
    release(template, "v1.1.0")
    store.ensure(find_source(template))
    assert store.ensure(find_source(older)) == "v1.0.0"
    assert set(read_tags(store.path())) == {"v1.0.0", "v1.1.0"}


def test_an_empty_store_becomes_a_copy_of_the_releases_without_git(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(template, "v1.0.0")
    monkeypatch.setenv("PATH", "")
    assert store.ensure(find_source(template)) == "v1.0.0"
    released = template / "releases" / "templates.bundle"
    assert store.path().read_bytes() == released.read_bytes()


def test_a_store_that_is_no_bundle_is_named_with_its_cure(template: Path) -> None:
    store.path().parent.mkdir(parents=True)
    store.path().write_text("broken\n")
    with pytest.raises(ScaffoldError, match="is not a git bundle"):
        store.ensure(find_source(template))


def _ensure(root: Path) -> str:
    return store.ensure(find_source(root))


def test_a_bundle_of_a_newer_format_is_left_alone_and_the_cure_is_to_upgrade(
    tmp_path: Path,
) -> None:
    bundle = tmp_path / "templates.bundle"
    bundle.write_bytes(b"# v9 git bundle\n\n")
    with pytest.raises(ScaffoldError) as caught:
        read_tags(bundle)
    assert caught.value.message == f"A newer scaffold wrote {bundle}."
    assert caught.value.hint == UPGRADE


RELEASES, DEVELOPMENT = ["v1.0.0", "v1.1.0"], ["v1.0.1.dev0+gaaa", "v1.2.0.dev0+gbbb"]


@pytest.mark.parametrize(
    ("current", "known", "newest"),
    [
        ("v1.0.0", RELEASES, "v1.1.0"),
        ("v1.0.0", RELEASES + DEVELOPMENT, "v1.1.0"),
        ("v1.1.0", RELEASES + DEVELOPMENT, "v1.1.0"),
        ("v1.0.1.dev0+gaaa", RELEASES + DEVELOPMENT, "v1.2.0.dev0+gbbb"),
        ("v1.0.1.dev0+gaaa", DEVELOPMENT, "v1.2.0.dev0+gbbb"),
    ],
)
def test_only_projects_of_a_development_version_are_offered_one(
    current: str, known: list[str], newest: str
) -> None:
    assert store.newest(current, known) == newest


def test_keys_of_notes_that_a_newer_template_has_are_ignored(tmp_path: Path) -> None:
    (tmp_path / notes.FILE).parent.mkdir(parents=True)
    entry = "- {version: v0.4.0, show: please_look, text: Look., link: https://example.com}\n"
    (tmp_path / notes.FILE).write_text(entry)
    (note,) = notes.load(tmp_path, since="v0.3.0", until="v0.4.0")
    assert (note.show, note.text) == ("please_look", "Look.")


def test_many_processes_can_store_at_once(template: Path, tmp_path: Path) -> None:
    roots = []
    for number in range(6):
        root = tmp_path / str(number)
        shutil.copytree(template, root)
        (root / "templates" / "a" / "file").write_text(f"{number}\n")
        roots.append(root)
    with ProcessPoolExecutor(6) as pool:
        tags = list(pool.map(_ensure, roots))
    assert sorted(read_tags(store.path())) == sorted(tags)
    assert len({tag.partition("+")[0] for tag in tags}) == 6
    assert not list(store.path().parent.glob("*.tmp"))


def test_a_release_is_never_changed(template: Path) -> None:
    release(template, "v1.0.0")
    (template / "templates" / "a" / "file").write_text("two\n")
    with pytest.raises(ScaffoldError, match="is released, and the template has changed"):
        release(template, "v1.0.0")
    assert list(released_versions(template)) == ["v1.0.0"]
    assert "nothing to release" in _back_to_one(template)


def _back_to_one(template: Path) -> str:
    (template / "templates" / "a" / "file").write_text("one\n")
    return release(template, "v1.0.1")


def test_after_a_release_development_counts_towards_the_next(template: Path) -> None:
    release(template, "v1.9.0")
    (template / "templates" / "a" / "file").write_text("two\n")
    release(template, "v1.10.0")
    (template / "templates" / "a" / "file").write_text("three\n")
    assert store.ensure(find_source(template)).startswith("v1.10.1.dev0+g")


def test_no_released_version_of_this_template_has_changed(tmp_path: Path) -> None:
    root = template_root()
    versions = released_versions(root)
    bundle = root / "releases" / "templates.bundle"
    assert set(read_tags(bundle)) == set(versions)
    if versions:
        repository = unpack(bundle, tmp_path / "unpacked")
        trees = {tag: git(repository, "rev-parse", f"{tag}^{{tree}}") for tag in versions}
        assert trees == versions


def test_no_release_was_ever_taken_back() -> None:
    root = Path(__file__).parents[2]
    log = ["git", "-C", root, "log", "--format=", "--patch", "--", "releases/versions.txt"]
    history = subprocess.run(log, capture_output=True, text=True, check=False)
    if history.returncode != 0:
        pytest.skip("this is no git checkout")
    assert [line for line in history.stdout.splitlines() if line.startswith("-v")] == []


def test_the_store_works_where_git_is_set_up_to_refuse_bare_repositories(
    template: Path, home: Path
) -> None:
    with (home / ".gitconfig").open("a") as config:
        config.write(
            "[safe]\n\tbareRepository = explicit\n[init]\n\tdefaultObjectFormat = sha256\n"
        )
    assert store.ensure(find_source(template)) in read_tags(store.path())


def test_the_engine_alone_does_not_import_copier() -> None:
    """Only `render` does, and only when it renders."""
    code = "import sys, generator.cli.main, generator.cli.new; sys.exit('copier' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
