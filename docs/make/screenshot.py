"""docs/api.png: the page /docs of a new project, as Chromium shows it."""

from __future__ import annotations

import subprocess

from .projects import NAME, ROOT
from .users import server, user

NEW = ["scaffold", "new", NAME, "--framework", "fastapi", "--install", "--yes"]
BROWSER = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
BROWSER += ["--window-size=1000,900", "--virtual-time-budget=10000"]


def take() -> None:
    """Make the picture anew."""
    with user() as (folder, env):
        subprocess.run(NEW, cwd=folder, env=env, check=True, capture_output=True)
        with server("uv run poe dev", folder / NAME, env):
            url = f"http://localhost:{env['PORT']}/docs"
            picture = f"--screenshot={ROOT / 'docs' / 'api.png'}"
            subprocess.run([*BROWSER, picture, url], env=env, check=True, capture_output=True)
