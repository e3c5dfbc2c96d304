"""Twelve edits of a team on every release: half of copier's conflicts, and no line is lost."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.versions import store
from generator.versions.locate import find_source
from tests.conftest import Scaffold
from tests.lifecycle.conftest import Shop
from tests.lifecycle.test_released import ALL, make
from tests.variants.workshop import environment

PYTHON = "3.11"
Edit = Callable[[Shop], object]


def first(shop: Shop, *paths: str) -> str:
    """Return the first of `paths` that the project has."""
    return next(path for path in paths if (shop.folder / path).exists())


def before(shop: Shop, path: str, pattern: str, text: str) -> None:
    """Write `text` before the line that begins with `pattern`."""
    changed, count = re.subn(
        f"(?m)^{pattern}", lambda found: text + found[0], shop.read(path), count=1
    )
    assert count, (path, pattern)
    shop.write(path, changed)


def items(shop: Shop) -> str:
    return first(shop, "apps/items", "app/items")


def move(shop: Shop, old: str, new: str) -> None:
    """Move a module, and have its importers import it from its new place."""
    (shop.folder / new).parent.mkdir(parents=True, exist_ok=True)
    shop.git("mv", old, new)
    package, module = old.removesuffix(".py").replace("/", ".").rsplit(".", 1)
    new_package, new_module = new.removesuffix(".py").replace("/", ".").rsplit(".", 1)
    for path in shop.folder.rglob("*.py"):
        text = path.read_text()
        changed = text.replace(f"{package}.{module}", f"{new_package}.{new_module}")
        path.write_text(changed)


def endpoint(shop: Shop) -> None:
    folder = items(shop).replace("items", "reports")
    shop.write(f"{folder}/__init__.py", "")
    shop.write(f"{folder}/today.py", "SOLD = 3\n")
    path = first(shop, "config/urls.py", "app/api.py")
    package = folder.replace("/", ".")
    before(
        shop,
        path,
        r"from (app|apps|django|fastapi|rest_framework)\b",
        f"from {package} import today\n",
    )


def resource(shop: Shop) -> None:
    """Copy a resource, as the README advised, and move the tests of the first."""
    folder = items(shop)
    other = folder.replace("items", "reports")
    shutil.copytree(shop.folder / folder, shop.folder / other)
    for path in (shop.folder / other).rglob("*.py"):
        text = path.read_text()
        path.write_text(text.replace("items", "reports").replace("Item", "Report"))
    if (shop.folder / folder / "tests.py").exists():
        shop.git("mv", f"{folder}/tests.py", "tests/test_items.py")


def mailer(shop: Shop) -> None:
    path = first(shop, "apps/core/mail.py", "app/core/mail.py")
    move(shop, path, path.replace("mail.py", "mailer.py"))


def helpers(shop: Shop) -> None:
    path = first(shop, "apps/core/errors.py", "app/core/errors.py")
    move(shop, path, path.replace("core/errors.py", "problems/answers.py"))


def lines_of_120(shop: Shop) -> None:
    changed = re.sub(r"line-length = \d+", "line-length = 120", shop.read("pyproject.toml"))
    shop.write("pyproject.toml", changed)
    ruff = Path(sys.executable).with_name("ruff")
    subprocess.run([ruff, "format", "--quiet", "."], cwd=shop.folder, check=True)


def workflow(shop: Shop) -> None:
    path = ".github/workflows/ci.yml"
    before(shop, path, r" +- run: uv run poe check", "      - run: date # ours\n")
    shop.write(path, shop.read(path) + "\n  ours:\n    runs-on: ubuntu-latest\n    steps: []\n")


def migration(shop: Shop) -> None:
    folder = first(shop, "apps/items/migrations", "migrations/versions", "migrations")
    shop.write(f"{folder}/0002_ours.py", '"""Ours."""\n')
    old = first(shop, f"{folder}/0001_initial.py")
    shop.write(old, shop.read(old) + "# ours\n")


def dependencies(shop: Shop) -> None:
    before(shop, "pyproject.toml", r' +"structlog', '    "idna>=3",  # names of customers\n')
    shop.write("pyproject.toml", shop.read("pyproject.toml") + '\n[tool.ours]\nkey = "value"\n')


def readme(shop: Shop) -> None:
    before(shop, "README.md", r"## ", "Sells things.\n\n")
    shop.write("README.md", shop.read("README.md") + "\n## Ours\n\nText.\n")


def setting(shop: Shop) -> None:
    before(shop, ".env.example", r"HOST=", "SHOP_NAME=Ours\n")
    path = first(shop, "config/settings.py", "app/core/config.py")
    before(
        shop,
        path,
        r"(ALLOWED_HOSTS =|    host: str)",
        "    shop_name: str = 'Ours'\n" if "app/" in path else "SHOP_NAME = 'Ours'\n",
    )


def deletions(shop: Shop) -> None:
    for path in ("AGENTS.md", "SECURITY.md", "compose.yaml"):
        (shop.folder / path).unlink()


def functions(shop: Shop) -> None:
    """Write a line at the head of the first function in each module of a resource."""
    for path in sorted((shop.folder / items(shop)).glob("*.py")):
        text = path.read_text()
        path.write_text(re.sub(r"(?m)^((?:async )?def .*:)\n", r"\1\n    # ours\n", text, count=1))


EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (
        *(endpoint, resource, mailer, helpers, lines_of_120, workflow),
        *(migration, dependencies, readme, setting, deletions, functions),
    )
}


def own_lines(shop: Shop) -> Counter[str]:
    """Return the lines that the last commit has more than the one before it."""
    shown = shop.git("show", "--format=", "--no-renames", "--no-prefix", "HEAD")
    more = Counter(line[1:] for line in shown.splitlines() if re.match(r"\+(?!\+\+)", line))
    more.subtract(line[1:] for line in shown.splitlines() if re.match(r"-(?!--)", line))
    return Counter({line: n for line, n in more.items() if n > 0 and line.strip()})


def missing(shop: Shop, lines: Counter[str]) -> list[str]:
    """Return those of `lines` that no file of the project has any more."""
    found = Counter(
        line.decode(errors="replace")
        for content, _ in shop.snapshot().values()
        for line in content.splitlines()
    )
    return [line for line, count in lines.items() if found[line] < count]


def marks(shop: Shop) -> int:
    return sum(content.count(b"\n<<<<<<< ") for content, _ in shop.snapshot().values())


@dataclass(frozen=True)
class Outcome:
    """How many conflicts an update left, ours and plain copier's, and the owner's lines we lost."""

    ours: int
    copiers: int
    lost: list[str]


def update_both_ways(made: Shop, folder: Path, edit: Edit, newest: str) -> Outcome:
    """Edit copies of a project, and update them: one by scaffold, the other by copier."""
    ours, by_copier = Shop(folder / "ours", made.env), Shop(folder / "copiers", made.env)
    shutil.copytree(made.folder, ours.folder, symlinks=True)
    edit(ours)
    ours.commit()
    lines = Counter() if edit is lines_of_120 else own_lines(ours)  # the format alone is no edit
    shutil.copytree(ours.folder, by_copier.folder, symlinks=True)
    unmarked = [
        conflict["path"]
        for conflict in ours.json("update", "--to", newest)["conflicts"]
        if not conflict["marked"]
    ]
    command = [sys.executable, "-m", "copier", "update", "--defaults", "--vcs-ref", newest]
    subprocess.run(command, cwd=by_copier.folder, env=made.env, capture_output=True, check=True)
    # Copier deletes a file that the template dropped, whatever the owner wrote into it.
    deleted = [path for path in unmarked if not (by_copier.folder / path).exists()]
    return Outcome(
        marks(ours) + len(unmarked), marks(by_copier) + len(deleted), missing(ours, lines)
    )


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.seconds(200)
@pytest.mark.parametrize("framework", ["django", "fastapi", "flask"])
def test_conflicts_are_at_most_half_of_plain_copiers(
    scaffold: Scaffold, framework: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", scaffold.env["HOME"])
    newest = store.ensure(find_source())
    programs = environment(framework, PYTHON)
    env = {**scaffold.env, "PATH": f"{programs}:{scaffold.env['PATH']}"}
    outcomes = {}
    for tag in (tag for of, tag in ALL if of == framework):
        made = Shop(tmp_path / tag / "made", env)
        made.folder.mkdir(parents=True)
        made.git("init", "--quiet")
        make(made, tag, framework, tmp_path / tag)
        for name, edit in EDITS.items():
            folder = tmp_path / tag / name
            outcomes[tag, name] = update_both_ways(made, folder, edit, newest)
    assert {cell: found.lost for cell, found in outcomes.items() if found.lost} == {}
    assert {cell: found for cell, found in outcomes.items() if found.ours > found.copiers} == {}
    every = outcomes.values()
    assert sum(found.ours for found in every) <= sum(found.copiers for found in every) / 2
