"""Random histories of a project: edits, moves, answers, updates, branches. No line is lost."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, note, settings
from hypothesis import strategies as st

from generator.engine import change as changing
from generator.engine import inspection, operations, plan, reunite
from generator.engine.change import ChangeResult
from generator.engine.options import ChangeOptions, UpdateOptions
from generator.project.project import files_of
from generator.project.record import ANSWERS_FILE
from generator.tree import File
from tests.lifecycle.conftest import World

MINE = re.compile(rb"mine \d+")
# What the owner does not edit: the record, and a migration, which is the owner's anyway.
UNTOUCHED = re.compile(r"\.copier-answers\.yml|migrations/versions/.*|uv\.lock|\.env")
CONFLICT = re.compile(
    rb"<<<<<<< [^\n]*\n(.*?)(?:\|\|\|\|\|\|\| [^\n]*\n.*?)?=======\r?\n(.*?)>>>>>>> [^\n]*\n",
    re.DOTALL,
)
YES = {"overwrite": True, "change_data": True}


@dataclass(frozen=True)
class Step:
    """One thing that happens to a project; `which` and `where` are fractions."""

    kind: str
    which: float = 0
    where: float = 0
    number: int = 0
    answers: Mapping[str, Any] | None = None


FRACTIONS = st.floats(0, 1, exclude_max=True)
BY_HAND = st.builds(
    Step,
    st.sampled_from(["insert", "insert", "insert", "move", "own"]),
    FRACTIONS,
    FRACTIONS,
    st.integers(1, 10**9),
)
ANSWERS = st.sampled_from(
    [
        {"docker": True},
        {"docker": False},
        {"ci": "github"},
        {"ci": "none"},
        {"auth": "none"},
        {"auth": "tokens"},
        {"database": "postgres"},
        {"description": "Another one."},
    ]
)
BY_SCAFFOLD = st.one_of(st.builds(Step, st.just("set"), answers=ANSWERS), st.just(Step("update")))
STEPS = st.lists(st.one_of(BY_HAND, BY_HAND, BY_SCAFFOLD), min_size=1, max_size=4)


@dataclass(frozen=True)
class Fork:
    """Two branches, which are merged."""

    ours: Sequence[Step]
    theirs: Sequence[Step]


CHANGED = st.builds(lambda steps, last: [*steps, last], STEPS, BY_SCAFFOLD)


@pytest.fixture
def rendering(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each render once."""
    monkeypatch.setenv("HOME", str(stored))
    made: dict[str, dict[str, File]] = {}
    render = plan.rendered

    def rendered(
        given: Mapping[str, Any], source: Any, version: str, transition: Any = None
    ) -> dict[str, File]:
        key = f"{version} {sorted(given.items(), key=str)} {transition}"
        if key not in made:
            made[key] = render(given, source, version, transition)
        return made[key]

    monkeypatch.setattr(plan, "rendered", rendered)
    monkeypatch.setattr(reunite, "rendered", rendered)


@settings(
    max_examples=int(os.environ.get("EXAMPLES", "6")),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    history=st.lists(st.one_of(STEPS, st.builds(Fork, CHANGED, CHANGED)), min_size=1, max_size=3)
)
def test_no_line_of_the_owners_is_lost(
    world: World, rendering: None, tmp_path_factory: pytest.TempPathFactory, history: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("history") / "shop"
    shutil.copytree(world.project, folder, symlinks=True)
    project = History(folder)
    for part in history:
        if isinstance(part, Fork):
            project.fork_and_merge(part)
        else:
            project.go_on(part)
    shutil.rmtree(folder)


class History:
    """A project in git to which things happen; after each, the owner's lines are still there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *arguments: str, check: bool = True) -> None:
        command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *arguments]
        subprocess.run(command, cwd=self.root, capture_output=True, check=check)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=Mine", "--no-verify", "--allow-empty")

    def mine(self) -> set[bytes]:
        """Return the owner's lines in all files."""
        files = (self.root / path for path in files_of(self.root))
        return {line for path in files for line in MINE.findall(path.read_bytes())}

    def go_on(self, steps: Iterable[Step]) -> None:
        for step in steps:
            before = self.mine()
            if step.kind == "set":
                self._end(
                    operations.set_answers(self.root, step.answers or {}, ChangeOptions(**YES))
                )
            elif step.kind == "update":
                self._end(operations.update(self.root, UpdateOptions(**YES)))
            else:
                self._edit(step)
            assert before <= self.mine(), step
            self.commit()

    def fork_and_merge(self, fork: Fork) -> None:
        self.git("branch", "--force", "theirs")
        self.go_on(fork.ours)
        self.git("checkout", "--quiet", "-B", "ours")
        ours = self.mine()
        self.git("checkout", "--quiet", "theirs")
        self.go_on(fork.theirs)
        theirs = self.mine()
        self.git("checkout", "--quiet", "ours")
        self.git("merge", "--quiet", "theirs", check=False)
        merged = operations.reunite(self.root)
        event(f"merge: {'plain' if merged is None else merged.state}")
        if merged is not None:
            self._end(merged)
        self._keep_both_sides(files_of(self.root))
        assert ours | theirs <= self.mine()
        assert inspection.status(self.root).pending is None
        self.commit()

    def _edit(self, step: Step) -> None:
        paths = sorted(path for path in files_of(self.root) if not UNTOUCHED.fullmatch(path))
        path = self.root / paths[int(step.which * len(paths))]
        note(f"{step.kind} {path.relative_to(self.root)}")
        if step.kind == "insert":
            lines = path.read_bytes().splitlines(keepends=True)
            lines.insert(int(step.where * len(lines)), f"# mine {step.number}\n".encode())
            path.write_bytes(b"".join(lines))
        elif step.kind == "move":
            (self.root / "moved").mkdir(exist_ok=True)
            path.rename(self.root / "moved" / f"{step.number}-{path.name}")
        else:
            (self.root / f"own-{step.number}.txt").write_text(f"mine {step.number}\n")

    def _end(self, result: ChangeResult) -> None:
        """Keep the lines of both sides where there are conflicts, and finish the change."""
        if result.state == changing.CONFLICTS:
            event("conflicts")
            self._keep_both_sides(conflict.path for conflict in result.conflicts)
            assert operations.finish(self.root).state == "finished"

    def _keep_both_sides(self, paths: Iterable[str]) -> None:
        for path in paths:
            file = self.root / path
            if path != ANSWERS_FILE and file.is_file():
                content = file.read_bytes()
                file.write_bytes(CONFLICT.sub(rb"\1\2", content))
