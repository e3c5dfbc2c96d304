"""Random edits, answers and versions: the result is a three-way merge or a declared conflict."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from generator.engine import plan, planned
from generator.project.project import find_project
from generator.project.record import ANSWERS_FILE, Project
from generator.transaction import apply as applying
from generator.transaction import journal
from generator.tree import EXECUTABLE, File, Tree, read_tree
from tests.lifecycle.conftest import World

VERSIONS = "v1.0.0", "v2.0.0"
ANSWERS: tuple[dict[str, Any], ...] = (
    {},
    {"docker": True, "ci": "github"},
    {"auth": "none"},
    {"database": "postgres", "ci": "gitlab", "description": "Another one."},
)
MIGRATION = "migrations/versions/0001_initial.py"
MOVED_BY_THE_TEMPLATE = {"app/core/etag.py": "app/core/entity_tags.py"}


@dataclass(frozen=True)
class Edit:
    """One thing that a person does to a file; `where` and `which` are fractions."""

    kind: str
    which: float
    where: float
    text: str


edits = st.lists(
    st.builds(
        Edit,
        st.sampled_from(["insert", "change", "delete", "remove", "move", "chmod", "crlf", "own"]),
        st.floats(0, 1, exclude_max=True),
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 10**9).map(lambda number: f"mine {number}\n"),
    ),
    max_size=8,
)


@dataclass
class Edited:
    """The user's tree, and where she moved what."""

    tree: dict[str, File]
    moved: dict[str, str]


def edit(base: Tree, todo: list[Edit]) -> Edited:
    """Return what a person makes of a pristine project."""
    tree, moved = dict(base), {}
    names = sorted(base.keys() - {ANSWERS_FILE, MIGRATION}) + [*MOVED_BY_THE_TEMPLATE] * 20
    for step in todo:
        name = names[int(step.which * len(names))]
        path = moved.get(name, name)
        if step.kind == "own":
            tree[f"own/{step.text.split()[1]}.txt"] = File(step.text.encode())
        elif path not in tree:
            continue
        elif step.kind == "remove":
            del tree[path]
        elif step.kind == "move" and path == name and base[name].content.count(b"\n") > 40:
            moved[name] = f"moved/{name.replace('/', '-')}"
            tree[moved[name]] = tree.pop(name)
        elif step.kind == "chmod":
            tree[path] = File(tree[path].content, EXECUTABLE)
        elif step.kind == "crlf":
            content = tree[path].content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            tree[path] = File(content, tree[path].mode)
        elif step.kind in {"insert", "change", "delete"}:
            tree[path] = File(_with_lines_edited(tree[path].content, step), tree[path].mode)
    return Edited(tree, moved)


def _with_lines_edited(content: bytes, step: Edit) -> bytes:
    ending = b"\r\n" if b"\r\n" in content else b"\n"
    lines = content.splitlines(keepends=True)
    place = int(step.where * len(lines))
    replacement = [] if step.kind == "delete" else [step.text.strip().encode() + ending]
    lines[place : place + (step.kind != "insert")] = replacement
    return b"".join(lines)


def expected(base: Tree, edited: Edited, theirs: Tree) -> tuple[dict[str, File], set[str]]:
    """Merge file by file, knowing who moved what; return the tree and the paths in conflict."""
    tree, conflicts = dict(edited.tree), set()
    for name in base.keys() | theirs.keys():
        mine = edited.moved.get(name, name)
        target = MOVED_BY_THE_TEMPLATE.get(name, name) if name not in theirs else name
        if name not in base and name in MOVED_BY_THE_TEMPLATE.values():
            continue
        before, ours, new = base.get(name), edited.tree.get(mine), theirs.get(target)
        if name == ANSWERS_FILE:
            tree[name] = theirs[name]
        elif name == MIGRATION or (_unix(new) == _unix(before) and target == name):
            continue
        elif ours is None:
            if before is None and new is not None:
                tree[name] = new
        elif new is None:
            if _unix(ours) == _unix(before) and mine == name:
                del tree[mine]
            else:
                conflicts.add(mine)
        elif target != name and mine != name:
            conflicts |= {mine, target}
        else:
            del tree[mine]
            place = mine if target == name else target
            tree[place], clean = _merge_file(before, ours, new)
            conflicts |= set() if clean else {place}
    return tree, conflicts


