"""Updates of projects made from other people's templates: edits stay, and other tools go on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Scaffold
from tests.external.conftest import Made, Repository, make_project, make_repository, run_tool

TRUST = "--trust"


@pytest.fixture(params=["copier", "cookiecutter"])
def template(
    request: pytest.FixtureRequest,
    copier_template: Repository,
    cookiecutter_template: Repository,
) -> Repository:
    """Each engine's template."""
    return copier_template if request.param == "copier" else cookiecutter_template


def readme(template: Repository) -> str:
    """Return the path of the README in a template."""
    (path,) = (p for p in template.git("ls-files", "-z").split("\0") if "README.md" in p)
    return path


def test_an_update_brings_the_templates_changes_and_keeps_the_edits(
    scaffold: Scaffold, template: Repository
) -> None:
    site = make_project(scaffold, template)
    site.replace("README.md", "five", "five of mine")
    site.commit()
    template.release("v1.1.0", template.edit(readme(template), "one", "ONE"))
    said = site.ok("status", TRUST)
    assert said.startswith("site at v1.0.0, v1.1.0 is available: scaffold update\n")
    assert f"Its template is {template.folder}." in said
    assert site("update", "--check").returncode == 4
    assert "site from v1.0.0 to v1.1.0: 2 files changed." in site.ok("update", TRUST)
    assert "ONE\ntwo\nthree\nfour\nfive of mine\n" in site.read("README.md")
    site.commit()
    assert "site is already up to date (v1.1.0)." in site.ok("update", TRUST)
    assert site.ok("status", TRUST).startswith("site at v1.1.0, the newest version\n")
    assert "+five of mine" in site.ok("diff", TRUST)


def test_a_conflict_has_marks_and_can_be_taken_back(
    scaffold: Scaffold, template: Repository
) -> None:
    site = make_project(scaffold, template)
    site.replace("README.md", "two", "TWO of mine")
    site.commit()
    before = site.snapshot()
    template.release("v1.1.0", template.edit(readme(template), "two", "zwei"))
    assert site("update", TRUST).returncode == 3
    assert "<<<<<<<" in site.read("README.md")
    site.ok("update", "--abort")
    assert site.snapshot() == before
    assert site("update", TRUST).returncode == 3
    kept = site.read("README.md").splitlines(keepends=True)
    clean = [line for line in kept if line[:7] not in {"<<<<<<<", "=======", ">>>>>>>", "|||||||"}]
    (site.folder / "README.md").write_text("".join(clean))
    site.ok("update", "--continue")
    assert "v1.1.0" in site.ok("status", TRUST)


def test_a_dry_run_shows_the_difference_and_writes_nothing(
    scaffold: Scaffold, template: Repository
) -> None:
    site = make_project(scaffold, template)
    template.release("v1.1.0", template.edit(readme(template), "one", "ONE"))
    before = site.snapshot()
    said = site.ok("update", TRUST, "--dry-run", "--diff")
    assert "\n-one\n+ONE\n" in said
    assert site.snapshot() == before


