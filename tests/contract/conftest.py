"""How the suite is pointed at a project, and what its tests are given."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .client import Client
from .commands import Result
from .databases import NoDatabaseError
from .mail import Mailbox
from .openapi import Document
from .people import Host, Person
from .record import Record
from .report import Report
from .resource import Resource
from .server import CommandError, Project
from .site import HOSTS, External, Site

HERE = Path(__file__).parent
SITE = pytest.StashKey[Site]()
REPORT = pytest.StashKey[Report]()
NOT_RUN = pytest.StashKey[str]()
MORE_SERVERS = {*HOSTS, "own_database", "queue", "project", "relay", "results"} - {"main"}
NEEDS_PROJECT = "needs servers of its own: run with --project instead of --url"
LATER = ("at_the_end", "ends_servers", "more_servers")

MARKERS = {
    "contract(name, ...)": "the sentences of docs/contract.md that the test holds",
    "auth": "only for projects with authentication",
    "jobs": "only for projects with background jobs",
    "telemetry": "only for projects with observability",
    "storage": "only for projects with storage",
    "items": "only for projects with the default resource",
    "at_the_end": "looks back on the whole run",
    "ends_servers": "leaves servers ended behind that others use",
    "more_servers": "starts more than the main server; set by itself, for -m 'not more_servers'",
}


def pytest_configure(config: pytest.Config) -> None:
    for marker, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{marker}: {meaning}")
    file = config.getoption("contract_report", None)
    config.stash[REPORT] = Report(Path(file) if file else None)
    config.pluginmanager.register(config.stash[REPORT], "contract-report")


def _site(config: pytest.Config) -> Site | None:
    """The servers that the options name; None when they name none."""
    url = config.getoption("url", None)
    if url:
        mail_dir = config.getoption("mail_dir", None) or "."
        admin = (config.getoption("admin_email", ""), config.getoption("admin_password", ""))
        ownerless = frozenset(f"/{plural}" for plural in config.getoption("ownerless", []))
        server = External(url.rstrip("/"), Path(mail_dir), admin, ownerless)
        return Site(None, "sqlite", server)
    directory = config.getoption("project", None) or os.environ.get("CONTRACT_PROJECT")
    if not directory:
        return None
    project = Path(directory).resolve()
    programs = config.getoption("bin", None) or os.environ.get("CONTRACT_BIN")
    bin_dir = Path(programs).absolute() if programs else project / ".venv" / "bin"
    found = Project(project, bin_dir)
    if not (bin_dir / found.runner[0]).exists():
        what = f"no {found.runner[0]} in {bin_dir}"
        raise pytest.UsageError(f"{what}: name the environment with --bin")
    return Site(found, config.getoption("database", "sqlite"), None)


def pytest_itemcollected(item: pytest.Item) -> None:
    if MORE_SERVERS & set(getattr(item, "fixturenames", ())):
        item.add_marker("more_servers")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    mine = [item for item in items if item.path.parent == HERE]
    if not mine or config.option.collectonly:
        return
    site = _site(config)
    if site is None:
        _deselect(config, items, mine, "name a project with --project or CONTRACT_PROJECT")
        return
    config.stash[SITE] = site
    try:
        document = site.document
    except NoDatabaseError as error:
        if os.environ.get("CI"):
            raise pytest.UsageError(str(error)) from None
        _deselect(config, items, mine, str(error))
        return
    except (CommandError, AssertionError) as error:
        raise pytest.UsageError(f"the project does not run: {error}") from None
    config.stash[REPORT].facts = site.facts()
    absent = {
        "auth": not document.has_auth,
        "telemetry": not site.has_telemetry,
        "items": "/items" not in document.resources,
        "jobs": not site.has_jobs,
        "storage": not site.has_storage,
    }
    gone = [
        item
        for item in mine
        if any(absent[m.name] for m in item.iter_markers() if m.name in absent)
    ]
    _deselect(config, items, gone, "")
    if not site.external:
        wanted = {name for item in items for name in getattr(item, "fixturenames", ())}
        for name in HOSTS:
            if name in wanted:
                site.begin(name)
        if "results" in wanted:
            _ = site.commands
    # What is begun in the background is there when it is needed.
    items.sort(key=lambda item: [item.get_closest_marker(name) is not None for name in LATER])


def _deselect(
    config: pytest.Config, items: list[pytest.Item], gone: list[pytest.Item], why: str
) -> None:
    if why:
        config.stash[NOT_RUN] = why
    if gone:
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if item not in set(gone)]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if why := config.stash.get(NOT_RUN, None):
        terminalreporter.write_line(f"contract suite NOT RUN: {why}", yellow=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    if site := config.stash.get(SITE, None):
        site.close()


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Site:
    return request.config.stash[SITE]


@pytest.fixture(scope="session")
def record(site: Site) -> Record:
    return site.record


@pytest.fixture(scope="session")
def document(site: Site) -> Document:
    return site.document


@pytest.fixture(scope="session")
def host(site: Site) -> Host:
    """The main server: two processes, no rate limits."""
    return site.host("main")


@pytest.fixture(scope="session")
def client(host: Host) -> Client:
    """Nobody in particular, at the main server."""
    return host.client


@pytest.fixture(scope="session")
def mailbox(host: Host) -> Mailbox:
    return host.mailbox


@pytest.fixture(scope="session")
def admin(host: Host) -> Person:
    return host.admin()


@pytest.fixture(scope="session")
def me(host: Host, document: Document) -> Client:
    """Someone whom no test may change: signed in, where the project has authentication."""
    return host.person() if document.has_auth else host.client


@pytest.fixture(scope="session")
def chief(host: Host, document: Document) -> Client | None:
    """An administrator, whom no test may change; None where only others write resources."""
    if all(document.access(path).write != "admin" for path in document.resources):
        return None
    person = host.person()
    assert host.admin().patch(f"/users/{person.id}", {"role": "admin"}).status_code == 200
    return person


@pytest.fixture(scope="session")
def resources(me: Client, document: Document, chief: Client | None) -> list[Resource]:
    """Every resource of the project, with somebody who may write it."""
    found = [Resource(me, document, path, chief) for path in document.resources]
    assert found, "the document names no resource"
    return found


@pytest.fixture(scope="session")
def stranger(host: Host) -> Person:
    """Someone else whom no test may change."""
    return host.person()


@pytest.fixture
def newcomer(host: Host) -> Person:
    """Someone of this test's own."""
    return host.person()


