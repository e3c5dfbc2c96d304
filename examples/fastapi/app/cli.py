"""The commands behind `poe dev`, `poe serve` and the other tasks."""

import asyncio
import json
import secrets
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
import sqlalchemy as sa
import uvicorn
from alembic import command
from alembic.config import Config
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import DBAPIError, OperationalError

from app.auth.schemas import EmailAddress, NewPassword
from app.core.config import Settings, get_settings
from app.core.database import connect
from app.core.errors import error_code, is_connection_failure
from app.core.logging import configure_logging
from app.main import create_app
from app.seed import seed as seed_database
from app.users import service

APP = "app.main:create_app"


class Commands(click.Group):
    """Explains in one line that the database is away, or what is wrong with the migrations."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CommandError as error:
            raise click.ClickException(str(error)) from error
        except DBAPIError as error:
            reason = str(error.orig).splitlines()[0]
            if is_connection_failure(error):
                raise click.ClickException(f"{reason} (Is DATABASE_URL right?)") from error
            if error_code(error) == "42P01" or reason.startswith("no such table"):
                raise click.ClickException(f"{reason} (Did `poe migrate` run?)") from error
            raise


@click.group(cls=Commands)
def cli() -> None:
    pass


def settings_or_exit() -> Settings:
    try:
        return get_settings()
    except ValidationError as error:
        exit_for(error)


def exit_for(error: ValidationError) -> NoReturn:
    """Name the settings that are wrong, one in a line."""
    for problem in error.errors():
        name = "_".join(str(step) for step in problem["loc"]).upper()
        reason = problem["msg"].removeprefix("Value error, ")
        click.echo(f"{name}: {reason} (see .env.example)".removeprefix(": "), err=True)
    sys.exit(1)


def alembic_config() -> Config:
    return Config(toml_file="pyproject.toml")


@cli.command()
def dev() -> None:
    """Create what is missing, migrate, and serve with reload."""
    if not Path(".env").exists():
        create_env_file()
    settings = settings_or_exit()
    configure_logging(settings)
    command.upgrade(alembic_config(), "head")
    uvicorn.run(
        APP,
        factory=True,
        host=settings.host,
        port=settings.port,
        reload=True,
        reload_dirs=["app"],
        root_path=settings.root_path,
        forwarded_allow_ips=list(settings.forwarded_allow_ips),
        log_config=None,
        access_log=False,
    )


def create_env_file() -> None:
    """Copy .env.example to .env, with a new secret key."""
    lines = Path(".env.example").read_text(encoding="utf-8").splitlines(keepends=True)
    key = f"SECRET_KEY={secrets.token_hex(32)}\n"
    lines = [key if line.startswith("SECRET_KEY=") else line for line in lines]
    env = Path(".env")
    env.touch(mode=0o600)
    env.write_text("".join(lines), encoding="utf-8")
    click.echo("Created .env from .env.example.")


@cli.command()
def serve() -> None:
    """Serve in production: listen on HOST and PORT with WORKERS processes."""
    settings = settings_or_exit()
    configure_logging(settings)
    if settings.production:
        asyncio.run(check_migrations(settings))
    uvicorn.run(
        APP,
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        root_path=settings.root_path,
        forwarded_allow_ips=list(settings.forwarded_allow_ips),
        log_config=None,
        access_log=False,
        server_header=False,
        # How long a worker may take to start. The parent process reacts to no signal meanwhile.
        timeout_worker_healthcheck=15,
        # Longer than proxies keep theirs: they must not send on a connection that is closing.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=30,
    )


async def check_migrations(settings: Settings) -> None:
    try:
        async with connect(settings) as db:
            current = await (await db.connection()).run_sync(read_heads)
    except OperationalError:
        return  # the database is away; /health/ready says when it is back
    script = ScriptDirectory.from_config(alembic_config())
    known = {revision.revision for revision in script.walk_revisions()}
    check_heads(current, set(script.get_heads()), known)


def read_heads(connection: sa.Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


def check_heads(current: set[str], expected: set[str], known: set[str]) -> None:
    """Refuse a database that lacks migrations. A newer one is fine: the code is rolled back."""
    if current - known:
        newer = ", ".join(sorted(current - known))
        click.echo(f"Warning: the database is newer than this code, at {newer}.", err=True)
    elif current != expected:
        at = ", ".join(sorted(current)) or "no migration"
        raise click.ClickException(
            f"The database is at {at}, and this code needs {', '.join(sorted(expected))}: "
            "run `poe migrate`."
        )


@cli.command()
def migrate() -> None:
    """Bring the database up to date."""
    configure_logging(settings_or_exit())
    command.upgrade(alembic_config(), "head")


@cli.command()
@click.option("-m", "--message", required=True, help="What changes.")
@click.option("--empty", is_flag=True, help="Write a migration to fill in by hand.")
def makemigrations(message: str, empty: bool) -> None:
    """Write a migration from the changes of the models."""
    settings_or_exit()
    if empty:
        command.revision(alembic_config(), message)
    elif not command.revision(
        alembic_config(), message, autogenerate=True, process_revision_directives=leave_out_empty
    ):
        click.echo("The models have no changes.")


def leave_out_empty(_context: Any, _revision: Any, scripts: list[MigrationScript]) -> None:
    if scripts[0].upgrade_ops and scripts[0].upgrade_ops.is_empty():
        scripts.clear()


@cli.command()
@click.argument("email")
@click.password_option(envvar="ADMIN_PASSWORD")
def create_admin(email: str, password: str) -> None:
    """Create an administrator, or promote an existing user."""
    settings = settings_or_exit()
    try:
        email = EmailAddress(email=email).email
        TypeAdapter(NewPassword).validate_python(password)
        is_new = asyncio.run(save_admin(settings, email, password))
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise click.ClickException(reason) from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    kept = "" if is_new else " Its password is unchanged."
    click.echo(f"The account {email} is now an administrator.{kept}")


async def save_admin(settings: Settings, email: str, password: str) -> bool:
    async with connect(settings) as db:
        return await service.save_admin(db, email, password)


@cli.command()
def seed() -> None:
    """Fill the database with demonstration data."""
    click.echo(asyncio.run(seed_database(settings_or_exit())))


@cli.command()
def routes() -> None:
    """List every route with its methods."""
    settings_or_exit()
    for path, operations in sorted(create_app().openapi()["paths"].items()):
        methods = ", ".join(method.upper() for method in operations)
        click.echo(f"{methods:<20} {path}")


@cli.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    settings_or_exit()
    click.echo(json.dumps(create_app().openapi(), indent=2))


if __name__ == "__main__":
    cli()
