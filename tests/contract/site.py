"""The servers of one run of the suite, each started when it is first asked for."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from .client import Client
from .commands import Result, begin_commands
from .databases import Databases, open_databases
from .mail import Mailbox
from .openapi import Document
from .otlp import Receiver, receiving
from .people import Host
from .record import Record
from .server import Project, Server, default_settings, free_port

ADMIN = ("admin@example.com", "first-admin-passphrase")
ORIGIN = "https://app.example.com"
PUBLIC_URL = "https://shop.example.com/app"

HOSTS: dict[str, dict[str, str]] = {
    "main": {"WORKERS": "2", "CORS_ORIGINS": ORIGIN, "PUBLIC_URL": PUBLIC_URL},
    "limited": {"RATE_LIMITS": "on", "DOCS": "off"},
    "production": {
        "ENVIRONMENT": "production",
        "PUBLIC_URL": PUBLIC_URL,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SECRET_KEY": "x7Qf2kLp9Zr4Tn6Wb8Vc3Yd5Hg1Jm0Sa",  # 32 bytes: just enough.
        "WORKERS": "2",
        "EMBEDDED_WORKER": "on",  # for projects with background jobs
    },
    "shortlived": {
        "ACCESS_TOKEN_SECONDS": "1",
        "REFRESH_TOKEN_SECONDS": "1",
        "EMAIL_TOKEN_SECONDS": "1",
        "RESET_TOKEN_SECONDS": "1",
        "MAX_BODY_BYTES": "2000",
        "CORS_ORIGINS": "*",
        "WORKERS": "2",
    },
    "proxied": {"MAX_BODY_BYTES": "10000000", "WORKERS": "2"},
}
"""The servers, by the settings in which they differ. Each has a database of its own."""
PROXY, PROXIES, PREFIX = "127.0.0.2", "127.8.0.0/16", "/shop"
DOTENV = {"proxied": {"FORWARDED_ALLOW_IPS": f"{PROXY},{PROXIES}", "ROOT_PATH": PREFIX}}
"""What is written into the .env file of a copy of the project, and not into the environment."""


@dataclass(frozen=True)
class External:
    """A server that runs already."""

    url: str
    mail_dir: Path
    admin: tuple[str, str]
    ownerless: frozenset[str] = frozenset()


class Site:
    def __init__(self, project: Project | None, database: str, external: External | None) -> None:
        self.project, self.external, self.database = project, external, database
        self.record = Record()
        self.stack = contextlib.ExitStack()
        self.directory = Path(
            self.stack.enter_context(tempfile.TemporaryDirectory(prefix="contract-"))
        )
        self.pool = ThreadPoolExecutor(4)
        self._hosts: dict[str, Future[Host]] = {}

    @cached_property
    def databases(self) -> Databases:
        databases = open_databases(self.database, self.directory)
        self.stack.callback(databases.close)
        return databases

    @cached_property
    def prepared(self) -> str:
        """A migrated database with an admin, to be copied and never served."""
        assert self.project is not None
        url = self.databases.fresh()
        settings = default_settings(url, self.directory)
        self.project.migrate(settings)
        if self.has_create_admin:
            self.project.create_admin(*ADMIN, settings=settings)
        return url

    @cached_property
    def has_create_admin(self) -> bool:
        assert self.project is not None
        listing = self.project.poe(settings=default_settings("", self.directory), check=False)
        return "create-admin" in listing.stdout + listing.stderr

    @cached_property
    def document(self) -> Document:
        answer = self.host("main").client.root.get("/openapi.json")
        assert answer.status_code == 200, f"/openapi.json: {answer.status_code} {answer.text}"
        return Document(answer.json(), self.ownerless, self.targets)

    @property
    def ownerless(self) -> frozenset[str]:
        """The resources whose rows have no owner, as the project's answers or --ownerless say."""
        if self.external:
            return self.external.ownerless
        found = (r for r in self.answers.get("resources", []) if r.get("owner") == "none")
        return frozenset(f"/{resource['plural']}" for resource in found)

    @property
    def targets(self) -> dict[tuple[str, str], str]:
        """What the references of each resource are to, as the project's answers say."""
        resources = [one for one in self.answers.get("resources", []) if "fields" in one]
        paths = {one["name"]: f"/{one['plural']}" for one in resources}
        paths |= {"user": "/users", "file": "/files"}
        return {
            (paths[one["name"]], field.get("singular", field["name"])): paths[field["target"]]
            for one in resources
            for field in one["fields"]
            if "target" in field
        }

    @property
    def has_jobs(self) -> bool:
        return self._has_setting("EMBEDDED_WORKER")

    @property
    def has_telemetry(self) -> bool:
        return self._has_setting("METRICS_PORT")

    @property
    def has_storage(self) -> bool:
        return self._has_setting("STORAGE_URL")

    def _has_setting(self, name: str) -> bool:
        """Tell whether the project explains a setting; its answers may not be recorded."""
        file = self.project.directory / ".env.example" if self.project else None
        return file is not None and name in file.read_text("utf-8")

    @cached_property
    def answers(self) -> dict[str, Any]:
        """The answers that the project was made with, as far as it has them."""
        file = self.project.directory / ".copier-answers.yml" if self.project else None
        return yaml.safe_load(file.read_text("utf-8")) if file and file.is_file() else {}

    @cached_property
    def commands(self) -> dict[str, Result]:
        """The results of the project's commands, begun when they are first asked for."""
        assert self.project is not None
        main = self.host("main").server
        assert main is not None
        database = self.databases.copy(self.prepared)
        seeded = default_settings(database, self.directory)
        empty = default_settings(self.databases.fresh(), self.directory)
        auth = self.document.has_auth
        return begin_commands(
            self.pool, self.project, settings=main.settings, seeded=seeded, empty=empty, auth=auth
        )

    def server(
        self,
        name: str,
        database_url: str,
        dotenv: Mapping[str, str] | None = None,
        /,
        **settings: str | None,
    ) -> Server:
        """A server that is not running yet; every one gets its own folder.

        A setting that is None is left out. With `dotenv` it runs from a copy of the project.
        """
        assert self.project is not None
        directory = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.directory))
        (directory / "mail").mkdir()
        defaults = default_settings(database_url, directory / "mail")
        if self.has_storage:
            defaults["STORAGE_URL"] = f"file://{directory}/storage"
        whole = {
            name: value for name, value in {**defaults, **settings}.items() if value is not None
        }
        project = self.project.copy(directory / "shop", dotenv) if dotenv else self.project
        return Server(project, whole, directory / "server.log")

    def as_host(self, server: Server) -> Host:
        mail_dir = Path(server.settings["MAIL_URL"].removeprefix("file://"))
        return Host(Client(server.url, self.record.watch), Mailbox(mail_dir), ADMIN, server)

    def begin(self, name: str) -> None:
        """Start one of the hosts in the background, so that it is there when it is needed."""
        if name not in self._hosts:
            database = self.databases.copy(self.prepared)
            self._hosts[name] = self.pool.submit(self._start, name, database)

    def host(self, name: str) -> Host:
        if self.external:
            assert name == "main", "only one server was given"
            client = Client(self.external.url, self.record.watch)
            return Host(client, Mailbox(self.external.mail_dir), self.external.admin)
        self.begin(name)
        return self._hosts[name].result()

    @cached_property
    def receiver(self) -> Receiver:
        """What the main server sends its telemetry to."""
        return self.stack.enter_context(receiving())

    @cached_property
    def metrics_port(self) -> int:
        """The first of the two ports on which the main server has its metrics."""
        return free_port()

    @property
    def telemetry(self) -> dict[str, str]:
        """Settings by which a server soon sends what its callers have sampled, and nothing else."""
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.receiver.url,
            "OTEL_TRACES_SAMPLER_ARG": "0",
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            "OTEL_BLRP_SCHEDULE_DELAY": "100",
            "OTEL_METRIC_EXPORT_INTERVAL": "1000",
            "METRICS_PORT": str(self.metrics_port),
        }

    def _start(self, name: str, database: str) -> Host:
        more = self.telemetry if name == "main" and self.has_telemetry else {}
        server = self.server(name, database, DOTENV.get(name), **HOSTS[name], **more)
        self.stack.callback(server.stop)
        server.launch()
        server.wait_until_live()
        return self.as_host(server)

    @property
    def client_url(self) -> str:
        return self.host("main").client.url

    def facts(self) -> dict[str, Any]:
        """What the report says about this run."""
        named = self.project.directory.name if self.project else self.client_url
        return {
            "project": named,
            "database": self.database,
            "auth": self.document.has_auth,
            "resources": self.document.resources,
        }

    def close(self) -> None:
        self.pool.shutdown(wait=True)
        servers = [
            host.result().server for host in self._hosts.values() if host.exception() is None
        ]
        with ThreadPoolExecutor(max(len(servers), 1)) as pool:
            list(pool.map(lambda server: server and server.stop(), servers))
        self.stack.close()