@pytest.fixture
def new_item(me: Client) -> Callable[..., dict[str, Any]]:
    """Make an item; it has a title unless the test names one."""

    def make(owner: Client | None = None, **fields: Any) -> dict[str, Any]:
        answer = (owner or me).post("/items", {"title": "An item", **fields})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return make


def _started(site: Site, name: str) -> Host:
    if site.external:
        pytest.skip(NEEDS_PROJECT)
    return site.host(name)


@pytest.fixture(scope="session")
def limited(site: Site) -> Host:
    """A server with RATE_LIMITS=on, no documentation and no CORS origins."""
    return _started(site, "limited")


@pytest.fixture(scope="session")
def production(site: Site) -> Host:
    """A server with ENVIRONMENT=production."""
    return _started(site, "production")


@pytest.fixture(scope="session")
def shortlived(site: Site) -> Host:
    """A server whose tokens last a second, whose bodies end at 2000 bytes, open to all origins."""
    return _started(site, "shortlived")


@pytest.fixture(scope="session")
def proxied(site: Site) -> Host:
    """A server behind a path prefix and trusted proxies, which only its .env file names."""
    return _started(site, "proxied")


@pytest.fixture(scope="session")
def results(site: Site) -> dict[str, Result]:
    """What every command of the project did; some may be at it still."""
    if site.external:
        pytest.skip(NEEDS_PROJECT)
    return site.commands


@pytest.fixture
def own_database(site: Site) -> str:
    """A migrated database with an admin, for a server of this test's own."""
    if site.external:
        pytest.skip(NEEDS_PROJECT)
    return site.databases.copy(site.prepared)


@pytest.fixture(scope="session")
def project(site: Site) -> Project:
    if site.project is None:
        pytest.skip(NEEDS_PROJECT)
    return site.project
