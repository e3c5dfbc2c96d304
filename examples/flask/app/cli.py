"""The commands behind `poe dev`, `poe serve` and the other tasks, beside those of Flask."""

import os
import secrets
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from flask.cli import FlaskGroup
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.serving import WSGIRequestHandler, is_running_from_reloader, run_simple

from app import create_app
from app.auth.schemas import EmailAddress, NewPassword
from app.core.config import Settings, get_settings
from app.core.database import db
from app.core.errors import error_code, is_connection_failure
from app.core.migrations import alembic
from app.seed import seed as seed_database
from app.users import service


class Commands(FlaskGroup):
    """Explains in one line what is wrong with the settings, the migrations or the connection."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, or without settings those of this file."""
        try:
            get_settings()
        except ValidationError:
            return click.Group.list_commands(self, ctx)
        return super().list_commands(ctx)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ValidationError as error:
            if error.title != Settings.__name__:
                raise
            exit_for(error)
        except CommandError as error:
            raise click.ClickException(str(error)) from error
        except DBAPIError as error:
            reason = str(error.orig).splitlines()[0]
            if is_connection_failure(error):
                raise click.ClickException(f"{reason} (Is DATABASE_URL right?)") from error
            if error_code(error) == "42P01" or reason.startswith("no such table"):
                raise click.ClickException(f"{reason} (Did `poe migrate` run?)") from error
            raise


@click.group(cls=Commands, create_app=create_app, load_dotenv=False)
def cli() -> None:
    pass


def exit_for(error: ValidationError) -> NoReturn:
    """Name the settings that are wrong, one in a line."""
    for problem in error.errors():
        name = "_".join(str(step) for step in problem["loc"]).upper()
        reason = problem["msg"].removeprefix("Value error, ")
        click.echo(f"{name}: {reason} (see .env.example)".removeprefix(": "), err=True)
    sys.exit(1)


@cli.command(with_appcontext=False)
def dev() -> None:
    """Create what is missing, migrate, and serve with reload."""
    if not Path(".env").exists():
        create_env_file()
    app, settings = create_app(), get_settings()
    if settings.production:
        raise click.ClickException("ENVIRONMENT: `poe dev` is for development; use `poe serve`.")
    app.debug = True
    if not is_running_from_reloader():
        with app.app_context():
            alembic.upgrade()
    run_simple(
        settings.host.strip("[]"),
        settings.port,
        app,
        use_reloader=True,
        use_debugger=True,
        threaded=True,
        request_handler=QuietHandler,
    )


class QuietHandler(WSGIRequestHandler):
    """Does not log requests, since the application does so itself."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def create_env_file() -> None:
    """Copy .env.example to .env, with a new secret key."""
    lines = Path(".env.example").read_text(encoding="utf-8").splitlines(keepends=True)
    key = f"SECRET_KEY={secrets.token_hex(32)}\n"
    lines = [key if line.startswith("SECRET_KEY=") else line for line in lines]
    env = Path(".env")
    env.touch(mode=0o600)
    env.write_text("".join(lines), encoding="utf-8")
    click.echo("Created .env from .env.example.")


@cli.command(with_appcontext=False)
def serve() -> None:
    """Serve in production: run gunicorn, as gunicorn.conf.py sets it up."""
    app, settings = create_app(), get_settings()
    if settings.production:
        if app.debug:
            raise click.ClickException("FLASK_DEBUG: must be off in production")
        with app.app_context():
            check_migrations()
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn"])  # noqa: S606


def check_migrations() -> None:
    try:
        with db.engine.connect() as connection:
            current = set(MigrationContext.configure(connection).get_current_heads())
    except OperationalError:
        return  # the database is away; /health/ready says when it is back
    script = alembic.script_directory
    known = {revision.revision for revision in script.walk_revisions()}
    check_heads(current, set(script.get_heads()), known)


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
@click.option("-m", "--message", required=True, help="What changes.")
@click.option("--empty", is_flag=True, help="Write a migration to fill in by hand.")
def makemigrations(message: str, empty: bool) -> None:
    """Write a migration from the changes of the models."""
    if empty or alembic.needs_revision():
        alembic.revision(message, empty=empty)
    else:
        click.echo("The models have no changes.")


@cli.command()
@click.argument("email")
@click.password_option(envvar="ADMIN_PASSWORD")
def create_admin(email: str, password: str) -> None:
    """Create an administrator, or promote an existing user."""
    try:
        email = EmailAddress(email=email).email
        TypeAdapter(NewPassword).validate_python(password)
        is_new = service.save_admin(email, password)
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise click.ClickException(reason) from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    kept = "" if is_new else " Its password is unchanged."
    click.echo(f"The account {email} is now an administrator.{kept}")


@cli.command()
def seed() -> None:
    """Fill the database with demonstration data."""
    click.echo(seed_database())


if __name__ == "__main__":
    cli()