def _unix(file: File | None) -> File | None:
    return file and File(file.content.replace(b"\r\n", b"\n"), file.mode)


def _merge_file(before: File | None, ours: File, new: File) -> tuple[File, bool]:
    assert before is not None
    with tempfile.TemporaryDirectory() as folder:
        for name, file in (("ours", ours), ("base", before), ("new", new)):
            (Path(folder) / name).write_bytes(file.content.replace(b"\r\n", b"\n"))
        command = ["git", "merge-file", "-p", "ours", "base", "new"]
        process = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    content = process.stdout
    if ours.content.count(b"\r\n") == ours.content.count(b"\n") > 0:
        content = content.replace(b"\n", b"\r\n")
    return File(
        content, ours.mode if ours.mode != before.mode else new.mode
    ), not process.returncode


@pytest.fixture
def renders(
    stored: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> dict[tuple[str, str], dict[str, File]]:
    """Renders by version and answers: the real ones, each made once."""
    monkeypatch.setenv("HOME", str(stored))
    made: dict[tuple[str, str], dict[str, File]] = {}
    render = plan.rendered

    def rendered(
        given: Mapping[str, Any], source: Any, version: str, transition: Any = None
    ) -> dict[str, File]:
        key = version, json.dumps([dict(given), transition], sort_keys=True)
        if key not in made:
            made[key] = render(given, source, version, transition)
        return made[key]

    monkeypatch.setattr(plan, "rendered", rendered)
    return made


def write(root: Path, tree: Tree) -> None:
    for path, file in tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(file.content)
        (root / path).chmod(0o755 if file.mode == EXECUTABLE else 0o644)


def everything(root: Path) -> dict[str, File]:
    return read_tree(root, [path.relative_to(root).as_posix() for path in root.rglob("*")])


@settings(
    max_examples=int(os.environ.get("EXAMPLES", "12")),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    todo=edits,
    steps=st.sampled_from([(0, 0), (0, 1), (1, 1)]),
    answers=st.tuples(st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)),
)
def test_a_change_is_a_three_way_merge_and_loses_nothing(
    world: World,
    renders: dict[tuple[str, str], dict[str, File]],
    todo: list[Edit],
    steps: tuple[int, int],
    answers: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    old, new = VERSIONS[steps[0]], VERSIONS[steps[1]]
    start = find_project(world.project)
    first = plan.plan(Project(world.project, "v1.0.0", start.answers), old, answers[0])
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        edited = edit(first.theirs, todo)
        write(root, edited.tree)
        project = find_project(root)
        reset = {key: start.answers[key] for key in answers[0] if key not in answers[1]}
        owner = "ada@example.com" if "auth" in answers[0] and "auth" not in answers[1] else None
        change = plan.plan(project, new, {**reset, **answers[1]}, owner=owner)
        assert everything(root) == edited.tree  # planning writes nothing
        tree, conflicts = expected(first.theirs, edited, change.theirs)
        planned.apply(change, {"command": "update", "conflicts": []})
        found = everything(root)
        _compare(found, tree, {c.path for c in change.conflicts}, conflicts)
        event(f"conflicts: {len(change.conflicts)}")
        _assert_nothing_is_lost(found, edited.tree)
        if change.conflicts:
            applying.undo(root)
            assert everything(root) == edited.tree


def _compare(found: Tree, tree: Tree, told: set[str], conflicts: set[str]) -> None:
    # What git finds a conflict in may still merge by what the file says.
    solved = {path for path in conflicts - told if b"\n<<<<<<<" in b"\n" + tree[path].content}
    assert told == conflicts - solved
    inner = {path for path in found if path.startswith(f"{journal.FOLDER}/")}
    doubtful = conflicts | told | inner
    assert {p: f for p, f in found.items() if p not in doubtful} == {
        p: f for p, f in tree.items() if p not in doubtful
    }


def _assert_nothing_is_lost(found: Tree, edited: Tree) -> None:
    lines = {line.strip() for file in found.values() for line in file.content.splitlines()}
    for file in edited.values():
        for line in file.content.splitlines():
            if line.startswith(b"mine "):
                assert line.strip() in lines
