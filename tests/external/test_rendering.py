"""What a template may be made of renders as in its own program, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Scaffold
from tests.external.conftest import Repository, make_repository, run_tool
from tests.external.test_new import files_in

COPIER = {
    "copier.yml": (
        "_templates_suffix: .tpl\n"
        "_envops: {variable_start_string: '[[', variable_end_string: ']]', trim_blocks: true}\n"
        "_exclude: ['*.log', copier.yml, .git]\n"
        "_jinja_extensions: [jinja2.ext.do]\n"
        "data:\n  type: yaml\n  default: {a: [1, 2]}\n"
        "size:\n  type: float\n  default: 1.5\n"
        "where:\n  type: path\n  default: a/b\n"
        "tree:\n  type: json\n  default: '{\"x\": null}'\n"
        "many:\n  type: str\n  multiselect: true\n  choices: {One: 1, Two: 2}\n  default: [2]\n"
    ),
    "[[ where ]]/a.txt.tpl": "[[ data.a[1] ]] [[ size ]] [[ tree.x ]] [[ many ]]\n",
    "kept {{ raw }}.jinja": "{{ raw }}\n",
    "unix.txt": "plain\n",
    "windows.txt.tpl": "one\r\n[[ size ]]\r\n",
    "noise.log": "noise\n",
}
COOKIECUTTER = {
    "cookiecutter.json": json.dumps(
        {
            "name": "site",
            "author": "Nobody",
            "shape": ["round", "square"],
            "_private": "{{ not rendered }}",
            "__loud": "{{ cookiecutter.name | shout }}",
            "_extensions": ["jinja2.ext.do", "local_extensions.Shout"],
            "_copy_without_render": ["raw/*"],
            "_jinja2_env_vars": {"lstrip_blocks": True, "trim_blocks": True},
        }
    ),
    "local_extensions.py": (
        "from jinja2.ext import Extension\n\n\nclass Shout(Extension):\n"
        "    def __init__(self, environment):\n        super().__init__(environment)\n"
        "        environment.filters['shout'] = str.upper\n"
    ),
    "{{cookiecutter.name}}/a.txt": (
        "{{ cookiecutter.author }} {{ cookiecutter.__loud }} {{ cookiecutter._private }}\n"
        "  {% set all = [] %}\n{% do all.append('x') %}\n{{ all }} {{ 'a b' | slugify }}\n"
    ),
    "{{cookiecutter.name}}/raw/{{cookiecutter.shape}}.txt": "{{ raw }}\n",
    "{{cookiecutter.name}}/windows.txt": "one\r\n{{ cookiecutter.shape }}\r\n",
    "{{cookiecutter.name}}/plain-windows.txt": "one\r\ntwo\r\n",
    "{{cookiecutter.name}}/unended.txt": "no line end",
    "{{cookiecutter.name}}/empty.txt": "",
}


def test_copiers_settings_and_types_render_as_in_copier(
    scaffold: Scaffold, tmp_path: Path, env: dict[str, str]
) -> None:
    template = make_repository(tmp_path / "rendered", env, COPIER)
    scaffold.ok("new", "site", "-t", str(template.folder), "--yes", "--trust")
    theirs = scaffold.folder / "theirs"
    command = ["copier", "copy", "--defaults", "--trust", str(template.folder), str(theirs)]
    copied = run_tool(scaffold.env, scaffold.folder, *command)
    assert copied.returncode == 0, copied.stderr
    made = files_in(scaffold.folder / "site")
    assert made == files_in(theirs)
    assert made["a/b/a.txt"][0] == b"2 1.5 None ['2']\n"


def test_cookiecutters_settings_and_the_users_own_render_as_in_cookiecutter(
    scaffold: Scaffold, tmp_path: Path, env: dict[str, str]
) -> None:
    own = tmp_path / "own.yml"
    own.write_text("default_context:\n  author: Ada\n  shape: square\n")
    scaffold.env["COOKIECUTTER_CONFIG"] = str(own)
    template = make_repository(tmp_path / "rendered", env, COOKIECUTTER)
    theirs = scaffold.folder / "theirs"
    for _ in range(2):  # the second time, from compiled templates
        scaffold.ok("new", "site", "-t", str(template.folder), "--yes", "--trust", "--no-git")
        made = files_in(scaffold.folder / "site")
        del made[".cruft.json"]
        (scaffold.folder / "site").rename(tmp_path / f"made-{len(list(tmp_path.iterdir()))}")
        command = ["cookiecutter", str(template.folder), "-f", "-o", str(theirs), "--no-input"]
        baked = run_tool(scaffold.env, scaffold.folder, *command)
        assert baked.returncode == 0, baked.stderr
        assert made == files_in(theirs / "site")
    assert made["a.txt"][0].startswith(b"Ada SITE {{ not rendered }}\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fine\n{{ cookiecutter.nothing }}\n", "line 2: 'dict object' has no attribute 'nothing'"),
        ("fine\n\n{% if %}\n", "line 3: Expected an expression"),
    ],
)
def test_an_error_of_jinja_names_file_and_line_of_a_cookiecutter_template(
    scaffold: Scaffold, cookiecutter_template: Repository, text: str, says: str
) -> None:
    cookiecutter_template.release("v1.1.0", {"{{cookiecutter.slug}}/README.md": text})
    where = str(cookiecutter_template.folder)
    failed = scaffold("new", "site", "-t", where, "--yes", "--no-hooks")
    assert failed.returncode == 1
    (line,) = failed.stderr.splitlines()
    assert f"{{{{cookiecutter.slug}}}}/README.md, {says}" in line
    assert list(scaffold.folder.iterdir()) == []


@pytest.mark.parametrize("engine", ["copier", "cookiecutter"])
def test_compiled_templates_do_not_grow_with_each_render(
    scaffold: Scaffold,
    tmp_path: Path,
    copier_template: Repository,
    cookiecutter_template: Repository,
    engine: str,
) -> None:
    template = copier_template if engine == "copier" else cookiecutter_template
    scaffold.env["XDG_CACHE_HOME"] = str(tmp_path / "caches")
    where = str(template.folder)
    sizes = []
    for name in ("one", "two", "three"):
        scaffold.ok("new", name, "-t", where, "--yes", "--no-hooks", "--set", "project_name=same")
        caches = (tmp_path / "caches" / "scaffold" / "templates").iterdir()
        sizes.append(sorted(file.stat().st_size for file in caches))
    assert sizes[0] == sizes[1] == sizes[2]
