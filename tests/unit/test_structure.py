"""What both sides extended comes together by its meaning, with every comment, or not at all."""

from __future__ import annotations

import pytest

from generator.merge.lines import Clash, as_ours, clean
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
    """Return the merged file, None where anything stays a conflict."""
    result = merge(path, base.encode(), ours.encode(), theirs.encode())
    return None if result is None else clean(result)


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


GROUPS = """\
[dependency-groups]
test = [
    "pytest>=9",
]
"""
CHECK = """\
services:
  app:
    healthcheck:
      test: ["CMD", "curl", "localhost"]
"""
REQUIREMENTS = """\
-r base.txt
Django==5.2
Flask_Login==0.6  # login
"""
PACKAGE = """\
{
  "scripts": {
    "build": "vite build"
  },
  "files": [
    "dist"
  ]
}
"""


@pytest.mark.parametrize(
    ("path", "base", "ours", "theirs", "expected"),
    [
        ("pyproject.toml", GROUPS, ("9\",\n", "9\",\n    \"hypothesis\",\n"),
         ("9\",\n", "9.1\",\n    \"coverage\",\n"), ["pytest>=9.1", "coverage", "hypothesis"]),
        ("dev-requirements.txt", REQUIREMENTS, ("0.6  # login\n", "0.6  # login\nstripe==8\n"),
         ("Flask_Login==0.6", "flask-login==0.7\nredis==5"),
         ["flask-login==0.7", "redis", "stripe"]),
        ("package.json", PACKAGE, ('"vite build"\n', '"vite build",\n    "ours": "x"\n'),
         ('"vite build"\n', '"vite build",\n    "test": "y"\n'), ['"build"', '"test"', '"ours"']),
        ("other.toml", "a = 1\nb = 2\n", ("b = 2\n", "b = 3\n"), ("a = 1", "a = 9"), ["9", "3"]),
    ],
)  # fmt: skip
def test_files_of_other_kinds_merge_by_what_they_say(
    path: str,
    base: str,
    ours: tuple[str, str],
    theirs: tuple[str, str],
    expected: list[str],
) -> None:
    result = merged(path, base, edited(base, ours), edited(base, theirs))
    assert result is not None
    places = [result.index(text) for text in expected]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("path", "base", "ours", "theirs"),
    [
        ("compose.yaml", CHECK, ('"localhost"', '"localhost/a"'), ('"localhost"', '"-f"')),
        ("requirements.txt", REQUIREMENTS, ("Django==5.2\n", ""), ("Django==5.2", "Django==6.0")),
        ("requirements.txt", REQUIREMENTS, ("==5.2\n", "==5.2 \\\n  --hash=sha256:aa\n"),
         ("==5.2", "==6.0")),
        ("package.json", PACKAGE, ('"dist"', '"build"'), ('"dist"', '"out"')),
        ("package-lock.json", PACKAGE, ('"vite build"\n', '"vite build",\n    "ours": "x"\n'),
         ('"vite build"\n', '"vite build",\n    "test": "y"\n')),
    ],
)  # fmt: skip
def test_what_is_not_independent_stays_a_conflict_in_them(
    path: str, base: str, ours: tuple[str, str], theirs: tuple[str, str]
) -> None:
    assert merged(path, base, edited(base, ours), edited(base, theirs)) is None


def test_only_the_value_that_both_changed_has_marks() -> None:
    ours = edited(PYPROJECT, ("fastapi>=0.165", "fastapi>=0.170"), ("strict = true\n", "own = 1\n"))
    theirs = edited(PYPROJECT, ("fastapi>=0.165", "fastapi>=0.166"), ('"F"]', '"F", "N"]'))
    pieces = merge("pyproject.toml", *(text.encode() for text in (PYPROJECT, ours, theirs)))
    assert pieces is not None
    assert [piece for piece in pieces if not isinstance(piece, str)] == [
        Clash(*(f'    "fastapi>=0.{version}",\n' for version in (165, 170, 166)))
    ]
    assert as_ours(pieces) == edited(ours, ('"F"]', '"F", "N"]'))


