"""Cookiecutter's templates, and the code of templates: hooks run where they are trusted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.contract.polling import wait_until

from .conftest import Validate, is_running

QUESTIONS = {"name": "thing", "licence": ["MIT", "BSD"], "docker": "n", "tests": True}
FILES = {
    "cookiecutter.json": json.dumps(QUESTIONS),
    "{{cookiecutter.name}}/app.py": "LICENCE = '{{ cookiecutter.licence }}'\n",
}
PRE = (
    "import sys\n"
    "if '{{ cookiecutter.licence }}{{ cookiecutter.docker }}' == 'BSDy':\n"
    "    print('no BSD with Docker')\n    sys.exit(1)\n"
)


@pytest.fixture
def cookie(template: Validate) -> Validate:
    (template.folder / "copier.yml").unlink()
    template.write(FILES)
    return template


SETTINGS = "[questions]\nname = {samples = []}\n"


def test_choices_booleans_and_words_for_yes_vary(cookie: Validate) -> None:
    cookie.write({"validate.toml": SETTINGS})
    report = cookie.report("--tier", "0")
    assert len(report["variants"]) == 8
    assert report["variants"]["BSD+y+tests=no"] == {"licence": "BSD", "docker": "y", "tests": "no"}


def test_hooks_need_trust(cookie: Validate) -> None:
    cookie.write({"hooks/pre_gen_project.py": PRE})
    result = cookie("validate", "--tier", "0")
    assert result.returncode == 1
    (line,) = [one for one in result.stderr.splitlines() if one.startswith("Error")]
    assert "runs code: the hook pre_gen_project.py" in line
    assert "--trust" in line


def test_what_a_hook_refuses_before_everything_is_skipped(cookie: Validate) -> None:
    cookie.write({"hooks/pre_gen_project.py": PRE, "validate.toml": SETTINGS})
    report = cookie.report("--tier", "0", "--trust")
    assert (report["passed"], report["states"]["skipped"]) == (True, 2)


def test_a_hook_that_fails_afterwards_is_a_failure(cookie: Validate) -> None:
    fails = "import sys\nprint('no network')\nsys.exit(1)\n"
    cookie.write({"hooks/post_gen_project.py": fails, "validate.toml": SETTINGS})
    assert "It printed: no network" in cookie.failures("--tier", "0", "--trust")[0]
    assert cookie.failures("--tier", "0", "--no-hooks") == []


def test_a_hook_that_writes_outside_of_the_project_is_a_failure(cookie: Validate) -> None:
    writes = "from pathlib import Path\nPath('../outside.txt').write_text('x')\n"
    cookie.write({"hooks/post_gen_project.py": writes, "validate.toml": SETTINGS})
    found = set(cookie.failures("--tier", "0", "--trust"))
    assert found == {"render: It wrote outside of the project: outside.txt."}


@pytest.mark.posix("/proc")
def test_a_hook_that_hangs_is_ended_with_all_that_it_started(
    cookie: Validate, tmp_path: Path
) -> None:
    hangs = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open('{tmp_path}/pid', 'w').write(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    limited = '[answers]\nlicence = "MIT"\ndocker = "n"\ntests = true\n[checks]\nseconds = 2\n'
    cookie.write({"hooks/post_gen_project.py": hangs, "validate.toml": limited + SETTINGS})
    (said,) = cookie.failures("--tier", "0", "--trust")
    assert said.endswith("it was not rendered in 2 s; a hook or task hangs.")
    child = int((tmp_path / "pid").read_text())
    wait_until(lambda: not is_running(child), "the child has ended")


def test_a_name_that_is_a_path_is_a_failure_of_one_line(cookie: Validate) -> None:
    cookie.write({"validate.toml": '[answers]\nname = "../elsewhere"\n'})
    found = set(cookie.failures("--tier", "0"))
    assert len(found) == 1
    assert "outside of the project" in found.pop()
