"""Other templates in a terminal: their questions, with a way back, and whether their code runs."""

from __future__ import annotations

import json

from tests.cli.terminal import DOWN, ENTER, ERASE_LINE, ESCAPE, Terminal
from tests.conftest import Scaffold
from tests.external.conftest import Made, Repository, make_project


def test_questions_are_asked_as_our_own_are_with_a_way_back(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    asked = Terminal(scaffold, "new", "site", "-t", str(copier_template.folder))
    asked.answer("slug", ERASE_LINE, "first")
    asked.shows("? licence")
    asked.press(ESCAPE)
    asked.answer("slug", ERASE_LINE, "web")
    asked.answer("licence", DOWN)
    asked.answer("parts")
    asked.answer("docs")
    asked.answer("port", ERASE_LINE, "90")
    asked.shows("token")
    asked.press(ENTER)
    asked.shows("Created site")
    assert asked.end() == 0
    site = Made(scaffold.folder / "site", scaffold.env)
    assert site.read("web/main.py").startswith("PARTS = ['api']\n")
    assert "licence: none" in site.read(".copier-answers.yml")
    assert "port: 90" in site.read(".copier-answers.yml")


def test_an_answer_that_the_template_refuses_is_said_at_once(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    asked = Terminal(scaffold, "new", "site", "-t", str(copier_template.folder))
    for question in ("slug", "licence", "parts", "docs"):
        asked.answer(question)
    asked.shows("? port")
    asked.press(ERASE_LINE, "x")
    asked.shows("invalid literal")
    asked.press("\x03")
    asked.end()
    assert not (scaffold.folder / "site").exists()


def test_code_is_allowed_once_until_it_changes(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    where = str(cookiecutter_template.folder)
    first = Terminal(scaffold, "new", "first", "-t", where, "--yes")
    first.shows("the hook post_gen_project.py")
    first.press("n\n")
    assert first.end() == 1
    assert list(scaffold.folder.iterdir()) == []
    second = Terminal(scaffold, "new", "second", "-t", where, "--yes")
    second.shows("Do you trust it, until this code changes?")
    second.press("y\n")
    assert second.end() == 0
    scaffold.ok("new", "third", "-t", where, "--yes")
    hook = {"hooks/post_gen_project.py": "print('other')\n"}
    cookiecutter_template.release("v1.1.0", hook)
    assert "runs code" in scaffold("new", "fourth", "-t", where, "--yes").stderr


def test_an_update_asks_new_questions_only(scaffold: Scaffold, copier_template: Repository) -> None:
    site = make_project(scaffold, copier_template)
    colour = "colour:\n  type: str\n  default: green\n"
    text = (copier_template.folder / "questions.yml").read_text() + colour
    copier_template.release("v1.1.0", {"questions.yml": text})
    asked = Terminal(site, "update")
    asked.answer("colour", ERASE_LINE, "red")
    asked.shows("site from v1.0.0 to v1.1.0")
    assert asked.end() == 0
    assert "colour: red" in site.read(".copier-answers.yml")


def test_extensions_of_both_versions_are_rendered_with_their_own_code(
    scaffold: Scaffold, cookiecutter_template: Repository
) -> None:
    def extension(word: str) -> dict[str, str]:
        return {
            "words.py": (
                "from jinja2.ext import Extension\n\n\n"
                "class Words(Extension):\n"
                "    def __init__(self, environment):\n"
                "        super().__init__(environment)\n"
                f"        environment.globals['word'] = '{word}'\n"
            )
        }

    questions = json.loads((cookiecutter_template.folder / "cookiecutter.json").read_text())
    questions["_extensions"] = ["words.Words"]
    files = {"cookiecutter.json": json.dumps(questions), **extension("first")}
    files |= {"{{cookiecutter.slug}}/word.txt": "{{ word }}\n"}
    cookiecutter_template.release("v1.1.0", files, gone=("hooks/post_gen_project.py",))
    where = f"{cookiecutter_template.folder}@v1.1.0"
    scaffold.ok("new", "site", "-t", where, "--yes", "--trust")
    site = Made(scaffold.folder / "site", scaffold.env)
    questions["colour"] = "green"
    files = {"cookiecutter.json": json.dumps(questions), **extension("second")}
    cookiecutter_template.release("v1.2.0", files)
    asked = Terminal(site, "update", "--trust")
    asked.answer("colour")
    asked.shows("site from v1.1.0 to v1.2.0")
    assert asked.end() == 0
    assert site.read("word.txt") == "second\n"
