"""docs/api.png: the page /docs of a new project, as Chromium shows it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .projects import NAME, ROOT
from .users import server, user

PICTURE = ROOT / "docs" / "api.png"
NEW = ["scaffold", "new", NAME, "--framework", "fastapi", "--install", "--yes"]
BROWSER = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
BROWSER += ["--window-size=1000,900", "--virtual-time-budget=10000"]


def take(picture: Path = PICTURE) -> None:
    """Make the picture anew. It needs Chromium, and the packages of a project."""
    with user() as (folder, env):
        subprocess.run(NEW, cwd=folder, env=env, check=True, capture_output=True)
        with server("uv run poe dev", folder / NAME, env):
            url = f"http://localhost:{env['PORT']}/docs"
            command = [*BROWSER, f"--screenshot={picture}", url]
            subprocess.run(command, env=env, check=True, capture_output=True)
