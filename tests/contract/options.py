"""The suite's options.

A plugin that pyproject.toml names, not a part of conftest.py: pytest has to know them before it
reads its arguments, or it takes the project's folder for one with tests.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract", "the HTTP contract of generated projects")
    group.addoption("--project", help="generated project to serve (env CONTRACT_PROJECT)")
    group.addoption("--bin", help="its environment's programs (env CONTRACT_BIN; .venv/bin)")
    group.addoption("--database", choices=["sqlite", "postgres"], default="sqlite")
    group.addoption("--url", help="a server that runs already, with RATE_LIMITS=off")
    group.addoption("--mail-dir", help="where the server at --url leaves its mails")
    group.addoption("--admin-email", help="an admin of the server at --url")
    group.addoption("--admin-password")
    group.addoption(
        "--ownerless",
        action="append",
        default=[],
        metavar="PLURAL",
        help="a resource of the server at --url whose rows have no owner; may be repeated",
    )
    group.addoption("--contract-report", help="write the outcome of every sentence here, as JSON")
