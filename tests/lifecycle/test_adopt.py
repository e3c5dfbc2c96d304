"""A project without a record, or with another project's, gets its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from generator.engine import adopt
from generator.project.record import ANSWERS_FILE
from generator.questions.answers import complete
from generator.questions.catalog import load_catalog
from generator.render.backend import render
from generator.transaction import journal
from generator.versions import store
from generator.versions.locate import find_source, template_root
from tests.cli.terminal import in_terminal
from tests.conftest import Scaffold
from tests.lifecycle.conftest import Shop
from tests.variants.model import FRAMEWORKS, axes

BOOKS = (
    "author name:str:unique",
    "book title:str:index price:decimal genre:enum=novel,essay author:ref=author",
)


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose cache of compiled templates the tests of this file share."""
    home = tmp_path_factory.mktemp("adopt") / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n\tname = Ada\n\temail = ada@example.com\n")
    return home


@pytest.fixture
def home(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(shared_home))
    return shared_home


def make(scaffold: Scaffold, name: str, *options: str) -> Shop:
    scaffold.ok("new", name, "--yes", *options)
    return Shop(scaffold.folder / name, scaffold.env)


def without_record(shop: Shop) -> str:
    """Take the record away, out of git's history too, and return it."""
    record = shop.read(ANSWERS_FILE)
    (shop.folder / ANSWERS_FILE).unlink()
    shutil.rmtree(shop.folder / ".git", ignore_errors=True)
    return record


# Random answers, below, make projects of the other frameworks, too.
UNTOUCHED = [
    ("--framework", "fastapi", "--docker", "--set", "author=Ada", "--set", 'description=A "b".'),
    *(
        pytest.param(options, marks=pytest.mark.nightly)
        for options in (
            ("--framework", "flask", "--auth", "none", "--database", "postgres", "--ci", "gitlab"),
            ("--framework", "django", "--set", "python_version=3.12", "--ci", "github"),
        )
    ),
]


@pytest.mark.parametrize("options", UNTOUCHED, ids=lambda options: options[1])
def test_an_untouched_project_gets_the_very_same_record(
    scaffold: Scaffold, options: tuple[str, ...]
) -> None:
    shop = make(scaffold, "shop", *options)
    record = without_record(shop)
    before = shop.snapshot()
    shop.ok("adopt", "--yes")
    assert shop.read(ANSWERS_FILE) == record
    (shop.folder / ANSWERS_FILE).unlink()
    assert shop.snapshot() == before


def made_by(tag: str, shop: Shop, folder: Path, **options: Any) -> dict[str, Any]:
    """Make what the release `tag` makes, as a repository, and return its answers."""
    source = store.fetch(tag, folder)
    catalog = load_catalog(source.root)
    answers = complete(catalog, "my-shop", options=options, assigned={}, file={})
    render(answers, shop.folder, source, tag)
    return answers


@pytest.mark.seconds(12)
def test_an_edited_project_of_an_older_release_is_recognised(
    scaffold: Scaffold, home: Path, tmp_path: Path
) -> None:
    shop = Shop(scaffold.folder / "elsewhere", scaffold.env)
    answers = made_by("v0.2.0", shop, tmp_path, framework="flask", docker=True, ci="github")
    record = without_record(shop)
    shop.write("README.md", "Ours.\n")
    shop.replace("pyproject.toml", "dependencies = [\n", 'dependencies = [\n    "idna>=3",\n')
    shop.write("app/reports/routes.py", "Ours = True\n")
    shop.write("compose.yaml", shop.read("compose.yaml").replace("\n", "\r\n"))
    (shop.folder / "AGENTS.md").unlink()
    (shop.folder / "app/core/etag.py").rename(shop.folder / "app/core/entity_tags.py")
    found = shop.json("adopt", "--yes")
    assert (found["version"], found["answers"]) == ("v0.2.0", answers)
    assert shop.read(ANSWERS_FILE) == record
    assert found["edited"] == ["README.md", "pyproject.toml"]
    assert (found["deleted"], found["moved"]) == (
        ["AGENTS.md"],
        {"app/core/entity_tags.py": "app/core/etag.py"},
    )
    assert shop.json("status")["edited"] == found["edited"]
    assert shop.json("update", "--dry-run")["from"] == "v0.2.0"


@pytest.mark.nightly
@pytest.mark.seconds(8)
def test_a_renamed_copy_is_adopted_again_only_when_asked_to(scaffold: Scaffold) -> None:
    shop = make(scaffold, "bakery")
    shop.write(ANSWERS_FILE, make(scaffold, "shop").read(ANSWERS_FILE))
    line = shop.failure("adopt", "--yes")
    assert "has a record already" in line
    assert "--again" in line
    assert shop.json("status")["edited"] != []
    shop.ok("adopt", "--again", "--yes")
    found = shop.json("status")
    assert (found["project"], found["edited"]) == ("bakery", [])
    assert "is already correct" in shop.ok("adopt", "--again")


