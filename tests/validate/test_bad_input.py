"""What is wrong in validate.toml or on the command line is one line with its cure."""

from __future__ import annotations

import pytest

from .conftest import QUESTIONS, Validate


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ("a = = 1", "validate.toml is not valid TOML"),
        ("comands = {}", "validate.toml has no key 'comands'. Did you mean commands?"),
        ("[checks]\nmark = 1", "validate.toml [checks] has no key 'mark'. Did you mean marks?"),
        ('[checks]\nmarks = "all"', "validate.toml [checks]: marks cannot be 'all'."),
        ("[questions]\ndatbase = [1]", "names the question 'datbase', which the template does not"),
        ("[questions]\ndatabase = 1", "database must be a list of values or a table."),
        ("[questions]\ndatabase = []", "The question database has no values to try. Give it"),
        ('[questions]\ntitle = {samples = ["quote"]}', "no sample 'quote'. Did you mean quotes?"),
        ("[[invalid]]\nwhen = {docs = true}", "[[invalid]] 1 needs `when` and `why`."),
        ("[commands.test]\nseconds = 1", "[commands] [test]: run is missing. Write run"),
        ('[commands.test]\nrun = "a"\nseconds = "x"', "seconds must be a number."),
        ('[[left_out]]\nwhen = {docs = [true, false]}\nwhy = "no docs"', "No combination is left"),
        ('[server]\nstart = "a"', "[server]: suite is missing."),
    ],
)
def test_settings(template: Validate, settings: str, wrong: str) -> None:
    title = "title: {type: str, default: A title}\n"
    template.write({"copier.yml": QUESTIONS + title, "validate.toml": settings})
    assert wrong in template.wrong("--tier", "0")


def test_a_question_with_neither_choices_nor_samples(template: Validate) -> None:
    template.write({"copier.yml": QUESTIONS + "ports: {type: yaml}\n"})
    wrong = template.wrong("--tier", "0")
    assert "The question ports has no answer to try. It has neither choices nor a default." in wrong
    assert "[answers] ports" in wrong


def test_a_template_that_refuses_everything(template: Validate) -> None:
    never = "docs:\n  type: bool\n  default: false\n  validator: Never.\n"
    template.write({"copier.yml": f"_subdirectory: template\n{never}"})
    assert "The template refuses all combinations" in template.wrong("--tier", "0")


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (["--shard", "3"], "3 is no shard. Write --shard 3/8"),
        (["--shard", "9/8"], "9/8 is no shard."),
        (["--only", "datbase=x"], "No question 'datbase' varies. Did you mean database?"),
        (["--only", "database=x"], "database is never 'x'."),
        (["--variant", "dcs"], "There is no variant dcs. Did you mean docs?"),
        (["--tier", "7"], "'7' is not one of"),
        (["--merge", "nothing.json"], "nothing.json cannot be read"),
        (["nowhere"], "There is no folder nowhere."),
        (["--shard", "1/2", "--times", "copier.yml"], "copier.yml is no result of scaffold"),
    ],
)
def test_arguments(template: Validate, arguments: list[str], wrong: str) -> None:
    assert wrong in template.wrong(*arguments)


def test_a_folder_without_a_template(template: Validate) -> None:
    (template.folder / "copier.yml").unlink()
    result = template("validate")
    assert "Error: This is no template" in result.stderr