def test_random_secrets_of_a_template_are_no_conflicts(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    site = make_project(scaffold, cookiecutter_template)
    secret = site.read("settings.py")
    files = cookiecutter_template.edit("{{cookiecutter.slug}}/settings.py", "True", "False")
    cookiecutter_template.release("v1.1.0", files)
    site.ok("update", TRUST)
    assert site.read("settings.py") == secret.replace("True", "False")


def test_a_file_of_the_template_is_updated_though_git_ignores_it_and_hooks_files_are_not(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    hook = (cookiecutter_template.folder / "hooks/post_gen_project.py").read_text()
    installed = 'Path("installed").mkdir()\nPath("installed", "a.txt").write_text("{}")\n'
    folder = "{{cookiecutter.slug}}"
    files = {
        f"{folder}/.gitignore": "*.env\n/installed\n",
        f"{folder}/local.env": "OLD=1\n",
        "hooks/post_gen_project.py": hook + installed.format("old"),
    }
    where = f"{cookiecutter_template.folder}"
    cookiecutter_template.write(files)
    cookiecutter_template.git("add", "--all", "--force")
    cookiecutter_template.release("v1.1.0", {})
    scaffold.ok("new", "site", "-t", where, "--yes", TRUST)
    site = Made(scaffold.folder / "site", scaffold.env)
    files = {
        f"{folder}/local.env": "NEW=1\n",
        "hooks/post_gen_project.py": hook + installed.format("new"),
    }
    cookiecutter_template.release("v1.2.0", files)
    site.ok("update", TRUST)
    assert site.read("local.env") == "NEW=1\n"
    assert site.read("installed/a.txt") == "old"


def test_cruft_goes_on_working_and_keeps_its_own_keys(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    site = make_project(scaffold, cookiecutter_template)
    record = json.loads(site.read(".cruft.json"))
    record |= {"skip": ["README.md"], "mine": 1}
    (site.folder / ".cruft.json").write_text(json.dumps(record, indent=2) + "\n")
    site.commit()
    path = readme(cookiecutter_template)
    commit = cookiecutter_template.release("v1.1.0", cookiecutter_template.edit(path, "one", "1"))
    assert "Changed in the template, and left alone as skipped: README.md." in site.ok(
        "update", TRUST
    )
    assert "one" in site.read("README.md")
    site.commit()
    after = json.loads(site.read(".cruft.json"))
    assert (after["commit"], after["skip"], after["mine"]) == (commit, ["README.md"], 1)
    checked = run_tool(site.env, site.folder, "cruft", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_project_of_cruft_is_updated_as_it_is(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    where = str(cookiecutter_template.folder)
    command = ["cruft", "create", where, "-y", "--extra-context", '{"project_name": "site"}']
    made = run_tool(scaffold.env, scaffold.folder, *command)
    assert made.returncode == 0, made.stdout + made.stderr
    site = Made(scaffold.folder / "site", scaffold.env)
    site.git("init", "--quiet")
    site.commit()
    path = readme(cookiecutter_template)
    cookiecutter_template.release("v1.1.0", cookiecutter_template.edit(path, "one", "ONE"))
    site.ok("update", TRUST)
    assert "ONE" in site.read("README.md")


def test_plain_copier_goes_on_working(scaffold: Scaffold, copier_template: Repository) -> None:
    where, path = str(copier_template.folder), readme(copier_template)
    command = ["copier", "copy", "--defaults", "-d", "project_name=site", where, "site"]
    assert run_tool(scaffold.env, scaffold.folder, *command).returncode == 0
    site = Made(scaffold.folder / "site", scaffold.env)
    site.git("init", "--quiet")
    site.commit()
    copier_template.release("v1.1.0", copier_template.edit(path, "one", "ONE"))
    site.ok("update")
    site.commit()
    copier_template.release("v1.2.0", copier_template.edit(path, "two", "TWO"))
    updated = run_tool(site.env, site.folder, "copier", "update", "--defaults")
    assert updated.returncode == 0, updated.stderr
    assert "ONE\nTWO\n" in site.read("README.md")
    assert "_commit: v1.2.0" in site.read(".copier-answers.yml")


def test_set_changes_an_answer_at_the_same_version(
    scaffold: Scaffold, template: Repository
) -> None:
    site = make_project(scaffold, template)
    template.release("v1.1.0", template.edit(readme(template), "one", "ONE"))
    new = "none" if (site.folder / ".copier-answers.yml").exists() else "BSD"
    site.ok("set", f"licence={new}", TRUST)
    said = site.ok("status", TRUST)
    assert said.startswith("site at v1.0.0, v1.1.0 is available")
    assert "one" in site.read("README.md")
    assert (site.folder / "LICENSE").exists() is False
    assert "has no question 'licnce'. Did you mean licence?" in site.failure(
        "set", "licnce=x", TRUST
    )


def test_a_new_question_has_its_default(scaffold: Scaffold, copier_template: Repository) -> None:
    site = make_project(scaffold, copier_template)
    questions = "colour:\n  type: str\n  default: green\n"
    text = (copier_template.folder / "questions.yml").read_text() + questions
    readme = copier_template.edit("template/README.md.jinja", "one", "{{ colour }}")
    copier_template.release("v1.1.0", {"questions.yml": text, **readme})
    site.ok("update")
    assert "green" in site.read("README.md")
    assert "colour: green" in site.read(".copier-answers.yml")


def test_a_file_that_is_written_once_is_not_merged(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    site = make_project(scaffold, copier_template)
    (site.folder / "NOTES.md").write_text("Mine.\n")
    site.commit()
    copier_template.release("v1.1.0", {"template/NOTES.md": "Theirs.\n"})
    site.ok("update")
    assert site.read("NOTES.md") == "Mine.\n"


def test_what_a_template_leaves_out_from_now_on_stays_in_the_project(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    site = make_project(scaffold, copier_template)
    excluded = copier_template.edit("copier.yml", "_exclude: [", '_exclude: ["ci.yml", ')
    copier_template.release("v1.1.0", excluded)
    site.ok("update")
    assert (site.folder / "ci.yml").exists()


def test_migrations_run_around_an_update_and_are_part_of_it(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    site = make_project(scaffold, copier_template)
    (site.folder / "old.txt").write_text("mine\n")
    site.commit()
    migrations = (
        "_migrations:\n"
        "- version: v1.1.0\n"
        "  command: mv old.txt new.txt\n"
        "  when: \"{{ _stage == 'before' }}\"\n"
        "- version: v1.1.0\n"
        "  command: echo $VERSION_FROM to $VERSION_TO > after.txt\n"
    )
    settings = copier_template.edit("copier.yml", "_sub", f"{migrations}_sub")
    copier_template.release("v1.1.0", settings)
    assert "runs code: the migration 'mv old.txt new.txt'" in site.failure("update")
    before = site.snapshot()
    site.ok("update", TRUST, "--dry-run")
    assert site.snapshot() == before
    site.ok("update", TRUST)
    assert not (site.folder / "old.txt").exists()
    assert site.read("new.txt") == "mine\n"
    assert site.read("after.txt") == "v1.0.0 to v1.1.0\n"


def test_a_template_that_gained_code_is_not_trusted_for_it(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    site = make_project(scaffold, copier_template)
    task = copier_template.edit("copier.yml", "_sub", '_tasks: ["touch made.txt"]\n_sub')
    copier_template.release("v1.1.0", task)
    assert "runs code: the task 'touch made.txt'" in site.failure("update")
    site.ok("update", "--no-hooks")
    assert not (site.folder / "made.txt").exists()


def test_a_template_without_tags_follows_its_branch(
    scaffold: Scaffold, tmp_path: Path, env: dict[str, str]
) -> None:
    files = {
        "copier.yml": "x: 1\n",
        "{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers|to_nice_yaml }}",
    }
    template = make_repository(tmp_path / "untagged", env, files)
    template.git("tag", "--delete", "v1.0.0")
    scaffold.ok("new", "site", "-t", str(template.folder), "--yes")
    site = Made(scaffold.folder / "site", scaffold.env)
    template.release("", {"new.txt": "new\n"})
    site.ok("update")
    assert site.read("new.txt") == "new\n"
    template.git("checkout", "--quiet", "-b", "next")
    commit = template.release("", {"next.txt": "next\n"})
    site.commit()
    site.ok("update", "--to", "next")
    assert f"_commit: {commit[:7]}" in site.read(".copier-answers.yml")


def test_a_project_with_several_templates_names_the_one_that_is_meant(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    site = make_project(scaffold, copier_template)
    record = site.read(".copier-answers.yml")
    (site.folder / ".copier-answers.yml").rename(site.folder / ".copier-answers.one.yml")
    (site.folder / ".copier-answers.two.yml").write_text(record)
    site.commit()
    copier_template.release(
        "v1.1.0", copier_template.edit("template/README.md.jinja", "one", "ONE")
    )
    said = site.failure("update")
    assert "The project has several templates: .copier-answers.one.yml (" in said
    assert "Name one: --answers-file FILE" in said
    site.ok("update", "--answers-file", ".copier-answers.two.yml")
    assert "v1.1.0" in site.read(".copier-answers.two.yml")
    assert "v1.0.0" in site.read(".copier-answers.one.yml")


def test_without_a_network_the_last_fetch_counts(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    where = f"file://{copier_template.folder}@v1.0.0"
    scaffold.ok("new", "site", "-t", where, "--yes")
    site = Made(scaffold.folder / "site", scaffold.env)
    away = copier_template.folder.with_name("away")
    copier_template.folder.rename(away)
    said = site.ok("status")
    assert said.startswith("site at v1.0.0, the newest version\n")
    assert "Note: The template could not be fetched: " in said
    assert "is used." in said
    failed = scaffold("new", "other", "-t", f"file://{copier_template.folder}.git", "--yes")
    assert failed.returncode == 1
    assert "could not be fetched: " in failed.stderr


def test_a_version_that_vanished_is_named_with_its_cure(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    site = make_project(scaffold, copier_template)
    copier_template.git("tag", "--delete", "v1.0.0")
    said = site.failure("update")
    assert f"The template {copier_template.folder} no longer has the version v1.0.0." in said
    assert "scaffold adopt --again" in said
    shutil.rmtree(copier_template.folder)
    assert f"There is no template {copier_template.folder}." in site.failure("status")


def test_an_older_version_is_refused(scaffold: Scaffold, copier_template: Repository) -> None:
    copier_template.release("v1.1.0", {"template/new.txt": "new\n"})
    scaffold.ok("new", "site", "-t", str(copier_template.folder), "--yes")
    site = Made(scaffold.folder / "site", scaffold.env)
    assert "v1.0.0 is older than the project's v1.1.0." in site.failure("update", "--to", "v1.0.0")


@pytest.mark.parametrize("command", [["add", "docker"], ["remove", "docker"]])
def test_what_only_our_template_has_is_refused(
    scaffold: Scaffold, copier_template: Repository, command: list[str]
) -> None:
    site = make_project(scaffold, copier_template)
    assert "comes from another template" in site.failure(*command)