@pytest.mark.nightly
def test_answers_that_are_given_stand(scaffold: Scaffold) -> None:
    shop = make(scaffold, "shop")
    without_record(shop)
    found = shop.json("adopt", "--dry-run", "--set", "docker=yes", "--set", "project_name=bakery")
    assert found["answers"]["docker"] is True
    assert found["answers"]["project_name"] == "bakery"
    assert "Dockerfile" in found["deleted"]
    assert found["lines"] > 0


OWN_COLUMN = {
    "app": "    shelf: Mapped[str | None] = mapped_column(String(30))\n",
    "apps": "    shelf = models.CharField(max_length=30, null=True)\n",
}
OWN_MODEL = {
    "app": """
from sqlalchemy.orm import Mapped
from app.core.database import Record

class Report(Record):
    __tablename__ = "reports"
    pages: Mapped[int]
""",
    "apps": """
from django.db import models
from apps.core.models import Record

class Report(Record):
    pages = models.IntegerField()
""",
}


@pytest.mark.nightly
@pytest.mark.seconds(15)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_resources_are_read_from_models_without_what_the_owner_added(
    scaffold: Scaffold, framework: str
) -> None:
    resources = [word for text in BOOKS for word in ("--resource", text)]
    shop = make(scaffold, "shop", "--framework", framework, *resources)
    record = without_record(shop)
    apps = "apps" if framework == "django" else "app"
    shop.replace(f"{apps}/books/models.py", "    price", OWN_COLUMN[apps] + "    price")
    shop.write(f"{apps}/reports/models.py", OWN_MODEL[apps])
    shop.write("README.md", shop.read("README.md") + "\nOurs.\n")
    shown = shop.ok("adopt", "--dry-run")
    assert "The resources were read from the project's models." in shown
    found = shop.json("adopt", "--yes")
    assert (found["assumed"], found["read"]) == ([], ["resources"])
    assert found["edited"] == ["README.md", f"{apps}/books/models.py"]
    assert shop.read(ANSWERS_FILE) == record


def test_what_cannot_be_read_of_the_models_is_told(scaffold: Scaffold) -> None:
    shop = make(scaffold, "shop", "--resource", BOOKS[0])
    without_record(shop)
    column = "    photo: Mapped[bytes] = mapped_column(LargeBinary)\n"
    shop.write("app/authors/models.py", shop.read("app/authors/models.py") + column)
    line = len(shop.read("app/authors/models.py").splitlines())
    (remark,) = shop.json("adopt", "--yes")["remarks"]
    assert remark == {
        "where": f"app/authors/models.py:{line}",
        "text": "photo is left out: no type of field is like LargeBinary.",
    }


@pytest.mark.nightly
def test_resources_are_given_as_to_new(scaffold: Scaffold) -> None:
    resources = [word for text in BOOKS for word in ("--resource", text)]
    shop = make(scaffold, "shop", *resources)
    record = without_record(shop)
    found = shop.json("adopt", "--yes", *resources)
    assert (found["assumed"], found["read"], found["lines"]) == ([], [], 0)
    assert shop.read(ANSWERS_FILE) == record


@pytest.mark.nightly
def test_where_there_are_no_models_the_default_is_assumed(scaffold: Scaffold) -> None:
    shop = make(scaffold, "shop")
    without_record(shop)
    shutil.rmtree(shop.folder / "app/items")
    assert "Give yours: --resource" in shop.ok("adopt", "--dry-run")


@pytest.mark.nightly
def test_a_record_that_git_has_is_a_hint(scaffold: Scaffold) -> None:
    shop = make(scaffold, "shop", "--resource", BOOKS[0])
    record = shop.read(ANSWERS_FILE)
    (shop.folder / ANSWERS_FILE).unlink()
    shop.commit()
    shop.ok("adopt", "--yes")
    assert shop.read(ANSWERS_FILE) == record


CONFLICT = "<<<<<<< HEAD\ndatabase: sqlite\n=======\n>>>>>>> theirs\n"


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("database: sqlite", "database: postgres", id="edited by hand"),
        pytest.param("database: sqlite\n", CONFLICT, id="conflict"),
        pytest.param("# checksum: ", "# ", id="no checksum", marks=pytest.mark.nightly),
        pytest.param("_src_path", "_path", id="no template"),
    ],
)
def test_a_broken_record_counts_as_lost(scaffold: Scaffold, old: str, new: str) -> None:
    shop = make(scaffold, "shop", "--resource", BOOKS[0])
    record = shop.read(ANSWERS_FILE)
    shutil.rmtree(shop.folder / ".git")
    shop.replace(ANSWERS_FILE, old, new)
    assert "scaffold adopt" in shop.failure("status")
    shop.ok("adopt", "--yes")
    assert shop.read(ANSWERS_FILE) == record


