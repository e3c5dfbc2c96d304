"""What both sides extended comes together by its meaning, with every comment, or not at all."""

from __future__ import annotations

import json

import pytest

from generator.merge.structure import merge

PYPROJECT = """\
[project]
name = "shop"
dependencies = [
    "fastapi>=0.165",
    "uvicorn>=0.54",
    "click>=8.5",
    # Dependencies of your own go below this line.
]

[tool.ruff.lint]
select = ["E", "F"]

[tool.poe.tasks]
test = "pytest"
# Tasks of your own go below this line.

[tool.mypy]
strict = true
"""
SETTINGS = """\
# Every setting.

# What it listens on
HOST=127.0.0.1
PORT=8000
# DEBUG or INFO
LOG_LEVEL=INFO
"""
COMPOSE = """\
services:
  app:
    build: .
    ports: ["127.0.0.1:8000:8000"]
    restart: unless-stopped

  postgres:
    image: postgres:18
    command: ["postgres", "-c", "fsync=on"]
  # Services of your own go below this line.

volumes:
  postgres:
"""
WORKFLOW = """\
name: ci

on:
  push:
    branches: [main]

jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@111 # v1
        with:
          persist-credentials: false
      - run: uv sync
      - run: uv run poe test
"""


def edited(text: str, *replacements: tuple[str, str]) -> str:
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def merged(path: str, base: str, ours: str, theirs: str) -> str | None:
    result = merge(path, base.encode(), ours.encode(), theirs.encode())
    return None if result is None else result.decode()


@pytest.mark.parametrize(
    ("path", "base", "ours", "theirs"),
    [
        ("pyproject.toml", PYPROJECT,
         [('    "click>=8.5",\n', '    "click>=8.5",\n    "stripe>=12", # payments\n')],
         [('    "click>=8.5",\n', '    "click>=8.6",\n    "structlog>=26",\n')]),
        ("pyproject.toml", PYPROJECT,
         [('test = "pytest"\n', 'test = "pytest -x"\n')],
         [('# Tasks of', 'seed = "python -m app.seed"\n# Tasks of')]),
        (".env.example", SETTINGS,
         [("PORT=8000\n", "PORT=8000\n# Where payments go\nSTRIPE=\n")],
         [("PORT=8000\n", "PORT=8080\n# Processes\nWORKERS=1\n")]),
        ("compose.yaml", COMPOSE,
         [("  # Services", "  mail:\n    image: mailpit # for mails\n  # Services")],
         [("  # Services", "  redis:\n    image: redis:8\n  # Services")]),
        (".github/workflows/ci.yml", WORKFLOW,
         [("          persist", "          fetch-depth: 0\n          persist")],
         [("      - uses: actions/checkout@111 # v1", "      - uses: actions/checkout@222 # v2")]),
    ],
)  # fmt: skip
def test_changes_side_by_side_are_both_made_as_they_were_written(
    path: str,
    base: str,
    ours: list[tuple[str, str]],
    theirs: list[tuple[str, str]],
) -> None:
    result = merged(path, base, edited(base, *ours), edited(base, *theirs))
    assert result is not None
    for _, new in [*ours, *theirs]:
        for line in new.splitlines():
            if line not in base:
                assert line in result.splitlines()


def test_a_list_that_the_user_sorted_still_gets_the_templates_versions() -> None:
    ours = edited(
        PYPROJECT,
        ('    "fastapi>=0.165",\n', ""),
        ('    "click>=8.5",\n', '    "click>=8.5",\n    "fastapi>=0.165", # the framework\n'),
    )
    theirs = edited(PYPROJECT, ('"fastapi>=0.165",\n', '"fastapi>=0.166",\n    "limits>=5",\n'),
                    ('    "click>=8.5",\n', ""))  # fmt: skip
    result = merged("pyproject.toml", PYPROJECT, ours, theirs)
    assert result == edited(
        ours,
        ('"fastapi>=0.165", #', '"fastapi>=0.166", #'),
        ('    "uvicorn>=0.54",\n    "click>=8.5",\n', '    "uvicorn>=0.54",\n'),
        ('    "fastapi>=0.166"', '    "limits>=5",\n    "fastapi>=0.166"'),
    )


def test_lists_on_one_line_get_what_both_added() -> None:
    result = merged(
        "pyproject.toml",
        PYPROJECT,
        edited(PYPROJECT, ('["E", "F"]', '["E", "F", "N"]')),
        edited(PYPROJECT, ('["E", "F"]', '["E", "B", "F"]')),
    )
    assert result == edited(PYPROJECT, ('["E", "F"]', '["E", "B", "F", "N"]'))


def test_dependencies_that_both_sides_added_to_a_package_are_both_there() -> None:
    base = '{\n  "name": "shop",\n  "dependencies": {\n    "express": "^5.3.0"\n  }\n}\n'
    express = '"express": "^5.3.0"'
    ours, theirs = (base.replace(express, f'{express},\n    "{n}": "^1.0.0"') for n in "ab")
    merged = merge("package.json", base.encode(), ours.encode(), theirs.encode())
    assert merged is not None
    assert set(json.loads(merged)["dependencies"]) == {"express", "a", "b"}
    assert merge("package.json", base.encode(), ours.replace("  ", "\t").encode(), b"{}") is None


