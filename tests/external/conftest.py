"""Small templates with versions, for copier and for cookiecutter, and projects made from them."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Scaffold

COPIER_SETTINGS = """\
_subdirectory: template
_skip_if_exists: [NOTES.md]
_exclude: ["{% if not docs %}docs{% endif %}"]
---
!include questions.yml
"""
COPIER_QUESTIONS = """\
project_name:
  type: str
  help: What is it called?
  validator: "{% if not project_name %}A name is needed.{% endif %}"
slug:
  type: str
  default: "{{ project_name | lower | replace(' ', '-') }}"
licence:
  choices: {MIT License: mit, None: none}
  default: mit
parts:
  type: str
  multiselect: true
  choices: [api, web, worker]
  default: [api]
docs:
  type: bool
  default: false
theme:
  type: str
  default: plain
  when: "{{ docs }}"
port:
  type: int
  default: 8000
token:
  type: str
  secret: true
  default: none
computed:
  type: str
  default: "{{ slug }}-{{ port }}"
  when: false
"""
COPIER_FILES = {
    "template/{{ _copier_conf.answers_file }}.jinja": (
        "# Changes here are overwritten.\n{{ _copier_answers | to_nice_yaml }}"
    ),
    "template/README.md.jinja": (
        "# {{ project_name }}\n\n{{ computed }}, {{ token }}\n\none\ntwo\nthree\nfour\nfive\n"
    ),
    "template/{{ slug }}/main.py.jinja": "PARTS = {{ parts }}\n\n\ndef main():\n    return 1\n",
    "template/{% if licence == 'mit' %}LICENSE{% endif %}.jinja": "MIT, {{ project_name }}\n",
    "template/docs/index.md.jinja": "{{ theme }}\n",
    "template/NOTES.md": "Yours.\n",
    "template/ci.yml": "run: ${{ secrets.X }}\n",
}
COOKIECUTTER_FILES = {
    "cookiecutter.json": json.dumps(
        {
            "project_name": "My Thing",
            "slug": "{{ cookiecutter.project_name|lower|replace(' ', '_') }}",
            "licence": ["MIT", "BSD"],
            "docker": False,
            "ports": {"web": "8000"},
            "_copy_without_render": ["*.tpl"],
            "__upper": "{{ cookiecutter.slug|upper }}",
            "__prompts__": {"slug": "The module's name"},
        },
        indent=2,
    ),
    "{{cookiecutter.slug}}/README.md": (
        "# {{ cookiecutter.project_name }}\n\n{{ cookiecutter.licence }} "
        "{{ cookiecutter.__upper }} {{ cookiecutter.ports.web }}\n\none\ntwo\nthree\nfour\nfive\n"
    ),
    "{{cookiecutter.slug}}/{{cookiecutter.slug}}.py": "def main():\n    return 1\n",
    "{{cookiecutter.slug}}/raw.tpl": "{{ untouched }}\n",
    "{{cookiecutter.slug}}/Dockerfile": "FROM scratch\n",
    "{{cookiecutter.slug}}/settings.py": 'SECRET = "!!!"\n\nNAME = "x"\n\nDEBUG = True\n',
    "hooks/post_gen_project.py": (
        "import secrets\n"
        "from pathlib import Path\n"
        'settings = Path("settings.py")\n'
        'settings.write_text(settings.read_text().replace("!!!", secrets.token_hex(8)))\n'
        'if "{{ cookiecutter.docker }}" != "True":\n'
        '    Path("Dockerfile").unlink()\n'
    ),
}


@dataclass(frozen=True)
class Repository:
    """A repository with the versions of a template."""

    folder: Path
    env: dict[str, str]

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.folder), *arguments]
        return subprocess.check_output(command, env=self.env, text=True).strip()

    def write(self, files: dict[str, str]) -> None:
        for path, text in files.items():
            place = self.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)

    def release(self, tag: str, files: dict[str, str], gone: tuple[str, ...] = ()) -> str:
        """Commit `files` as a version, without the files that are `gone`; return the commit."""
        self.write(files)
        for path in gone:
            (self.folder / path).unlink()
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", f"--message={tag or 'More'}")
        if tag:
            self.git("tag", tag)
        return self.git("rev-parse", "HEAD")

    def edit(self, path: str, old: str, new: str) -> dict[str, str]:
        """Return the file at `path` with one change."""
        text = (self.folder / path).read_text()
        assert old in text
        return {path: text.replace(old, new, 1)}


class Made(Scaffold):
    """A project made from a template, and `scaffold` run in it."""

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.folder), *arguments]
        return subprocess.check_output(command, env=self.env, text=True).strip()

    def read(self, path: str) -> str:
        return (self.folder / path).read_text()

    def replace(self, path: str, old: str, new: str) -> None:
        assert old in self.read(path)
        (self.folder / path).write_text(self.read(path).replace(old, new, 1))

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=Mine")

    def snapshot(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and ".git" not in path.relative_to(self.folder).parts
        }

    def failure(self, *arguments: str) -> str:
        """Return the one line of a command that fails and changes nothing."""
        before = self.snapshot()
        result = self(*arguments)
        assert result.returncode in {1, 2}, result.stdout + result.stderr
        assert self.snapshot() == before
        (line,) = result.stderr.splitlines()
        return line


def make_repository(folder: Path, env: dict[str, str], files: dict[str, str]) -> Repository:
    folder.mkdir()
    made = Repository(folder, env)
    made.git("init", "--quiet", "--initial-branch=main")
    made.release("v1.0.0", files)
    return made


@pytest.fixture
def copier_template(tmp_path: Path, env: dict[str, str]) -> Repository:
    questions = {"copier.yml": COPIER_SETTINGS, "questions.yml": COPIER_QUESTIONS}
    files = {**questions, **COPIER_FILES}
    return make_repository(tmp_path / "copier-template", env, files)


@pytest.fixture
def cookiecutter_template(tmp_path: Path, env: dict[str, str]) -> Repository:
    return make_repository(tmp_path / "cookiecutter-template", env, COOKIECUTTER_FILES)


def make_project(scaffold: Scaffold, repository: Repository, *more: str) -> Made:
    """Make the project `site` from the first version."""
    where = f"{repository.folder}@v1.0.0"
    scaffold.ok("new", "site", "--template", where, "--yes", "--trust", *more)
    return Made(scaffold.folder / "site", scaffold.env)


def run_tool(env: dict[str, str], folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run copier, cookiecutter or cruft as their users do."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
