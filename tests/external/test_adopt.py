"""Projects that have no record, made by plain cookiecutter or copier, get the record they lack."""

from __future__ import annotations

import json

from tests.conftest import Scaffold
from tests.external.conftest import Made, Repository, make_project


def without_record(site: Made, record: str) -> None:
    (site.folder / record).unlink()
    site.commit()


def test_the_nearest_version_is_found_and_only_the_record_is_written(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    path = "{{cookiecutter.slug}}/README.md"
    for number in range(1, 20):
        text = f"# {{{{ cookiecutter.project_name }}}}\n\nversion {number}\n"
        cookiecutter_template.release(f"v1.{number}.0", {path: text})
    where = str(cookiecutter_template.folder)
    scaffold.ok("new", "site", "-t", f"{where}@v1.7.0", "--yes", "--no-hooks")
    site = Made(scaffold.folder / "site", scaffold.env)
    commit = json.loads(site.read(".cruft.json"))["commit"]
    without_record(site, ".cruft.json")
    before = site.snapshot()
    assert "add --yes" in site.failure("adopt", "-t", where, "--no-hooks")
    assert "The closest match is v1.7.0" in site.ok("adopt", "-t", where, "--no-hooks", "-n")
    assert site.snapshot() == before
    site.ok("adopt", "-t", where, "--no-hooks", "--yes")
    after = site.snapshot()
    assert json.loads(after.pop(".cruft.json"))["commit"] == commit
    assert after == before
    assert site.ok("status", "--no-hooks").startswith("site at v1.7.0, v1.19.0 is available")


def test_edits_and_answers_from_a_file_are_taken_into_account(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    answers = ["--set", "licence=none", "--set", "parts=[web]"]
    site = make_project(scaffold, copier_template, *answers)
    copier_template.release(
        "v1.1.0", copier_template.edit("template/README.md.jinja", "one", "ONE")
    )
    record = site.read(".copier-answers.yml")
    (scaffold.folder / "answers.yml").write_text(record)
    site.replace("README.md", "five", "mine")
    without_record(site, ".copier-answers.yml")
    where = str(copier_template.folder)
    said = site.ok("adopt", "-t", where, "--answers", "../answers.yml", "--yes")
    assert "The project differs in 2 lines." in said
    assert site.read(".copier-answers.yml") == record


def test_what_cookiecutter_replays_is_known(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    site = make_project(scaffold, cookiecutter_template, "--set", "licence=BSD")
    without_record(site, ".cruft.json")
    replays = site.folder.parents[1] / "home" / ".cookiecutter_replay"
    replays.mkdir()
    context = {"project_name": "site", "licence": "BSD", "_template": "x"}
    replay = replays / "cookiecutter-template.json"
    replay.write_text(json.dumps({"cookiecutter": context}))
    told = site.json("adopt", "-t", str(cookiecutter_template.folder), "--trust", "--yes")
    assert (told["state"], told["answers"]["licence"]) == ("done", "BSD")


def test_a_project_of_something_else_is_refused(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    site = make_project(scaffold, copier_template)
    for path in [*site.snapshot()]:
        (site.folder / path).unlink()
    (site.folder / "README.md").write_text("Something else.\n")
    said = site.failure("adopt", "-t", str(copier_template.folder), "--yes")
    assert "does not look like a project of the template" in said


def test_a_project_with_a_record_is_refused_unless_asked_again(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    site = make_project(scaffold, copier_template)
    where = str(copier_template.folder)
    assert "already has a record, .copier-answers.yml." in site.failure("adopt", "-t", where)
    site.ok("adopt", "-t", where, "--again", "--yes")
