"""The project's commands, run side by side while the tests of the main server run."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from subprocess import CompletedProcess

from .people import new_email
from .server import Project, Settings

PASSWORD = "one-more-admin-passphrase"
SECOND, WEAK, SILENT = new_email("Second-Admin"), new_email("weak"), new_email("silent")

Result = Future[list[CompletedProcess[str]]]


def begin_commands(
    pool: Executor,
    project: Project,
    *,
    settings: Settings,
    seeded: Settings,
    empty: Settings,
    auth: bool,
) -> dict[str, Result]:
    """Run every command with the settings of the main server, but some on other databases."""

    def run(
        *commands: tuple[str, ...], on: Settings = settings, **more: str
    ) -> list[CompletedProcess[str]]:
        used = {**on, **more}
        return [project.poe(*command, settings=used, check=False) for command in commands]

    results = {
        "seed": pool.submit(run, ("seed",), ("seed",), on=seeded),
        "migrate": pool.submit(run, ("migrate",)),
        "first migration": pool.submit(run, ("migrate",), on=empty),
        "routes": pool.submit(run, ("routes",)),
        "openapi": pool.submit(run, ("openapi",)),
    }
    if auth:
        twice = [("create-admin", SECOND), ("create-admin", SECOND.upper())]
        results |= {
            "admin": pool.submit(run, *twice, ADMIN_PASSWORD=PASSWORD),
            "weak": pool.submit(run, ("create-admin", WEAK), ADMIN_PASSWORD="password123"),
            "silent": pool.submit(run, ("create-admin", SILENT)),
        }
    return results
