"""Tier 0: all combinations are rendered, and what they render to is read."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from .conftest import ALL, QUESTIONS, Validate

TEXT = "title: {type: str, default: A title}\n"


def test_every_combination_is_rendered(template: Validate) -> None:
    report = template.report("--tier", "0")
    assert set(report["variants"]) == ALL
    assert report["variants"]["postgres+docs"] == {"database": "postgres", "docs": "yes"}
    assert report["states"] == {"passed": 4, "known": 0, "failed": 0, "skipped": 0, "left": 0}


def test_answers_to_questions_that_are_not_asked_make_no_more_variants(template: Validate) -> None:
    theme = 'theme: {type: str, choices: [light, dark], default: light, when: "{{ docs }}"}\n'
    template.write({"copier.yml": QUESTIONS + theme})
    report = template.report("--tier", "0")
    assert report["counts"]["combinations"] == 8
    assert set(report["variants"]) == ALL | {"docs+dark", "postgres+docs+dark"}


def test_of_very_many_combinations_every_two_values_are_rendered(template: Validate) -> None:
    many = "".join(f"q{n}: {{type: bool, default: false}}\n" for n in range(20))
    template.write({"copier.yml": "_subdirectory: template\n" + many})
    template.write({"template/app.py.jinja": "X = {{ q1 }}\n"})
    template.write({"validate.toml": "[covering]\ncombinations = 100\n"})
    found = list(template.report("--tier", "0")["variants"].values())
    assert len(found) < 100
    for value in ("yes", "no"):
        assert any(one["q3"] == value and one["q17"] == "yes" for one in found)


def test_a_mark_that_names_a_question_is_left_over(template: Validate) -> None:
    template.write({"template/copied.md": "${{ secrets.X }} {{ other }} {{ database }}\n"})
    (text,) = template.failures("--tier", "0")
    assert text == "marks: copied.md has {{ database }} left, line 1, in default and 3 more"


def test_with_marks_any_every_mark_counts_but_those_allowed(template: Validate) -> None:
    template.write({"template/copied.md": "{{ other }}\n", "template/t.html": "{% block a %}\n"})
    settings = '[checks]\nmarks = "any"\nallowed_marks = ["{% block .*"]\n'
    template.write({"validate.toml": settings})
    (text,) = template.failures("--tier", "0")
    assert text.startswith("marks: copied.md has {{ other }} left, line 1")


@pytest.mark.parametrize(
    ("path", "text", "wrong"),
    [
        ("a.py", "def f(:\n", "invalid syntax"),
        ("a.toml", "a = \n", "Invalid value"),
        ("a.yml", "a: b: c\n", "mapping values are not allowed"),
        ("a.json", '{"a": 1,}\n', "double quotes"),
        ("a.svg", "<svg>\n", "no element found"),
        ("Dockerfile", "RUN true\n", "the first instruction is RUN"),
        ("Dockerfile", "FROM a\nCOPPY a b\n", "COPPY is no instruction, line 2"),
        pytest.param(
            "a.mjs",
            "import {\n",
            "SyntaxError",
            marks=pytest.mark.skipif(not shutil.which("node"), reason="node is not installed"),
        ),
    ],
)
def test_files_are_parsed_by_their_language(
    template: Validate, path: str, text: str, wrong: str
) -> None:
    template.write({f"template/{path}": text})
    (said,) = template.failures("--tier", "0")
    assert said.startswith(f"parse: {path} does not parse: ")
    assert wrong in said


def test_files_that_are_unread_are_not_parsed(template: Validate) -> None:
    template.write({"template/a.json": "// JSON with comments\n{}\n"})
    template.write({"validate.toml": '[checks]\nunread = ["a.json"]\n'})
    assert template.failures("--tier", "0") == []


def test_an_undefined_name_is_an_error_unless_the_template_may_use_them(
    template: Validate,
) -> None:
    template.write({"template/a.md.jinja": "{{ databse }}\n"})
    failures = template.failures("--tier", "0")
    assert len(failures) == 4
    assert "template/a.md.jinja, line 1: 'databse' is undefined" in failures[0]
    template.write({"validate.toml": '[checks]\nundefined = "lenient"\n'})
    assert template.failures("--tier", "0") == []


def test_names_that_another_system_does_not_allow_are_found(template: Validate) -> None:
    template.write({"template/README.md": "a\n", "template/readme.md": "a\n"})
    template.write({"template/aux.py": "a = 1\n"})
    found = "\n".join(template.failures("--tier", "0"))
    assert "only in case" in found
    assert "aux.py has a name that Windows does not allow" in found


def test_linters_look_once_over_all_renders(template: Validate) -> None:
    template.write({"template/pyproject.toml": "[tool.ruff]\nline-length = 100\n"})
    assert template.failures("--tier", "0") == []
    template.write({"template/other.py.jinja": "import os\n{% if docs %}x=1\n{% endif %}"})
    lint, layout = template.failures("--tier", "0")
    assert lint.startswith("ruff check: other.py:1:8: F401")
    assert layout.endswith("other.py:2:1, in docs")


def test_hostile_texts_find_what_is_not_escaped(template: Validate) -> None:
    template.write({"copier.yml": QUESTIONS + TEXT})
    template.write({"template/title.py.jinja": 'TITLE = "{{ title }}"\n'})
    failures = template.failures("--tier", "0")
    assert len(failures) == 2
    assert failures[0].endswith("in title:quotes")
    assert failures[1].endswith("in title:newline")
    template.write({"template/title.py.jinja": "TITLE = {{ title | tojson }}\n"})
    assert template.failures("--tier", "0") == []


def test_a_hostile_text_that_a_validator_refuses_is_fine(template: Validate) -> None:
    strict = (
        "title:\n  type: str\n  default: a\n  validator: \"{% if title != 'a' %}No.{% endif %}\"\n"
    )
    template.write({"copier.yml": QUESTIONS + strict})
    report = template.report("--tier", "0")
    assert report["passed"]
    assert report["states"]["skipped"] == 6


def test_a_failure_is_kept_and_its_command_reproduces_it(
    template: Validate, tmp_path: Path
) -> None:
    template.write({"template/app.py.jinja": "x = {{ '1' if docs else '(' }}\n"})
    result = template("validate", "--tier", "0", "--keep", str(tmp_path / "broken"))
    lines = [line.strip() for line in result.stderr.splitlines()]
    (folder,) = [line for line in lines if line.startswith("its render: ")]
    assert (Path(folder.removeprefix("its render: ")) / "app.py").read_text() == "x = (\n"
    (again,) = [line for line in lines if line.startswith("again: ")]
    program, *arguments = shlex.split(again.removeprefix("again: "))
    assert program == "scaffold"
    once_more = template(*arguments)
    assert once_more.returncode == 1
    assert "app.py does not parse" in once_more.stderr
    assert "1 variant of" in once_more.stdout


@pytest.mark.parametrize("option", [["--only", "docs=yes"], ["--variant", "docs"]])
def test_a_part_of_the_variants_can_be_chosen(template: Validate, option: list[str]) -> None:
    report = template.report("--tier", "0", *option)
    assert "docs" in report["variants"]
    assert all(picks["docs"] == "yes" for picks in report["variants"].values())


NO_POSTGRES = "  validator: \"{% if database == 'postgres' and docs %}Not with docs.{% endif %}\"\n"
ORDERED = (
    "_subdirectory: template\ndocs: {type: bool, default: false}\n"
    "database:\n  type: str\n  choices: [sqlite, postgres]\n  default: sqlite\n"
)
RULE = '[[invalid]]\nwhen = {database = "postgres", docs = true}\nwhy = "docs need sqlite"\n'


def test_what_the_template_refuses_is_counted(template: Validate) -> None:
    template.write({"copier.yml": ORDERED + NO_POSTGRES})
    report = template.report("--tier", "0")
    assert (report["passed"], report["counts"]["refused"]) == (True, 1)
    assert set(report["variants"]) == ALL - {"postgres+docs", "docs+postgres"}


def test_rules_that_the_template_keeps_pass(template: Validate) -> None:
    template.write({"copier.yml": ORDERED + NO_POSTGRES, "validate.toml": RULE})
    report = template.report("--tier", "0")
    assert report["passed"]
    assert report["counts"]["ruled_out"] == 1


def test_an_invalid_combination_that_the_template_takes_fails(template: Validate) -> None:
    template.write({"copier.yml": ORDERED, "validate.toml": RULE})
    (text,) = template.failures("--tier", "0")
    assert text == "rules: the template takes it, although docs need sqlite"


def test_a_valid_combination_that_the_template_refuses_fails(template: Validate) -> None:
    other = RULE.replace('"postgres"', '"sqlite"')
    template.write({"copier.yml": ORDERED + NO_POSTGRES, "validate.toml": other})
    refused, taken = template.failures("--tier", "0")
    assert "the template refuses it" in refused
    assert "the template takes it" in taken


def test_what_is_left_out_is_not_tried(template: Validate) -> None:
    rule = RULE.replace("[[invalid]]", "[[left_out]]")
    template.write({"validate.toml": rule})
    assert set(template.report("--tier", "0")["variants"]) == ALL - {"postgres+docs"}


def test_a_rule_may_name_some_answers_by_value_and_others_by_word(template: Validate) -> None:
    values = '[questions]\ndatabase = {values = {small = "sqlite", large = "postgres"}}\n'
    rule = '[[left_out]]\nwhen = {database = "lar*", docs = true}\nwhy = "no docs"\n'
    template.write({"validate.toml": values + rule})
    assert set(template.report("--tier", "0")["variants"]) == {"default", "large", "docs"}
