"""T0: workflows, compose files and Dockerfiles are what their programs take, and safe."""

from __future__ import annotations

import re
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml

from generator.validate.checks import Seen
from generator.validate.languages import problem

from .distinct import Distinct, listing, problems, text_of

PROGRAMS = Path(sysconfig.get_path("scripts"))
SCHEMAS = {
    ".github/workflows/": ["vendor.github-workflows"],
    ".gitlab-ci.yml": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
    "compose.yaml": ["vendor.compose-spec"],
    ".devcontainer/compose.yaml": ["vendor.compose-spec"],
    ".github/dependabot.yml": ["vendor.dependabot"],
    "renovate.json": ["vendor.renovate"],
}


def write_all(distinct: Distinct, start: str, folder: Path) -> list[str]:
    """Write each different file whose path starts so into a folder of its own."""
    files = [file for file in distinct if file.path.startswith(start)]
    assert files, f"no variant has {start}"
    paths = []
    for file in files:
        path = folder / str(file.variant) / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.file.content)
        paths.append(str(path))
    return paths


def run(*command: str) -> str:
    """Return what a program says against the files it is given, and nothing when it is content."""
    program = str(PROGRAMS / command[0])
    result = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)
    return f"{result.stdout}{result.stderr}" if result.returncode else ""


@pytest.mark.parametrize("start", SCHEMAS)
def test_files_match_the_schema_of_their_program(
    distinct: Distinct, start: str, tmp_path: Path
) -> None:
    schema = ["--builtin-schema", *SCHEMAS[start]]
    said = run("check-jsonschema", *schema, *write_all(distinct, start, tmp_path))
    assert not said, said


def collector_problem(file: Seen) -> str | None:
    """Return how the collector of a compose file is not one for what the application sends."""
    compose = yaml.safe_load(text_of(file))
    if "collector" not in compose["services"]:
        return None
    address = compose["x-app"]["environment"]["OTEL_EXPORTER_OTLP_ENDPOINT"]
    if address != "http://collector:4318":
        return f"the application sends to {address}"
    config = yaml.safe_load(compose["configs"]["collector"]["content"])
    if config["receivers"] != {"otlp": {"protocols": {"http": {"endpoint": "0.0.0.0:4318"}}}}:
        return "it receives something else"
    pipelines = config["service"]["pipelines"]
    if pipelines.keys() != {"traces", "metrics", "logs"}:
        return f"it has {', '.join(pipelines)}"
    used = {one for line in pipelines.values() for one in line["exporters"]}
    return None if used <= config["exporters"].keys() else f"{used} are no exporters"


def test_collectors_receive_what_applications_send(distinct: Distinct) -> None:
    files = [file for file in distinct if file.path == "compose.yaml"]
    assert any("collector:4318" in text_of(file) for file in files)
    found = problems(files, collector_problem)
    assert not found, listing(found)


def test_zizmor_finds_nothing_in_workflows(distinct: Distinct, tmp_path: Path) -> None:
    paths = write_all(distinct, ".github/", tmp_path)
    said = run("zizmor", "--offline", "--no-progress", "--format=plain", *paths)
    assert not said, said


def dockerfile_problem(file: Seen) -> str | None:
    """Return what is wrong with a Dockerfile: its grammar, its stages, its user."""
    text = text_of(file)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    commands = [
        line.split() for line in re.sub(r"\\\n", " ", "\n".join(lines)).splitlines() if line
    ]
    if wrong := problem(file.path, file.file.content):
        return wrong
    stages = [words[-1] for words in commands if words[0] == "FROM" and "AS" in words]
    sources = re.findall(r"COPY --from=(\S+)", text)
    strange = [source for source in sources if source not in stages and "/" not in source]
    if strange:
        return f"copies from {strange}, which is no stage"
    last_stage = text[text.rindex("\nFROM ") :]
    return None if re.search(r"^USER (?!root|0)", last_stage, re.M) else "runs as root"


def test_dockerfiles_are_well_formed_and_not_run_as_root(distinct: Distinct) -> None:
    files = [file for file in distinct if file.path == "Dockerfile"]
    assert files
    found = problems(files, dockerfile_problem)
    assert not found, listing(found)
