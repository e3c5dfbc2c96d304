"""Child processes that render other templates, as copies of this process and as new ones."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from generator.errors import ScaffoldError
from generator.render import forked, lazily, process
from generator.render.request import AFTER, FILES, Request

HOOK = """\
import os, secrets, sys
from pathlib import Path
Path("secret.txt").write_text(secrets.token_hex(8))
os.environ["SCAFFOLD_TRACE"] = "1"
"""


@pytest.fixture(params=["a copy", "a new process"])
def template(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A cookiecutter template with an extension that changes the process it runs in, and a hook."""
    if request.param == "a new process":
        monkeypatch.setattr(forked, "is_possible", lambda: False)
    elif not forked.is_possible():
        pytest.skip("Only Linux, and one thread, have copies.")
    root = tmp_path / "template"
    (root / "{{cookiecutter.slug}}").mkdir(parents=True)
    (root / "hooks").mkdir()
    settings = {"slug": "site", "_extensions": ["changing.Changing"]}
    (root / "cookiecutter.json").write_text(json.dumps(settings))
    (root / "{{cookiecutter.slug}}" / "name.txt").write_text("{{ cookiecutter.slug }}\n")
    (root / "changing.py").write_text(
        "import os, sys\nfrom jinja2.ext import Extension\n"
        "os.environ['SCAFFOLD_TRACE'] = '1'\nsys.path.append('trace')\nos.chdir('/')\n"
        "class Changing(Extension):\n    pass\n"
    )
    (root / "hooks" / "post_gen_project.py").write_text(HOOK)
    return root


def asked(template: Path, out: Path) -> Request:
    out.mkdir()
    return Request(
        engine="cookiecutter",
        template=str(template),
        source="somewhere",
        version="v1",
        out=str(out),
        project=str(out),
        steps=(FILES, AFTER),
    )


def test_what_a_template_changes_in_its_process_stays_there(template: Path, tmp_path: Path) -> None:
    before = Path.cwd(), list(sys.path), dict(os.environ)
    reply = process.run(asked(template, tmp_path / "out"))
    assert reply.answers == {"slug": "site"}
    assert (tmp_path / "out" / "name.txt").read_text() == "site\n"
    assert (Path.cwd(), sys.path, dict(os.environ)) == before
    assert "changing" not in sys.modules


def test_two_renders_of_one_seed_have_equal_random_numbers(template: Path, tmp_path: Path) -> None:
    requests = [asked(template, tmp_path / name) for name in ("one", "two", "other")]
    with (
        process.start(requests[0], seed="x") as one,
        process.start(requests[1], seed="x") as two,
        process.start(requests[2]) as other,
    ):
        for child in (one, two, other):
            child.reply()
    secrets = [(tmp_path / n / "secret.txt").read_text() for n in ("one", "two", "other")]
    assert secrets[0] == secrets[1] != secrets[2]


def test_an_error_is_told_with_what_was_printed(template: Path, tmp_path: Path) -> None:
    (template / "hooks" / "post_gen_project.py").write_text("print('out of tea')\nexit(1)\n")
    with pytest.raises(ScaffoldError, match=r"exit status: 1.* It printed: out of tea"):
        process.run(asked(template, tmp_path / "out"))


def test_a_render_that_is_not_waited_for_is_ended(template: Path, tmp_path: Path) -> None:
    slow = "import time; time.sleep(60)\n"
    (template / "changing.py").write_text(slow)
    start = time.monotonic()
    with process.start(asked(template, tmp_path / "out")):
        pass
    assert time.monotonic() - start < 30


def test_a_package_loaded_lazily_is_imported_when_something_of_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_package.py").write_text("import sys\nWAS = sys.modules[__name__]\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "slow_package", raising=False)
    lazily.load("slow_package")
    import slow_package

    assert "WAS" not in vars(slow_package)
    assert slow_package.WAS is sys.modules["slow_package"]
    assert "WAS" in vars(sys.modules["slow_package"])
