"""Where templates come from: private and rewritten repositories, hostile archives and links."""

from __future__ import annotations

import base64
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import Scaffold
from tests.external.conftest import Made, Repository, make_repository

USER, PASSWORD = "ada", "lovelace"
HELPER = f"!f() {{ echo username={USER}; echo password={PASSWORD}; }}; f"


class Private(SimpleHTTPRequestHandler):
    """Serves a folder to those who have the password."""

    def do_GET(self) -> None:
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") == f"Basic {token}":
            super().do_GET()
            return
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="templates"')
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def private_url(tmp_path: Path, copier_template: Repository) -> Iterator[str]:
    """The address of a template that asks for a password."""
    copier_template.git("clone", "--quiet", "--bare", ".", str(tmp_path / "private.git"))
    Repository(tmp_path / "private.git", copier_template.env).git("update-server-info")
    handler = partial(Private, directory=str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/private.git"
    server.shutdown()
    thread.join()


def test_a_private_repository_is_opened_with_the_credentials_that_git_has(
    scaffold: Scaffold, copier_template: Repository, private_url: str
) -> None:
    refused = scaffold("new", "site", "-t", private_url, "--yes", GIT_TERMINAL_PROMPT="0")
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert f"The template {private_url} could not be fetched: " in line
    copier_template.git("config", "--global", "credential.helper", HELPER)
    scaffold.ok("new", "site", "-t", private_url, "--yes")
    site = Made(scaffold.folder / "site", scaffold.env)
    assert f"_src_path: {private_url}\n" in site.read(".copier-answers.yml")
    assert "the newest version" in site.ok("status")


def test_versions_are_in_the_order_of_their_numbers_and_no_pre_release_is_taken(
    scaffold: Scaffold, copier_template: Repository
) -> None:
    for tag in ("v1.10.0", "v1.9.0", "v2.0.0rc1", "nightly"):
        copier_template.release(tag, {"template/ci.yml": f"{tag}\n"})
    scaffold.ok("new", "site", "-t", str(copier_template.folder), "--yes")
    site = Made(scaffold.folder / "site", scaffold.env)
    assert site.read("ci.yml") == "v1.10.0\n"
    site.ok("update", "--to", "v2.0.0rc1")
    assert site.read("ci.yml") == "v2.0.0rc1\n"


def test_a_commit_that_was_rewritten_is_still_updated_from_where_it_was_fetched(
    scaffold: Scaffold, tmp_path: Path, env: dict[str, str]
) -> None:
    files = {"cookiecutter.json": '{"name": "x"}', "{{cookiecutter.name}}/a.txt": "one\n"}
    template = make_repository(tmp_path / "rewritten", env, files)
    template.git("tag", "--delete", "v1.0.0")
    url = f"file://{template.folder}"
    scaffold.ok("new", "site", "-t", url, "--yes")
    site = Made(scaffold.folder / "site", scaffold.env)
    template.write({"{{cookiecutter.name}}/a.txt": "ONE\n"})
    template.git("commit", "--quiet", "--all", "--amend", "--message=Rewritten")
    template.git("reflog", "expire", "--expire=now", "--all")
    template.git("gc", "--quiet", "--prune=now")
    elsewhere = site("update", XDG_CACHE_HOME=str(tmp_path / "another machine"))
    assert f"The template {url} no longer has the version " in elsewhere.stderr
    assert "scaffold adopt --again" in elsewhere.stderr
    site.ok("update")
    assert site.read("a.txt") == "ONE\n"


def test_an_archive_that_would_fill_the_disk_is_refused(scaffold: Scaffold, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w") as archive:
        archive.writestr("template/copier.yml", "x: 1\n")
        archive.infolist()[0].file_size = 10**12
    refused = scaffold("new", "site", "-t", str(tmp_path / "bomb.zip"), "--yes")
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert line.endswith("bomb.zip unpacks to more than a template has.")
    assert list(scaffold.folder.iterdir()) == []


@pytest.mark.posix("links")
@pytest.mark.parametrize("engine", ["copier", "cookiecutter"])
def test_a_link_out_of_the_template_brings_nothing_in(
    scaffold: Scaffold,
    tmp_path: Path,
    copier_template: Repository,
    cookiecutter_template: Repository,
    engine: str,
) -> None:
    (tmp_path / "secret.txt").write_text("a secret\n")
    is_copier = engine == "copier"
    template = copier_template if is_copier else cookiecutter_template
    folder = "template" if is_copier else "{{cookiecutter.slug}}"
    (template.folder / folder / "taken.txt").symlink_to(tmp_path / "secret.txt")
    template.release("v1.1.0", {})
    refused = scaffold("new", "site", "-t", str(template.folder), "--yes", "--no-hooks")
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert ('"taken.txt" is forbidden' if is_copier else "is a link to a place outside") in line
    assert list(scaffold.folder.iterdir()) == []
