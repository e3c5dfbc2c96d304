"""Which files of a project its Python programs could read."""

from __future__ import annotations

import yaml

from generator.validate.known import Tree

# What Python programs do not read. A step gets a project without these files, which holds that
# they make no difference.
RECORD = ".copier-answers.yml"
INERT = (
    RECORD,
    ".devcontainer/",
    ".dockerignore",
    ".editorconfig",
    ".github/",
    ".gitlab-ci.yml",
    ".pre-commit-config.yaml",
    ".vscode/",
    "AGENTS.md",
    "Dockerfile",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "compose.yaml",
    "renovate.json",
)


def live(tree: Tree) -> dict[str, bytes]:
    """Return the files of a project that its Python programs could read.

    Of its record there is left what the contract has to know: the resources without an owner.
    """
    files = {path: content for path, content in tree.items() if not path.startswith(INERT)}
    answers = yaml.safe_load(tree.get(RECORD, b"")) or {}
    ownerless = [
        {"plural": resource["plural"], "owner": "none"}
        for resource in answers.get("resources", [])
        if resource.get("owner") == "none"
    ]
    if ownerless:
        files[RECORD] = yaml.safe_dump({"resources": ownerless}).encode()
    return files
