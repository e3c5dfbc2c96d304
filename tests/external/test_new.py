"""`scaffold new --template`: what the template's own program makes, and which code may run."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Scaffold
from tests.external.conftest import Made, Repository, run_tool


def files_in(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode & 0o777)
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def test_the_files_are_those_of_copier_copy(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    answers = ["parts=[web, worker]", "docs=true", "theme=dark", "port=80", "licence=none"]
    pairs = [word for pair in answers for word in ("--set", pair)]
    scaffold.ok("new", "site", "-t", str(copier_template.folder), "--yes", *pairs)
    data = [word for pair in ["project_name=site", *answers] for word in ("--data", pair)]
    theirs = scaffold.folder / "theirs" / "site"
    where = [str(copier_template.folder), str(theirs)]
    copied = run_tool(scaffold.env, scaffold.folder, "copier", "copy", "--defaults", *data, *where)
    assert copied.returncode == 0, copied.stderr
    made = files_in(scaffold.folder / "site")
    assert made == files_in(theirs)
    assert made["docs/index.md"][0] == b"dark\n"
    assert "LICENSE" not in made


def test_the_files_are_those_of_cookiecutter(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    extra = ["project_name=site", "licence=BSD", "docker=yes"]
    pairs = [word for pair in extra for word in ("--set", pair)]
    where = str(cookiecutter_template.folder)
    scaffold.ok("new", "site", "-t", where, "--yes", "--trust", *pairs)
    theirs = scaffold.folder / "theirs"
    theirs.mkdir()
    command = ["cookiecutter", where, "--output-dir", str(theirs), "--no-input", *extra]
    made = run_tool(scaffold.env, scaffold.folder, *command)
    assert made.returncode == 0, made.stderr
    ours, expected = files_in(scaffold.folder / "site"), files_in(theirs / "site")
    record = json.loads(ours.pop(".cruft.json")[0])
    assert record["template"] == where
    assert record["context"]["cookiecutter"]["slug"] == "site"
    for files in (ours, expected):
        assert re.match(rb'SECRET = "[0-9a-f]{16}"\n', files.pop("settings.py")[0])
    assert ours == expected
    assert ours["raw.tpl"][0] == b"{{ untouched }}\n"


def test_a_project_is_a_repository_with_one_commit(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    told = scaffold.json("new", "site", "-t", f"{copier_template.folder}@v1.0.0", "--yes")
    assert (told["version"], told["committed"], told["notes"]) == ("v1.0.0", True, [])
    site = Made(scaffold.folder / "site", scaffold.env)
    assert site.git("log", "--format=%s") == f"Start from {copier_template.folder} v1.0.0"
    assert site.git("status", "--porcelain") == ""


def test_random_secrets_of_new_projects_are_random(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    for name in ("one", "two"):
        scaffold.ok("new", name, "-t", str(cookiecutter_template.folder), "--yes", "--trust")
    one, two = ((scaffold.folder / name / "settings.py").read_text() for name in ("one", "two"))
    assert one != two


def test_a_dry_run_lists_the_files_and_writes_nothing(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    said = scaffold.ok("new", "site", "-t", str(copier_template.folder), "--yes", "--dry-run")
    assert "  site/main.py\n" in said
    assert list(scaffold.folder.iterdir()) == []


def test_code_runs_only_when_it_is_trusted(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    where = str(cookiecutter_template.folder)
    refused = scaffold("new", "site", "-t", where, "--yes")
    assert refused.returncode == 1
    assert refused.stderr == (
        f"Error: The template {where} runs code: the hook post_gen_project.py. If you trust it, "
        "add --trust; --no-hooks leaves hooks, tasks and migrations out.\n"
    )
    assert list(scaffold.folder.iterdir()) == []
    scaffold.ok("new", "plain", "-t", where, "--yes", "--no-hooks")
    assert '"!!!"' in (scaffold.folder / "plain" / "settings.py").read_text()


def test_templates_below_a_trusted_address_may_run_code(
    scaffold: Scaffold, home: Path, cookiecutter_template: Repository
) -> None:
    settings = home / ".config" / "scaffold" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'trust = ["{cookiecutter_template.folder.parent}/"]\n')
    scaffold.ok("new", "site", "-t", str(cookiecutter_template.folder), "--yes")
    assert "!!!" not in (scaffold.folder / "site" / "settings.py").read_text()


def test_jinja_extensions_are_code_too(scaffold: Scaffold, copier_template: Repository) -> None:
    extension = "from jinja2.ext import Extension\n\n\nclass Own(Extension):\n    pass\n"
    settings = copier_template.edit("copier.yml", "_sub", "_jinja_extensions: [own.Own]\n_sub")
    copier_template.release("v1.1.0", {**settings, "own.py": extension})
    refused = scaffold("new", "site", "-t", str(copier_template.folder), "--yes", "--no-hooks")
    assert "runs code: the Jinja extension own.Own." in refused.stderr


def test_an_extension_that_is_not_installed_is_named_with_its_cure(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    settings = copier_template.edit(
        "copier.yml", "_sub", "_jinja_extensions: [jinja2_nowhere.Own]\n_sub"
    )
    copier_template.release("v1.1.0", settings)
    refused = scaffold("new", "site", "-t", str(copier_template.folder), "--yes", "--trust")
    assert refused.returncode == 1
    assert "needs the Python package jinja2-nowhere" in refused.stderr
    assert "pip install jinja2-nowhere" in refused.stderr


def test_a_task_runs_where_the_project_stays(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    task = '_tasks: ["pwd > where.txt"]\n'
    copier_template.release("v1.1.0", copier_template.edit("copier.yml", "_sub", f"{task}_sub"))
    scaffold.ok("new", "site", "-t", str(copier_template.folder), "--yes", "--trust")
    where = (scaffold.folder / "site" / "where.txt").read_text().strip()
    assert Path(where) == (scaffold.folder / "site").resolve()


@pytest.mark.parametrize("engine", ["copier", "cookiecutter"])
def test_code_that_fails_leaves_nothing(
    scaffold: Scaffold,
    copier_template: Repository,
    cookiecutter_template: Repository,
    engine: str,
) -> None:
    if engine == "copier":
        repository = copier_template
        files = repository.edit("copier.yml", "_sub", '_tasks: ["exit 3"]\n_sub')
    else:
        repository = cookiecutter_template
        files = {"hooks/post_gen_project.py": "raise SystemExit(3)\n"}
    repository.release("v1.1.0", files)
    failed = scaffold("new", "site", "-t", str(repository.folder), "--yes", "--trust")
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    last = failed.stderr.splitlines()[-1]
    assert "Error: The template failed: " in last
    assert last.endswith("Put right what it says, or leave it out: --no-hooks")
    assert list(scaffold.folder.iterdir()) == []


def test_a_template_inside_of_a_repository_is_chosen_and_recorded(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    inner = {"web/cookiecutter.json": '{"project_name": "x"}'}
    inner |= {"web/{{cookiecutter.project_name}}/web.txt": "{{ cookiecutter.project_name }}\n"}
    cookiecutter_template.release("v2.0.0", inner)
    where = str(cookiecutter_template.folder)
    scaffold.ok("new", "site", "-t", where, "--directory", "web", "--yes")
    record = json.loads((scaffold.folder / "site" / ".cruft.json").read_text())
    assert record["directory"] == "web"
    nested = {"templates": {"web": {"path": "./web", "title": "Web"}}}
    cookiecutter_template.release("v3.0.0", {"cookiecutter.json": json.dumps(nested)})
    scaffold.ok("new", "other", "-t", where, "--yes", "--trust", "--set", "template=web")
    assert (scaffold.folder / "other" / "web.txt").read_text() == "other\n"


def test_a_replay_file_of_cookiecutter_answers(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    replay = {"cookiecutter": {"project_name": "A b", "licence": "BSD", "_template": "x"}}
    (scaffold.folder / "replay.json").write_text(json.dumps(replay))
    where = str(cookiecutter_template.folder)
    scaffold.ok("new", "site", "-t", where, "--answers", "replay.json", "--no-hooks")
    assert "BSD A_B" in (scaffold.folder / "site" / "README.md").read_text()


def test_a_zip_file_and_a_plain_folder_make_projects_that_have_no_versions(
    scaffold: Scaffold, cookiecutter_template: Repository, tmp_path: Path
) -> None:
    archive = tmp_path / "template.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in cookiecutter_template.git("ls-files").splitlines():
            file.write(cookiecutter_template.folder / path, f"template-1.0/{path}")
    said = scaffold.ok("new", "site", "-t", str(archive), "--yes", "--trust")
    assert "updates will not find it" in said
    assert not (scaffold.folder / "site" / ".cruft.json").exists()
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as file:
        file.writestr("../out.txt", "x")
    refused = scaffold("new", "bad", "-t", str(tmp_path / "bad.zip"), "--yes")
    assert "has a path that leaves it: ../out.txt" in refused.stderr
    assert not (tmp_path / "out.txt").exists()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"copier.yml": "a: [\n"}, "The template's copier.yml is damaged: "),
        (
            {"template/README.md.jinja": "fine\n{{ nothing.at.all }}\n"},
            "template/README.md.jinja, line 2: 'nothing' is undefined",
        ),
        (
            {"template/README.md.jinja": "fine\n{% if %}\n"},
            "template/README.md.jinja, line 2: Expected an expression",
        ),
        (
            {"template/{{ slug }}/../{{ token }}.jinja": "x", "questions.yml": "slug: ../../out\n"},
            "",
        ),
    ],
    ids=["yaml", "undefined", "syntax", "leaves"],
)
def test_a_template_that_is_wrong_is_one_line_and_writes_nothing(
    scaffold: Scaffold, copier_template: Repository, files: dict[str, str], says: str
) -> None:
    copier_template.release("v1.1.0", files)
    failed = scaffold("new", "site", "-t", str(copier_template.folder), "--yes")
    assert failed.returncode == 1, failed.stderr
    (line,) = failed.stderr.splitlines()
    assert says in line
    assert list(scaffold.folder.iterdir()) == []


def test_a_path_that_leaves_a_cookiecutter_project_is_refused(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    where = str(cookiecutter_template.folder)
    slug = "slug=../../out"
    failed = scaffold("new", "site", "-t", where, "--yes", "--no-hooks", "--set", slug)
    assert failed.returncode == 1
    assert "outside of the project" in failed.stderr
    assert list(scaffold.folder.iterdir()) == []
    assert not (scaffold.folder.parent / "out").exists()


def test_of_many_versions_the_nearest_or_the_newest_are_named(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    for number in range(1, 20):
        copier_template.git("tag", f"v2.{number}")
        copier_template.git("branch", f"robot-{number}")
    where = str(copier_template.folder)
    assert "Did you mean v2.7?" in scaffold.refusal("new", "site", "-t", f"{where}@v2.7x", "--yes")
    said = scaffold.refusal("new", "site", "-t", f"{where}@9", "--yes")
    assert "Possible: v2.12, v2.13, " in said
    assert said.endswith("v2.19, and 32 others.")


def test_a_folder_without_a_name_names_the_answer_that_is_missing(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    where = str(cookiecutter_template.folder)
    said = scaffold.refusal("new", "site", "-t", where, "--yes", "--no-hooks", "--set", "slug=")
    assert "The project's folder {{cookiecutter.slug}} would have no name." in said
    assert "--set slug=..." in said


def test_a_name_of_something_that_is_not_asked_is_shown(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    cookiecutter_template.release("v1.1.0", {"{{cookiecutter.slug}}/{{cookiecutter.x}}.py": ""})
    failed = scaffold("new", "site", "-t", str(cookiecutter_template.folder), "--yes", "--no-hooks")
    assert failed.returncode == 1
    assert "{{cookiecutter.slug}}/{{cookiecutter.x}}.py cannot be named: " in failed.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-t", "gh:"], "There is no template gh:"),
        (["-t", "nowhere"], "There is no template nowhere. Write gh:owner/name, "),
        (["-t", "{}@v9"], "has no version, branch or commit v9. Possible: v1.0.0, main."),
        (["-t", "{}", "--set", "prt=1"], "has no question 'prt'. Did you mean port?"),
        (["-t", "{}", "--set", "port=x"], "port: invalid literal for int()"),
        (["-t", "{}", "--set", "licence=gpl"], "Invalid choice for 'licence': 'gpl' is not in"),
        (["-t", "{}", "--set", "project_name="], "A name is needed."),
        (["-t", "{}", "--framework", "django"], "--framework is for scaffold's own template."),
        (["-t", "{}", "--install"], "--install is for scaffold's own template."),
        (["--trust"], "--trust needs --template."),
    ],
)
def test_wrong_arguments_are_one_line(
    scaffold: Scaffold, copier_template: Repository, arguments: list[str], says: str
) -> None:
    words = [word.replace("{}", str(copier_template.folder)) for word in arguments]
    assert says in scaffold.refusal("new", "site", "--yes", *words)


def test_a_folder_without_a_template_names_those_inside(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    cookiecutter_template.git("mv", "hooks", "other")
    files = {"web/cookiecutter.json": "{}", "lib/copier.yml": "x: 1\n"}
    cookiecutter_template.release("v2.0.0", files, gone=("cookiecutter.json",))
    failed = scaffold("new", "site", "-t", str(cookiecutter_template.folder), "--yes")
    assert failed.stderr == (
        "Error: This is no template: it has no copier.yml or cookiecutter.json. "
        "Name a folder in it: --directory lib, web\n"
    )
