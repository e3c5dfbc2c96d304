"""How many background jobs a second one worker drains, in generated projects with jobs=queue.

    python -m benchmarks.jobs --bin ENVIRONMENT/bin --database postgresql://... PROJECT

Each job reads nothing and does nothing, so that the figure is what the queue itself costs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from pathlib import Path

COUNT = 10_000
MEASURE = """
from time import perf_counter
start = perf_counter()
{run}
print(round({count} / (perf_counter() - start)), "jobs a second")
"""
FASTAPI = """
import asyncio
import app.api
from sqlalchemy.ext.asyncio import AsyncSession
from app.core.config import get_settings
from app.core.database import create_engine, open_session
from app.core.jobs import job
from app.core.logging import configure_logging
from app.core.worker import work

@job()
async def nothing(db: AsyncSession, number: int) -> None:
    pass

settings = get_settings()
configure_logging(settings)

async def fill():
    engine = create_engine(settings)
    async with open_session(engine) as db:
        for number in range({count}):
            nothing.enqueue(db, number)
        await db.commit()
    await engine.dispose()

async def drain():
    engine = create_engine(settings)
    await work(engine, [nothing], settings, asyncio.Event(), batch=True)
    await engine.dispose()

asyncio.run(fill())
"""
FLASK = """
from threading import Event
from app import create_app
from app.core.config import get_settings
from app.core.database import db
from app.core.jobs import job
from app.core.worker import work

@job()
def nothing(number: int) -> None:
    pass

app = create_app()
with app.app_context():
    for number in range({count}):
        nothing.enqueue(number)
    db.session.commit()
"""
DJANGO = """
import os
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from threading import Event
from django.db import transaction
from django_tasks_db.models import DBTaskResult, get_date_max
from apps.core.worker import work
rows = [
    DBTaskResult(
        task_path="nothing.nothing", run_after=get_date_max(), backend_name="default",
        args_kwargs={{"args": [number], "kwargs": {{}}}},
    )
    for number in range({count})
]
DBTaskResult.objects.bulk_create(rows, batch_size=1000)
"""
RUN = {
    "app/main.py": (FASTAPI, "asyncio.run(drain())"),
    "gunicorn.conf.py": (FLASK, "work(app, [nothing], get_settings(), Event(), batch=True)"),
    "manage.py": (DJANGO, "work(Event(), batch=True)"),
}
# The module of Django's task; a task is found by its path.
NOTHING = """
try:
    from django.tasks import task
except ImportError:
    from django_tasks import task

@task()
def nothing(number):
    pass
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("--bin", type=Path, required=True, help="programs of its environment")
    parser.add_argument("--database", help="an empty database; by default a SQLite file")
    given = parser.parse_args()
    given.bin = given.bin.absolute()
    name = next(name for name in reversed(RUN) if (given.project / name).exists())
    fill, run = RUN[name]
    with tempfile.TemporaryDirectory(prefix="jobs-") as folder:
        (Path(folder) / "nothing.py").write_text(NOTHING, encoding="utf-8")
        env = os.environ | {
            "DATABASE_URL": given.database or f"sqlite:///{folder}/jobs.db",
            "SECRET_KEY": "a-key-of-the-benchmark-of-32-bytes-or-more",
            "LOG_LEVEL": "WARNING",
            "VIRTUAL_ENV": str(given.bin.parent),
            "PATH": f"{given.bin}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": f"{given.project}{os.pathsep}{folder}",
        }
        call = {"cwd": given.project, "env": env, "check": True}
        subprocess.run([given.bin / "poe", "--quiet", "migrate"], **call)
        script = (fill + MEASURE).format(count=COUNT, run=run)
        subprocess.run([given.bin / "python", "-c", script], **call)


if __name__ == "__main__":
    main()
