"""One document for all frameworks: what their OpenAPI documents say is the same, and compiles."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from generator.validate.kept import sweep, used
from generator.validate.known import Proofs
from tests.contract.programs import skip_without

from .distinct import listing
from .documents import Document, differences, document, normalized
from .machine import CACHE, PROOFS
from .model import FRAMEWORKS, Variant, hosts, hosts_with_options
from .renders import tree_of

pytestmark = [pytest.mark.slow, pytest.mark.seconds(6)]

TYPESCRIPT = Path(__file__).parent / "typescript"
PACKAGES = ("openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3")
OPTIONS = "--noEmit --strict --target es2022 --module esnext --moduleResolution bundler".split()

Ask = Callable[[str], Document]


@pytest.fixture(scope="module")
def ask(programs: Callable[[Variant], Path]) -> Ask:
    """The document of a framework's wide project with users."""
    wide = {variant.framework: variant for variant in hosts()}
    return lambda framework: document(tree_of(wide[framework]), programs(wide[framework]))


@pytest.mark.parametrize("framework", FRAMEWORKS[1:])
def test_the_document_is_that_of_the_first_framework(ask: Ask, framework: str) -> None:
    first, this = normalized(ask(FRAMEWORKS[0])), normalized(ask(framework))
    found = list(differences(first, this))
    assert not found, f"{len(found)} differences:{listing(found, 100)}"


@pytest.mark.parametrize("framework", FRAMEWORKS[1:])
def test_options_add_the_same_to_the_document_of_each_framework(
    programs: Callable[[Variant], Path], framework: str
) -> None:
    wide = {variant.framework: variant for variant in hosts_with_options()}
    first, this = (
        normalized(document(tree_of(wide[one]), programs(wide[one])))
        for one in (FRAMEWORKS[0], framework)
    )
    found = list(differences(first, this))
    assert not found, f"{len(found)} differences:{listing(found, 100)}"


@pytest.fixture(scope="session")
def modules() -> Path:
    """The folder of the packages from npm, in the machine's cache."""
    npm = shutil.which("npm")
    if npm is None:
        skip_without("node")
    folder = CACHE / "node" / hashlib.sha256(repr(PACKAGES).encode()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / "lock"):
        if not (folder / "ready").exists():
            sweep(folder.parent)
            (folder / "package.json").write_text("{}")
            options = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run([npm, "install", *options, *PACKAGES], cwd=folder, check=True)
            (folder / "ready").touch()
        used(folder)
    return folder / "node_modules"


# The documents are equal, as said above.
OTHERS = [pytest.param(framework, marks=pytest.mark.nightly) for framework in FRAMEWORKS[1:]]


@pytest.mark.parametrize("framework", [FRAMEWORKS[0], *OTHERS])
def test_one_typescript_program_compiles_with_every_document(
    ask: Ask, modules: Path, tmp_path: Path, framework: str, request: pytest.FixtureRequest
) -> None:
    program = (TYPESCRIPT / "client.ts").read_bytes()
    content = json.dumps(ask(framework)).encode()
    key = hashlib.sha256(repr([PACKAGES, OPTIONS, program, content]).encode()).hexdigest()

    def compile_it() -> None:
        (tmp_path / "openapi.json").write_bytes(content)
        (tmp_path / "client.ts").write_bytes(program)
        (tmp_path / "node_modules").symlink_to(modules)
        # A field with a default may be left out of a body; by default it could not.
        generate = ["openapi-typescript", "openapi.json", "--default-non-nullable=false"]
        run_node(modules, tmp_path, *generate, "-o", "schema.d.ts")
        run_node(modules, tmp_path, "tsc", *OPTIONS, "client.ts")

    proofs = Proofs(PROOFS, again=request.config.option.everything)
    proofs.prove(key, f"TypeScript client of {framework}", compile_it)


def run_node(modules: Path, folder: Path, program: str, *arguments: str) -> None:
    command = [str(modules / ".bin" / program), *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
