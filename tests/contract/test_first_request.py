"""The first request that the document shows, pasted into a shell."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

from .openapi import Document
from .programs import skip_without
from .server import SECRET_KEY, Project
from .site import Site

pytestmark = [pytest.mark.auth, pytest.mark.contract("document.first-request", "commands.seed")]


def test_the_introduction_shows_a_request_that_works_when_pasted(
    site: Site, project: Project, document: Document, own_database: str
) -> None:
    if shutil.which("curl") is None:
        skip_without("curl")
    [lines] = re.findall(r"```\n(.*?)```", document.content["info"]["description"], re.DOTALL)
    server = site.server("first-request", own_database, {"SECRET_KEY": SECRET_KEY})
    server.task = "dev"
    with server:
        assert "localhost:8000/" in lines
        pasted = lines.replace("localhost:8000/", f"localhost:{server.port}/")
        env = project.environment(server.settings)
        # uv takes the environment that is there, and neither locks nor installs anything.
        env |= {"UV_NO_SYNC": "1", "UV_PROJECT_ENVIRONMENT": env.pop("VIRTUAL_ENV")}
        env["PATH"] += os.pathsep + str(Path(find_uv_bin()).parent)
        shell = subprocess.run(
            ["bash", "-c", pasted],
            cwd=server.project.directory,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert shell.returncode == 0, shell.stderr
    said, _, answer = shell.stdout.partition("\n")
    assert said == "Log in as demo@example.com with the password demo-passphrase."
    assert json.loads(answer)["total"] > 0
