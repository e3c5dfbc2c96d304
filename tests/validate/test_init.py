"""`--init` writes a validate.toml that works, and workflows that fit their schemas."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import jsonschema
import pytest
import yaml

from generator.validate.init import workflow

from .conftest import ALL, QUESTIONS, Validate

PROGRAMS = Path(sysconfig.get_path("scripts"))
TOOLS = 'title: {type: str, default: "A title"}\nname: {type: str}\n'


def test_the_file_has_the_questions_and_what_was_found(template: Validate) -> None:
    pyproject = '[project]\nname = "{{ name }}"\n[tool.mypy]\nstrict = true\n'
    template.write({"copier.yml": QUESTIONS + TOOLS, "template/pyproject.toml.jinja": pyproject})
    template.ok("validate", "--init")
    text = (template.folder / "validate.toml").read_text()
    assert 'name = "my-project"\n' in text
    assert 'database = ["sqlite", "postgres"]\n' in text
    assert 'title = {samples = ["quotes"' in text
    assert 'install = "uv pip install -r pyproject.toml"' in text
    assert 'types = "python -m mypy ."' in text
    assert set(template.report("--tier", "0")["variants"]) >= ALL


def test_a_file_that_is_there_is_kept(template: Validate) -> None:
    template.write({"validate.toml": "inert = []\n"})
    assert "validate.toml is there already" in template.wrong("--init")
    assert (template.folder / "validate.toml").read_text() == "inert = []\n"


@pytest.mark.parametrize(
    ("ci", "schema"),
    [("github", ["vendor.github-workflows"]), ("gitlab", ["vendor.gitlab-ci"])],
)
def test_workflows_fit_their_schemas(template: Validate, ci: str, schema: list[str]) -> None:
    said = template.ok("validate", "--init", "--ci", ci)
    (path,) = [line for line in said.splitlines() if line.endswith(".yml.")]
    file = template.folder / path.removeprefix("Wrote ").removesuffix(".")
    command = [PROGRAMS / "check-jsonschema", "--builtin-schema", *schema, file]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_zizmor_finds_nothing_in_the_workflow(template: Validate) -> None:
    template.ok("validate", "--init", "--ci", "github")
    command = [PROGRAMS / "zizmor", "--offline", "--no-progress", template.folder / ".github"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_manifest_fits_the_schemas_of_kubernetes() -> None:
    schema = json.loads((Path(__file__).parent / "kubernetes.schema.json").read_text())
    documents = list(yaml.safe_load_all(workflow("kubernetes", 4, "", "https://example.com/t.git")))
    assert [one["kind"] for one in documents] == ["PersistentVolumeClaim", "Job"]
    for document in documents:
        jsonschema.validate(document, schema)
    assert documents[1]["spec"]["completions"] == 4


@pytest.mark.posix("the shell of the manifest")
def test_the_commands_of_the_manifest_are_what_the_shell_takes() -> None:
    text = workflow("kubernetes", 4, "--trust ", "https://example.com/t.git")
    *_, job = yaml.safe_load_all(text)
    (script,) = job["spec"]["template"]["spec"]["containers"][0]["args"]
    subprocess.run(["sh", "-n"], input=script, text=True, check=True)
    assert '--shard "$((JOB_COMPLETION_INDEX + 1))/4"' in script


def test_the_workflows_have_options_that_there_are() -> None:
    known = subprocess.check_output(
        [sys.executable, "-m", "generator", "validate", "--help"], text=True
    )
    for ci in ("github", "gitlab", "kubernetes"):
        text = workflow(ci, 2, "--trust ", "x").replace("\\\n", " ")
        lines = [line for line in text.splitlines() if not line.startswith("#")]
        commands = [line.partition("scaffold validate")[2] for line in lines]
        used = {word for line in commands for word in line.split() if word.startswith("--")}
        assert used >= {"--trust", "--seed", "--shard", "--json"}
        assert not [word for word in used if word not in known]