def test_settings_come_with_their_comments_into_an_order_of_the_users() -> None:
    ours = "# Mine\nLOG_LEVEL=DEBUG\nPORT=8000\n# What it listens on\nHOST=0.0.0.0\n"
    theirs = edited(SETTINGS, ("PORT=8000\n", "PORT=8080\n# Processes\nWORKERS=1\n"))
    assert merged(".env.example", SETTINGS, ours, theirs) == (
        "# Mine\nLOG_LEVEL=DEBUG\nPORT=8080\n# Processes\nWORKERS=1\n"
        "# What it listens on\nHOST=0.0.0.0\n"
    )


def test_compose_files_merge_by_service_where_their_order_differs() -> None:
    app = COMPOSE[COMPOSE.index("  app:") : COMPOSE.index("\n  postgres:")]
    ours = COMPOSE.replace(app + "\n", "").replace("  # Serv", f"{app}    # mine\n  # Serv")
    theirs = edited(COMPOSE, ("restart: unless-stopped", "restart: always\n    init: true"))
    result = merged("compose.yaml", COMPOSE, ours, theirs)
    assert result is not None
    assert result == edited(ours, ("restart: unless-stopped", "restart: always\n    init: true"))


@pytest.mark.parametrize(
    ("path", "base", "ours", "theirs"),
    [
        ("pyproject.toml", PYPROJECT, ("fastapi>=0.165", "fastapi>=0.170"),
         ("fastapi>=0.165", "fastapi>=0.166")),
        ("pyproject.toml", PYPROJECT, ('    "click>=8.5",\n', ""), ("click>=8.5", "click>=8.6")),
        ("pyproject.toml", PYPROJECT, ("strict = true", "strict = false"),
         ("strict = true", 'strict = "all"')),
        ("pyproject.toml", PYPROJECT, ("[tool.mypy]", "[tool.mypy"), ("true", "false")),
        (".env.example", SETTINGS, ("PORT=8000", "PORT=1"), ("PORT=8000", "PORT=2")),
        (".env.example", SETTINGS, ("PORT=8000", "PORT=1\nPORT=2"), ("PORT=8000", "PORT=3")),
        ("compose.yaml", COMPOSE, ('"-c", "fsync=on"', '"-c", "fsync=off"'),
         ('"-c", "fsync=on"', '"-c", "work_mem=8MB"')),
        (".github/workflows/ci.yml", WORKFLOW, ("- run: uv sync\n", "- run: make\n"),
         ("- run: uv sync\n", "- run: uv sync --locked\n")),
        ("README.md", "a\n", ("a", "a\nb"), ("a", "a\nc")),
    ],
)  # fmt: skip
def test_what_both_changed_differently_stays_a_conflict(
    path: str, base: str, ours: tuple[str, str], theirs: tuple[str, str]
) -> None:
    assert merged(path, base, edited(base, ours), edited(base, theirs)) is None


def test_a_comment_is_never_lost() -> None:
    ours = edited(PYPROJECT, ('test = "pytest"\n', 'test = "pytest" # mine\nmore = "x"\n'))
    theirs = edited(PYPROJECT, ('test = "pytest"\n', ""))
    assert merged("pyproject.toml", PYPROJECT, ours, theirs) is None


MODEL = """\
class Book(Record):
    title: Mapped[str]
"""


@pytest.mark.parametrize(
    ("mine", "new"),
    [
        ("    shelf: Mapped[str]\n", "    isbn: Mapped[str]\n"),
        ("\n    def shelf(self) -> str:\n        return ''\n", "    isbn: Mapped[str]\n"),
        ("\n\nclass Shelf(Record):\n    pass\n", "\n\nclass Review(Record):\n    pass\n"),
        ("\n\nadmin.register(Book)\n", "\n\nadmin.register(Review)\n"),
    ],
)
def test_statements_that_both_sides_of_a_python_file_added_at_one_place_are_kept(
    mine: str, new: str
) -> None:
    base, ours, theirs = MODEL, MODEL + mine, MODEL + new
    merged = merge("app/books/models.py", base.encode(), ours.encode(), theirs.encode())
    assert merged == (MODEL + new + mine).encode()


@pytest.mark.parametrize(
    ("mine", "new"),
    [
        ("    isbn: Mapped[int]\n", "    isbn: Mapped[str]\n"),
        ("    if DEBUG:\n        shelf = 1\n", "    isbn: Mapped[str]\n"),
        ("    shelf: Mapped[str]\n    )\n", "    isbn: Mapped[str]\n"),
    ],
)
def test_what_may_depend_on_each_other_in_a_python_file_stays_a_conflict(
    mine: str, new: str
) -> None:
    ours, theirs = (MODEL + mine).encode(), (MODEL + new).encode()
    assert merge("app/books/models.py", MODEL.encode(), ours, theirs) is None


def test_a_statement_added_beside_one_that_the_other_side_replaced_is_kept() -> None:
    ours = MODEL + "    shelf: Mapped[str]\n"
    theirs = MODEL.replace("title", "heading")
    merged = merge("app/books/models.py", MODEL.encode(), ours.encode(), theirs.encode())
    assert merged == ours.replace("title", "heading").encode()


def test_statements_that_both_sides_replaced_stay_a_conflict() -> None:
    base = MODEL + "    isbn: Mapped[str]\n"
    ours, theirs = base.replace("title", "heading"), base.replace("isbn", "code")
    assert merge("app/books/models.py", base.encode(), ours.encode(), theirs.encode()) is None