TEXT = "all:\n\tpython make.py\n\ttouch done\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("all:\n\tpython make.py\n\techo ours\n\ttouch done\n",
         "all:\n\tpython make.py data\n\ttouch done\n",
         "all:\n\tpython make.py data\n\techo ours\n\ttouch done\n"),
        ("all:\n\tpython make.py -v\n\ttouch done\n",
         "all:\n\techo theirs\n\tpython make.py\n\ttouch done\n",
         "all:\n\techo theirs\n\tpython make.py -v\n\ttouch done\n"),
        # Both may have had the same in mind.
        ("all:\n\tpython make.py\n\tpython make.py dat\n\ttouch done\n",
         "all:\n\tpython make.py data\n\ttouch done\n", None),
        # What is added would go on with another line.
        ("all:\n\tpython make.py\n\techo ours\n\ttouch done\n",
         "all:\n\tpython make.py \\\n\ttouch done\n", None),
        ("all:\n\tpython make.py\n\techo ours\n\ttouch done\n",
         "all:\n\tnode x\n\ttouch done\n", None),
        ("all:\n\tpython make.py\n\techo ours\n\ttouch done\n",
         "all:\n\tpython make.py\n\techo theirs\n\ttouch done\n", None),
    ],
    ids=["add, edit", "edit, add", "alike", "goes on", "another line", "both add"],
)  # fmt: skip
def test_lines_added_beside_one_that_the_other_side_edits_in_place_are_kept(
    ours: str, theirs: str, expected: str | None
) -> None:
    assert merged("Makefile", TEXT, ours, theirs) == expected


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
    assert merged("app/books/models.py", base, ours, theirs) == MODEL + new + mine


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
    assert merged("app/books/models.py", MODEL, MODEL + mine, MODEL + new) is None


def test_a_statement_added_beside_one_that_the_other_side_replaced_is_kept() -> None:
    ours = MODEL + "    shelf: Mapped[str]\n"
    theirs = MODEL.replace("title", "heading")
    result = merged("app/books/models.py", MODEL, ours, theirs)
    assert result == ours.replace("title", "heading")


def test_statements_that_both_sides_replaced_stay_a_conflict() -> None:
    base = MODEL + "    isbn: Mapped[str]\n"
    ours, theirs = base.replace("title", "heading"), base.replace("isbn", "code")
    assert merged("app/books/models.py", base, ours, theirs) is None


CODE = """\
import os

APPS = [
    "accounts",
    run(
        1,
    ),
]


def load(path: str):
    return path
"""


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "both"),
    [
        ("import os\n", "import os\nimport csv\n", "", "import csv\n"),
        ('"accounts",\n', '"accounts",\n    "ours",  # a comment\n',
         '"accounts",\n    "theirs",\n', '"accounts",\n    "theirs",\n    "ours",  # a comment\n'),
        ("path: str):\n", "path: str):\n    print(path)\n", "path: str) -> str:\n",
         "path: str) -> str:\n    print(path)\n"),
    ],
    ids=["an import beside one that went", "items of a list", "a body below a signature"],
)  # fmt: skip
def test_independent_changes_side_by_side_in_a_python_file_are_both_made(
    base: str, ours: str, theirs: str, both: str
) -> None:
    result = merged("app.py", CODE, edited(CODE, (base, ours)), edited(CODE, (base, theirs)))
    assert result == edited(CODE, (base, both))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("import os\n", "import os\nHOME = os.getcwd()\n"), ("import os\n", "")),
        (("        1,\n", "        1,\n        2,\n"),
         ("        1,\n", "        1,\n        3,\n")),
        (('"accounts",\n', '"accounts",\n    "both",\n    "ours",\n'),
         ('"accounts",\n', '"accounts",\n    "both",\n')),
        (("path: str):\n", "path: str):\n    print(path)\n"), ("path: str)", "name: str)")),
    ],
    ids=["a name that went", "arguments by place", "the same item", "a parameter that went"],
)  # fmt: skip
def test_dependent_changes_side_by_side_in_a_python_file_stay_a_conflict(
    ours: tuple[str, str], theirs: tuple[str, str]
) -> None:
    assert merged("app.py", CODE, edited(CODE, ours), edited(CODE, theirs)) is None
