"""`--changed-since`: what a change of the template can have broken."""

from __future__ import annotations

import sys

from .conftest import ALL, Validate

TEST = f"[commands]\ntest = '\"{sys.executable}\" app.py'\n"


def test_variants_that_render_to_other_files_are_validated(template: Validate) -> None:
    template.write({"validate.toml": TEST})
    template.commit()
    changed = "DATABASE = '{{ database }}'\n{% if database == 'postgres' %}PORT = 5432\n{% endif %}"
    template.write({"template/app.py.jinja": changed + "DOCS = {{ docs }}\n"})
    template.commit()
    template.write({"template/app.py.jinja": changed.replace("5432", "(") + "DOCS = {{ docs }}\n"})
    report = template.report("--changed-since", "HEAD")
    assert report["counts"]["unchanged"] == 2
    tested = {one["variant"] for one in report["results"] if one["step"] == "test"}
    assert tested == {"postgres", "postgres+docs"}


def test_where_the_commands_changed_everything_is_validated(template: Validate) -> None:
    template.write({"validate.toml": TEST})
    template.commit()
    template.write({"validate.toml": TEST.replace("test =", "tests =")})
    report = template.report("--changed-since", "HEAD")
    assert report["counts"]["unchanged"] == 0
    assert {one["variant"] for one in report["results"] if one["step"] == "tests"} == ALL


def test_a_revision_that_is_not_there_is_one_line(template: Validate) -> None:
    template.commit()
    wrong = template.wrong("--changed-since", "nothing")
    assert wrong == "Error: There is no revision nothing. Fetch it, or name another one."


def test_without_a_repository_there_is_nothing_to_compare(template: Validate) -> None:
    assert "is in no git repository" in template.wrong("--changed-since", "HEAD")
