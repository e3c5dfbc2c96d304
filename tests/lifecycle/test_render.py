"""A render is what copier would make, and holds any text a person may write."""

from __future__ import annotations

import ast
import filecmp
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from generator.errors import UsageError
from generator.questions.answers import complete
from generator.questions.catalog import load_catalog
from generator.questions.manifest import load
from generator.questions.names import check_project_name
from generator.render.backend import render
from generator.versions.locate import Source, find_source
from tests.conftest import Scaffold

# What Python's audit hooks call the start of a process.
PROCESSES = {"subprocess.Popen", "os.fork", "os.posix_spawn", "os.system", "os.exec"}
COPIER = [sys.executable, "-m", "copier"]


def differences(left: Path, right: Path) -> list[str]:
    """Return the paths that are not the same, byte for byte and in whether they can be run."""
    files = {
        path.relative_to(folder).as_posix()
        for folder in (left, right)
        for path in folder.rglob("*")
        if path.is_file()
    }
    return [
        file
        for file in sorted(files)
        if not (left / file).exists()
        or not (right / file).exists()
        or not filecmp.cmp(left / file, right / file, shallow=False)
        or (left / file).stat().st_mode != (right / file).stat().st_mode
    ]


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--preset", "full", "--database", "postgres"],
        ["--preset", "minimal", "--ci", "gitlab"],
        ["--resource", "person/people name:str:unique boss:ref=person:optional",
         "--resource", "order_line kind:enum=a,b who:ref=person cost:decimal",
         "--set", "author=Ada {{ 7 * 7 }} & \"quotes\"\nsecond _src_path: line 🚀",
         "--set", f"description={'long ' * 40}"],
    ],
)  # fmt: skip
def test_a_project_equals_what_copier_makes_of_the_same_version_and_answers(
    scaffold: Scaffold, options: list[str]
) -> None:
    made = scaffold.json("new", "shop", "--no-git", *options)
    data = scaffold.folder / "data.yml"
    data.write_text(yaml.safe_dump(made["answers"]))
    subprocess.run(
        [*COPIER, "copy", "--quiet", "--defaults", "--vcs-ref", made["version"],
         "--data-file", data, "~/.local/share/scaffold/templates.bundle", "by-copier"],
        cwd=scaffold.folder, env=scaffold.env, check=True,
    )  # fmt: skip
    (scaffold.folder / "shop" / ".env").unlink(missing_ok=True)
    assert differences(scaffold.folder / "shop", scaffold.folder / "by-copier") == []


def test_the_same_answers_make_the_same_bytes(scaffold: Scaffold, tmp_path: Path) -> None:
    scaffold.ok("new", "shop", "--no-git")
    first = scaffold.folder / "shop"
    first.rename(tmp_path / "first")
    scaffold.ok("new", "shop", "--no-git")
    (tmp_path / "first" / ".env").unlink(missing_ok=True)
    (first / ".env").unlink(missing_ok=True)
    assert differences(tmp_path / "first", first) == []


@pytest.mark.posix("modes of files")
def test_a_read_only_template_makes_a_project_that_can_be_written(
    checkout: Path, tmp_path: Path, scaffold: Scaffold
) -> None:
    copy = tmp_path / "installed"
    shutil.copytree(checkout, copy)
    for path in copy.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    scaffold.ok("new", "shop", PYTHONPATH=str(copy), PYTHONDONTWRITEBYTECODE="1")
    for path in copy.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    modes = {path.stat().st_mode & 0o777 for path in (scaffold.folder / "shop" / "app").iterdir()}
    assert modes <= {0o644, 0o755}


def test_a_template_in_a_repository_is_rendered_as_it_is_on_disk(
    checkout: Path, tmp_path: Path
) -> None:
    root = tmp_path / "repository"
    shutil.copytree(checkout, root)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"], ["tag", "v9.9.9"]):
        who = ["-c", "user.name=x", "-c", "user.email=x"]
        subprocess.run(["git", "-C", root, *who, *command], check=True)
    agents = root / "templates/flask/AGENTS.md.jinja"
    agents.write_text(f"Not committed.\n{agents.read_text()}")
    rendered(find_source(root), tmp_path / "out", framework="flask")
    assert (tmp_path / "out/AGENTS.md").read_text().startswith("Not committed.")
    assert "_commit: v1.0.0\n" in (tmp_path / "out/.copier-answers.yml").read_text()


def test_rendering_starts_no_process_and_changes_nothing_in_this_one(
    source: Source, tmp_path: Path
) -> None:
    rendered(source, tmp_path / "first")  # what copier imports asks once for the processor
    started: list[object] = []
    sys.addaudithook(lambda event, args: started.append(args) if event in PROCESSES else None)
    before = dict(os.environ), Environment.from_string, os.umask(0o022)
    rendered(source, tmp_path / "out")
    assert (dict(os.environ), Environment.from_string, os.umask(before[2])) == before
    assert started == []


def test_projects_are_rendered_in_threads_as_in_one(source: Source, tmp_path: Path) -> None:
    frameworks = ["fastapi", "flask", "django"]
    for framework in frameworks:
        rendered(source, tmp_path / framework, framework=framework)
    with ThreadPoolExecutor(6) as pool:
        for copy in range(4):
            for framework in frameworks:
                out = tmp_path / f"{framework}-{copy}"
                pool.submit(rendered, source, out, framework=framework).add_done_callback(
                    lambda done: done.result()
                )
    for framework in frameworks:
        for copy in range(4):
            assert differences(tmp_path / framework, tmp_path / f"{framework}-{copy}") == []


@pytest.fixture(scope="module")
def source(checkout: Path) -> Source:
    return find_source(checkout)


def rendered(source: Source, out: Path, **answers: str) -> dict[str, Any]:
    """Render a project with `answers`, refuse a broken file, return its pyproject.toml."""
    catalog = load_catalog(source.root)
    complete_answers = complete(
        catalog, "shop", options={}, assigned={}, file={"docker": True, "ci": "github", **answers}
    )
    render(complete_answers, out, source, "v1.0.0")
    for path in out.rglob("*"):
        if path.suffix == ".py":
            ast.parse(path.read_bytes())
        elif path.suffix in {".yml", ".yaml"}:
            list(yaml.safe_load_all(path.read_bytes()))
    return tomllib.loads((out / "pyproject.toml").read_text(encoding="utf-8"))


def test_no_project_can_be_called_like_a_library_it_depends_on(
    source: Source, tmp_path: Path
) -> None:
    project = rendered(source, tmp_path)
    groups = [project["project"]["dependencies"], *project.get("dependency-groups", {}).values()]
    for requirement in (entry for group in groups for entry in group if isinstance(entry, str)):
        name = re.split(r"[^a-z0-9-]", requirement.lower())[0]
        with pytest.raises(UsageError):
            check_project_name(name, load(source.root).project_names)


any_text = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=60
)
hostile = st.sampled_from(
    ["{{ 7 * 7 }}", "{% raw %}", "{#", "'''", '"""', "\\", "\\u0041", "# x", "]]", "$HOME", "%s"]
)


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    suppress_health_check=list(HealthCheck),
)
@given(description=st.one_of(any_text, hostile), author=st.one_of(any_text, hostile))
def test_any_text_comes_through_as_it_was_written(
    source: Source, description: str, author: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = rendered(source, Path(folder), description=description, author=author)
        recorded = yaml.safe_load((Path(folder) / ".copier-answers.yml").read_bytes())
    assert (recorded["description"], recorded["author"]) == (description, author)
    assert project["project"]["description"].split() == description.split()