def test_another_templates_project_is_refused(shop: Shop) -> None:
    shop.write(ANSWERS_FILE, "_commit: v1.0.0\n_src_path: gh:x/y\n")
    assert "names another template, gh:x/y" in shop.failure("adopt", "--yes")


def test_what_is_no_scaffold_project_is_refused(scaffold: Scaffold) -> None:
    shop = Shop(scaffold.folder / "mine", scaffold.env)
    shop.write("app/main.py", "print()\n")
    shop.write("README.md", "# mine\n")
    shop.write("pyproject.toml", '[project]\nname = "mine"\n')
    line = shop.failure("adopt", "--yes")
    assert "does not look like a project of the template" in line


def test_nothing_is_written_without_consent(scaffold: Scaffold) -> None:
    shop = make(scaffold, "shop")
    without_record(shop)
    line = shop.failure("adopt")
    assert "would name template" in line
    assert line.endswith("Look at it with --dry-run, then add --yes.")


@pytest.mark.nightly
def test_a_dry_run_writes_nothing(scaffold: Scaffold) -> None:
    shop = make(scaffold, "shop")
    without_record(shop)
    before = shop.snapshot()
    assert shop.json("adopt", "--dry-run")["state"] == "planned"
    assert shop.snapshot() == before


@pytest.mark.nightly
def test_in_a_terminal_it_is_shown_and_asked_once(scaffold: Scaffold) -> None:
    shop = make(scaffold, "shop")
    record = without_record(shop)
    code, seen = in_terminal(shop, "adopt", type="n\n")
    assert code == 1
    assert "The nearest is template" in seen
    assert f"Write these to {ANSWERS_FILE}?" in seen
    assert not (shop.folder / ANSWERS_FILE).exists()
    code, _ = in_terminal(shop, "adopt", type="y\n")
    assert code == 0
    assert shop.read(ANSWERS_FILE) == record


def test_json_tells_the_distance_and_what_else_is_near(scaffold: Scaffold) -> None:
    shop = make(scaffold, "shop")
    without_record(shop)
    shop.write("README.md", shop.read("README.md") + "One more line.\n")
    found = shop.json("adopt", "--yes")
    assert (found["command"], found["state"]) == ("adopt", "done")
    assert (found["project"], found["path"]) == ("shop", str(shop.folder))
    assert (found["lines"], found["edited"]) == (1, ["README.md"])
    assert found["pristine"] > 50
    assert all(other["lines"] >= 1 and other["differs"] for other in found["others"])
    assert len(found["others"]) == 3


def test_a_pending_change_is_ended_first(shop: Shop) -> None:
    shop.write("app/core/health.py", "mine\n")
    shop.commit()
    assert shop("update").returncode == 3
    assert (shop.folder / journal.FOLDER).exists()
    (shop.folder / ANSWERS_FILE).unlink()
    result = shop("adopt", "--yes")
    assert result.returncode == 3
    assert "A scaffold update has conflicts" in result.stderr


@pytest.mark.nightly
def test_answers_that_no_question_takes_are_wrong_use(scaffold: Scaffold) -> None:
    assert "Did you mean docker?" in scaffold.refusal("adopt", "--set", "dokcer=yes")
    assert "--resource is empty" in scaffold.refusal("adopt", "--resource", "")


texts = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)
answers = st.fixed_dictionaries(
    {
        "project_name": st.from_regex(r"[a-z][a-z0-9]{2,9}(-[a-z0-9]{1,9})?", fullmatch=True),
        "description": texts,
        "author": st.just("") | texts,
        **{name: st.sampled_from(values) for name, values in axes().items()},
    }
)


@pytest.mark.nightly
@pytest.mark.seconds(10)
@settings(
    max_examples=int(os.environ.get("EXAMPLES", "2")),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(chosen=answers)
def test_a_pristine_render_is_adopted_with_its_answers(home: Path, chosen: dict[str, Any]) -> None:
    questions = load_catalog(template_root()).questions
    wanted = {name: chosen.get(name, question.default) for name, question in questions.items()}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "copy"
        render(wanted, root, find_source(), store.version_of(find_source()))
        (root / ANSWERS_FILE).unlink()
        found = adopt.find(root, {}, again=False, tell=lambda _version: None)
    assert found.project.answers == wanted
    assert found.nearest.lines == 0
