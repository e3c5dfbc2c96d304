"""The pytest plugin: a fixture that renders, and tests for each variant of the covering set."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from generator.validate.pytest_plugin import RefusedError, Render
from tests.variants.expected import expected_files

from .conftest import QUESTIONS, Validate

TESTS = """\
import pytest

def test_one(render):
    project = render(database="postgres")
    assert "app.py" in project.files
    assert "postgres" in project.read("app.py")
    assert project.run('python3 -c "import app; print(app.DATABASE)"').strip() == "postgres"

@pytest.mark.covering(random=0, docs=True)
def test_each(render, variant_answers):
    assert "DOCS = True" in render(variant_answers).read("app.py")

@pytest.mark.covering(all=True)
def test_all(render_session, variant_answers):
    assert render_session(variant_answers).path.is_dir()

def test_failing_command(render):
    render().run("echo no table; exit 3")
"""


@pytest.mark.posix("the shell of the tests")
@pytest.mark.seconds(6)
def test_tests_of_a_template_render_it(template: Validate) -> None:
    template.write({"tests/test_template.py": TESTS, "pytest.ini": "[pytest]\n"})
    result = pytest_in(template)
    assert "1 failed, 7 passed" in result
    assert "exit code 3\nno table" in result.replace("E   ", "")
    for name in ("test_each[docs]", "test_all[default]", "test_all[postgres+docs]"):
        assert f"{name} PASSED" in result


def pytest_in(template: Validate, *arguments: str) -> str:
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command, cwd=template.folder, env=template.env, capture_output=True, text=True, check=False
    ).stdout


@pytest.mark.seconds(4)
def test_the_template_can_be_elsewhere_and_renders_can_be_kept(
    template: Validate, tmp_path: Path
) -> None:
    validator = "  validator: '{% if size > 1 %}No.{% endif %}'\n"
    size = f"size:\n  type: int\n  default: 1\n{validator}"
    template.write({"copier.yml": QUESTIONS + size})
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_it.py").write_text(
        "import pytest\n"
        "def test_it(render):\n"
        "    print(render(docs=True).path)\n"
        "    with pytest.raises(AssertionError, match='No'):\n"
        "        render(size=2)\n"
    )
    options = ("--render-template", str(template.folder), "--keep-renders", "-s")
    said = pytest_in(template, "--rootdir", str(tmp_path), *options, str(tmp_path / "tests"))
    assert "1 passed" in said
    (line,) = [one for one in said.splitlines() if one.endswith("/project")]
    assert (Path(line.rpartition(" ")[2]) / "app.py").exists()


@pytest.mark.parametrize("framework", ["fastapi", "flask", "django"])
def test_our_own_templates_render_by_the_fixture(render: Render, framework: str) -> None:
    project = render(framework=framework, docker=True)
    answers = {
        **{"framework": framework, "auth": "tokens", "had_accounts": False, "docker": True},
        **{"database": "sqlite", "ci": "none", "resources": [{"plural": "items"}]},
        **{"jobs": "none", "observability": "none", "storage": "none"},
    }
    wanted, unwanted = expected_files(answers)
    assert wanted <= set(project.files)
    assert not [path for path in project.files if path in unwanted]


def test_what_our_own_templates_refuse_is_said(render: Render) -> None:
    with pytest.raises(RefusedError, match="auth"):
        render(auth="none", resources=["vote reader:ref=user"])
