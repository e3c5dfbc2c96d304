"""Each trouble of a project is told in one line, with its cure."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lifecycle.conftest import Shop


def findings(shop: Shop) -> dict[str, str]:
    return {finding["what"]: finding["cure"] for finding in shop.json("doctor")["findings"]}


@pytest.fixture
def healthy(shop: Shop) -> Shop:
    shop.env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{shop.env['PATH']}"  # with uv
    shop.ok("update")
    shop.replace(".env", "HOST=127.0.0.1\n", "HOST=127.0.0.1\nCOLOUR=green\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        shop.replace(".env", "PORT=8000", f"PORT={probe.getsockname()[1]}")
    return shop


def test_a_healthy_project_has_nothing_to_cure(healthy: Shop) -> None:
    before = healthy.snapshot()
    assert healthy("doctor").returncode == 0
    assert set(findings(healthy).values()) == {""}
    assert healthy.snapshot() == before


@pytest.mark.parametrize(
    ("harm", "what", "cure"),
    [
        (lambda shop: (shop.folder / ".env").unlink(), ".env is missing.", "poe dev"),
        (lambda shop: shop.replace(".env", "COLOUR=green\n", ""), "not have COLOUR.", "Copy"),
        (lambda shop: shop.replace(".env", "COLOUR", "COLOR"), "has COLOR, which", "Take them"),
        (lambda shop: shop.replace(".env", "SECRET_KEY=", "SECRET_KEY=short#\nX="),
         "SECRET_KEY in .env can be guessed.", "openssl"),
        (lambda shop: shop.git("add", "--force", ".env"), ".env is in git.", "git rm"),
    ],
)  # fmt: skip
def test_a_trouble_has_a_cure(
    healthy: Shop, harm: Callable[[Shop], object], what: str, cure: str
) -> None:
    harm(healthy)
    assert healthy("doctor").returncode == 1
    told = [text for finding, text in findings(healthy).items() if what in finding]
    assert [cure in text for text in told] == [True]


def test_a_port_that_is_taken_and_a_template_that_is_behind(shop: Shop) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        shop.replace(".env", "PORT=8000", f"PORT={port}")
        told = findings(shop)
    assert "PORT in .env" in told[f"Port {port} of 127.0.0.1 is taken."]
    assert told["The template is at v1.0.0; there is v2.0.0."] == "scaffold update"


def test_settings_that_are_no_utf_8_are_read_all_the_same(healthy: Shop) -> None:
    with (healthy.folder / ".env").open("ab") as file:
        file.write(b"# caf\xe9\n")
    assert set(findings(healthy).values()) == {""}
