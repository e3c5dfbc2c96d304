"""Public templates, projects of them, and what a team edits there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

COPIER, COOKIECUTTER = "copier", "cookiecutter"


@dataclass(frozen=True)
class Edit:
    """`lines` that a team writes into a file, after the first line with `anchor` or instead."""

    path: str
    anchor: str
    lines: str
    instead: bool = False


@dataclass(frozen=True)
class Case:
    """A template, the versions that a project of it goes through, and what its team changes."""

    repository: str
    engine: str
    versions: tuple[str, ...]
    answers: Mapping[str, str]
    edits: tuple[Edit, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)
    deleted: tuple[str, ...] = ()
    is_compared: bool = (
        True  # not where `scaffold new` takes the other engine, as the first it finds
    )


OWN = "\n## How we deploy\n\nOur team deploys from the main branch on Tuesdays.\n"

CASES = (
    Case(
        "cookiecutter/cookiecutter-django",
        COOKIECUTTER,
        ("2024.02.24", "2024.04.24", "2024.06.17", "2024.08.06", "2024.09.17"),
        {"project_name": "Shop", "use_celery": "y"},
        (
            Edit("README.md", "License: MIT", OWN),
            Edit("requirements/base.txt", "hiredis==", "stripe==8.2.0  # our payments"),
            Edit("requirements/base.txt", "Pillow==", "Pillow==10.2.1  # our pin", instead=True),
            Edit("config/settings/base.py", "TIME_ZONE =", 'TIME_ZONE = "Europe/Rome"', True),
            Edit("config/settings/base.py", '"allauth.account",', '    "shop.orders",'),
            Edit(
                "shop/templates/account/login.html", "<h1>", "  <p>Our customers log in here.</p>"
            ),
        ),
        {"requirements/local.txt": "requirements/dev.txt"},
        ("docs/howto.rst",),
    ),
    Case(
        "audreyfeldroy/cookiecutter-pypackage",
        COOKIECUTTER,
        ("v0.2.0", "v0.3.0", "v0.4.0", "v0.5.0"),
        {"project_name": "Shop"},
        (
            Edit("README.rst", "* TODO", "* Our shop sells tea."),
            Edit("pyproject.toml", '"typer"', '  , "httpx"  # ours'),
            Edit("pyproject.toml", '"coverage",', '    "hypothesis",  # ours'),
            Edit("src/shop/utils.py", "def do_something", '    print("our own step")'),
        ),
        {"src/shop/cli.py": "src/shop/main.py"},
        ("noxfile.py",),
    ),
    Case(
        "drivendataorg/cookiecutter-data-science",
        COOKIECUTTER,
        ("1caa67b", "bd1a0de", "12a6e8a", "b2e84ff", "v1"),
        {"project_name": "Shop"},
        (
            Edit("README.md", "A short description", OWN),
            Edit("Makefile", "src/data/make_dataset.py", "\tpython src/data/our_upload.py"),
            Edit("requirements.txt", "awscli", "pandas  # ours"),
            Edit("src/data/make_dataset.py", "import", "import pandas as pd  # ours"),
        ),
        {"test_environment.py": "check_environment.py"},
        ("tox.ini",),
    ),
    Case(
        "cookiecutter-flask/cookiecutter-flask",
        COOKIECUTTER,
        ("fb55418", "df69a96", "f2f355b", "59a4948", "53b1724"),
        {
            "project_name": "Shop",
            "app_name": "shop",
            "python_version": "3.11",
            "node_version": "20",
        },
        (
            Edit("README.md", "# Shop", OWN),
            Edit("requirements/prod.txt", "Flask-Migrate==", "stripe==8.2.0  # ours"),
            Edit("requirements/prod.txt", "psycopg2-binary", "psycopg2==2.9.9  # ours", True),
            Edit("shop/settings.py", "CACHE_TYPE", 'CACHE_TYPE = "redis"  # ours', True),
            Edit("shop/user/models.py", "active =", "    loyal = Column(db.Boolean())  # ours"),
        ),
        {"tests/test_forms.py": "tests/test_our_forms.py"},
        ("docker-compose.yml",),
    ),
    Case(
        "wemake-services/wemake-django-template",
        COOKIECUTTER,
        ("e54aca50", "8719ccee", "2f117740", "71db9c86", "6a826bf5"),
        {"project_name": "shop"},
        (
            Edit("README.md", "## Prerequisites", OWN),
            Edit("pyproject.toml", "bcrypt =", 'stripe = "^8.2"  # ours'),
            Edit("pyproject.toml", "gunicorn =", 'uvicorn = "^0.30"  # ours', True),
            Edit(
                "server/settings/components/common.py",
                "'server.apps.main',",
                "    'server.apps.orders',",
            ),
        ),
        {"docs/pages/template/faq.rst": "docs/pages/questions.rst"},
        ("docs/make.bat",),
    ),
    Case(
        "scientific-python/cookie",
        COOKIECUTTER,
        ("2024.04.23", "2024.08.19", "2025.01.22", "2025.05.02", "2025.11.21"),
        {"project_name": "shop", "org": "acme"},
        (
            Edit("README.md", "<!-- SPHINX-START -->", OWN),
            Edit("pyproject.toml", "dependencies = []", 'dependencies = ["numpy"]  # ours', True),
            Edit(
                "pyproject.toml",
                "Typing :: Typed",
                '  "Topic :: Scientific/Engineering :: Physics",',
            ),
            Edit(
                ".pre-commit-config.yaml", "- id: check-added-large-files", "      - id: our-hook"
            ),
        ),
        {"tests/test_package.py": "tests/test_shop.py"},
        (".github/matchers/pylint.json",),
        is_compared=False,
    ),
    Case(
        "scientific-python/cookie",
        COPIER,
        ("2024.04.23", "2024.08.19", "2025.01.22", "2025.05.02"),
        {
            "project_name": "shop",
            "org": "acme",
            "url": "https://github.com/acme/shop",
            "full_name": "Our Team",
            "email": "team@example.com",
            "project_short_description": "A shop.",
            "license": "BSD",
            "backend": "hatch",
            "vcs": "true",
        },
        (
            Edit("README.md", "<!-- SPHINX-START -->", OWN),
            Edit("pyproject.toml", "dependencies = []", 'dependencies = ["numpy"]  # ours', True),
            Edit(
                "pyproject.toml",
                "Typing :: Typed",
                '  "Topic :: Scientific/Engineering :: Physics",',
            ),
            Edit(
                ".pre-commit-config.yaml", "- id: check-added-large-files", "      - id: our-hook"
            ),
        ),
        {"tests/test_package.py": "tests/test_shop.py"},
        (".github/matchers/pylint.json",),
    ),
    Case(
        "pawamoy/copier-uv",
        COPIER,
        ("1.5.0", "1.7.0", "1.8.9", "1.10.0", "1.13.0"),
        {
            "project_name": "shop",
            "project_description": "A shop.",
            "repository_namespace": "acme",
            "repository_name": "shop",
        },
        (
            Edit("README.md", "## Installation", OWN),
            Edit("pyproject.toml", "dependencies = []", 'dependencies = ["httpx"]  # ours', True),
            Edit("pyproject.toml", '"ruff>=', '    "ruff>=0.5",  # ours', True),
            Edit("mkdocs.yml", "- Credits: credits.md", "  - Prices: prices.md"),
            Edit("src/shop/cli.py", "print(opts)", '    print("our shop is open")'),
        ),
        {"scripts/gen_credits.py": "scripts/our_credits.py"},
        ("docs/code_of_conduct.md",),
    ),
    Case(
        "serious-scaffold/ss-python",
        COPIER,
        ("v0.0.43", "v0.0.50", "v0.0.54", "v0.0.60", "v0.0.67"),
        {"project_name": "Shop"},
        (
            Edit("README.md", "# Shop", OWN),
            Edit("pyproject.toml", '"pydantic-settings",', '  "httpx",'),
            Edit("pyproject.toml", "fail_under = 100", "fail_under = 90  # ours", True),
            Edit(
                "Makefile",
                "# Install the package in editable mode.",
                "# Ours: run `make dev` first.",
            ),
            Edit("src/shop/settings.py", "logging_level", "    our_currency: str = 'EUR'"),
        ),
        {"docs/dev/release.md": "docs/releasing.md"},
        (".devcontainer/Dockerfile",),
    ),
)
