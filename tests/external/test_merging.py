"""Files that both sides changed at the same places merge by what they say, through the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Scaffold
from tests.external.conftest import Made, make_project, make_repository

FILES = {
    "cookiecutter.json": '{"project_name": "site"}',
    "requirements/base.txt": "Pillow==10.2.0\nhiredis==2.3.2\ncelery==5.3.6  # tasks\n",
    "pyproject.toml": (
        '[project]\ndependencies = [\n    "typer>=1",\n]\n\n[tool.ruff]\nline-length = 80\n'
    ),
    "package.json": '{\n  "scripts": {\n    "build": "vite build"\n  }\n}\n',
    "config.yml": "nav:\n  - Home: index.md\nport: 8000\n",
    "settings.py": 'APPS = [\n    "accounts",\n]\nDEBUG = False\n',
    "Makefile": "data:\n\tpython make.py\n\nclean:\n\trm -r out\n",
}
EDITS = {
    "requirements/base.txt": ("hiredis==2.3.2\n", "hiredis==2.3.2\nstripe==8.2.0  # ours\n"),
    "pyproject.toml": ('"typer>=1",\n', '"typer>=1",\n    "httpx",  # ours\n'),
    "package.json": ('"vite build"\n', '"vite build",\n    "ours": "node ours.js"\n'),
    "config.yml": ("index.md\n", "index.md\n  - Prices: prices.md  # ours\n"),
    "settings.py": ('"accounts",\n', '"accounts",\n    "orders",  # ours\n'),
    "Makefile": ("make.py\n", "make.py\n\tpython ours.py\n"),
}
RELEASE = {
    "requirements/base.txt": ("2.3.2\ncelery==5.3.6", "3.0.0\nredis==5.0.8\ncelery==5.4.0"),
    "pyproject.toml": ('    "typer>=1",\n', '    "typer>=2",\n    "rich",\n'),
    "package.json": ('"vite build"', '"vite build --strict",\n    "test": "vitest"'),
    "config.yml": ("index.md\n", "index.md\n  - About: about.md\n"),
    "settings.py": ('"accounts",\n', '"accounts",\n    "mfa",\n'),
    "Makefile": ("make.py\n", "make.py data/raw\n"),
}
MERGED = {
    "requirements/base.txt": (
        "Pillow==10.2.0\nhiredis==3.0.0\nredis==5.0.8\nstripe==8.2.0  # ours\n"
        "celery==5.4.0  # tasks\n"
    ),
    "pyproject.toml": (
        '[project]\ndependencies = [\n    "typer>=2",\n    "rich",\n    "httpx",  # ours\n]\n'
        "\n[tool.ruff]\nline-length = 80\n"
    ),
    "package.json": (
        '{\n  "scripts": {\n    "build": "vite build --strict",\n    "test": "vitest",\n'
        '    "ours": "node ours.js"\n  }\n}\n'
    ),
    "config.yml": (
        "nav:\n  - Home: index.md\n  - About: about.md\n  - Prices: prices.md  # ours\nport: 8000\n"
    ),
    "settings.py": (
        'APPS = [\n    "accounts",\n    "mfa",\n    "orders",  # ours\n]\nDEBUG = False\n'
    ),
    "Makefile": "data:\n\tpython make.py data/raw\n\tpython ours.py\n\nclean:\n\trm -r out\n",
}
FOLDER = "{{cookiecutter.project_name}}"


def in_template(path: str) -> str:
    """Return where a file of the project is in the template."""
    return path if path == "cookiecutter.json" else f"{FOLDER}/{path}"


@pytest.fixture
def site(scaffold: Scaffold, tmp_path: Path, env: dict[str, str]) -> Made:
    """A project with the edits of a team, whose template has a new version."""
    files = {in_template(path): text for path, text in FILES.items()}
    template = make_repository(tmp_path / "template", env, files)
    made = make_project(scaffold, template)
    for path, (old, new) in EDITS.items():
        made.replace(path, old, new)
    made.commit()
    for path, (old, new) in RELEASE.items():
        template.write(template.edit(in_template(path), old, new))
    template.release("v1.1.0", {})
    return made


def test_additions_and_changes_side_by_side_are_no_conflicts(site: Made) -> None:
    site.ok("update")
    assert {path: site.read(path) for path in MERGED} == MERGED


def test_only_what_both_changed_has_marks(site: Made) -> None:
    site.replace("requirements/base.txt", "Pillow==10.2.0", "pillow==10.2.1")
    site.replace("pyproject.toml", "line-length = 80", "line-length = 99")
    site.commit()
    record = site.read(".cruft.json")
    template = Path(record.partition('"template": "')[2].partition('"')[0])
    for path, old, new in (
        ("requirements/base.txt", "Pillow==10.2.0", "Pillow==10.4.0"),
        ("pyproject.toml", "line-length = 80", "line-length = 100"),
    ):
        place = template / FOLDER / path
        place.write_text(place.read_text().replace(old, new))
    for words in (("commit", "--quiet", "--all", "--message=More"), ("tag", "v1.2.0")):
        site.git("-C", str(template), *words)
    assert site("update").returncode == 3
    names = "template-v1.0.0", "template-v1.2.0"
    assert site.read("requirements/base.txt") == (
        f"<<<<<<< yours\npillow==10.2.1\n||||||| {names[0]}\nPillow==10.2.0\n"
        f"=======\nPillow==10.4.0\n>>>>>>> {names[1]}\n"
        + MERGED["requirements/base.txt"].partition("\n")[2]
    )
    head = MERGED["pyproject.toml"].partition("line-length")[0]
    assert site.read("pyproject.toml") == (
        f"{head}<<<<<<< yours\nline-length = 99\n||||||| {names[0]}\nline-length = 80\n"
        f"=======\nline-length = 100\n>>>>>>> {names[1]}\n"
    )
    site.ok("resolve", "--ours", "pyproject.toml")
    site.ok("update", "--abort")
    assert site.git("status", "--porcelain") == ""
