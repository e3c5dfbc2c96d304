"""`scaffold validate --init`: a `validate.toml` and the workflow of a CI, to begin with."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator import git
from generator.errors import ScaffoldError, UsageError
from generator.tree import Tree
from generator.validate import config as configs
from generator.validate.config import LENIENT, Checks, Config
from generator.validate.plan import plan_of
from generator.validate.space import Space
from generator.validate.template import Subject, open_subject

SHARDS = 4
GITHUB, GITLAB, KUBERNETES, NONE = "github", "gitlab", "kubernetes", "none"
PLACES = {
    GITHUB: ".github/workflows/validate.yml",
    GITLAB: ".gitlab-ci.yml",
    KUBERNETES: "validate.kubernetes.yml",
}
# A key is quoted unless it is one of these characters only.
BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def init(root: Path, ci: str, *, trust: bool, hooks: bool) -> list[Path]:
    """Write the files that a template's repository does not have yet, and return them.

    `ci` is by default the one of the repository. Raises `UsageError` where there is one.
    """
    target = root / configs.FILE
    if target.exists():
        raise UsageError(f"{configs.FILE} is there already.", "Edit it, or remove it first.")
    subject = open_subject(root, Checks(undefined=LENIENT), trust=trust, hooks=hooks)
    plan = plan_of(subject, Config(), "0", 1)
    tree = _first(subject, plan.variants[0])
    texts = {target: "\n".join(_settings(plan.space, tree)) + "\n"}
    ci = ci or _ci_of(root)
    if ci in PLACES:
        options = "--trust " if trust else ""
        place = root / PLACES[ci]
        if place.exists():
            what = f"{PLACES[ci]} is there already."
            raise UsageError(what, "Use --ci none, and add scaffold validate to it.")
        texts[place] = workflow(ci, SHARDS, options, _address(root))
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(texts)


def workflow(ci: str, shards: int, options: str, repository: str) -> str:
    """Return the workflow of a CI that validates a template in so many shards."""
    text = (Path(__file__).parent / "ci" / f"{ci}.yml").read_text(encoding="utf-8")
    values = {
        "numbers": ", ".join(str(number + 1) for number in range(shards)),
        "shards": str(shards),
        "options": options,
        "repository": repository,
    }
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def _first(subject: Subject, variant: Any) -> Tree:
    (one,) = subject.rendered([variant], 1)
    if one.problem:
        raise ScaffoldError(f"The template failed: {one.problem}", "Put it right first.")
    return one.tree


def _settings(space: Space, tree: Tree) -> Iterator[str]:
    yield "# What scaffold validate tries and runs; its documentation says what else can be set."
    yield ""
    if space.fixed:
        yield "# Answers that every variant has."
        yield "[answers]"
        yield from (f"{_key(name)} = {_toml(value)}" for name, value in space.fixed.items())
        yield ""
    yield "# The values that are tried, every two of them together; free text gets hostile samples."
    yield "[questions]"
    for name, values in space.axes.items():
        yield f"{_key(name)} = {_toml(list(values.values()))}"
    for name, samples in space.texts.items():
        yield f"{_key(name)} = {{samples = {_toml(list(samples))}}}"
    yield ""
    yield "# Combinations that the template refuses:"
    yield "# [[invalid]]"
    yield '# when = {database = "none", auth = "tokens"}'
    yield '# why = "accounts need a database"'
    install, commands = found(tree)
    if install:
        yield ""
        yield "[environment]"
        yield f"install = {_toml(install)}"
        yield 'depends_on = ["pyproject.toml", "requirements*.txt", "uv.lock"]'
        yield "shared = false"
    yield ""
    yield "# What proves a render."
    yield "[commands]"
    yield from (f"{name} = {_toml(line)}" for name, line in commands.items())
    if not commands:
        yield '# test = "pytest -q"'


def found(tree: Tree) -> tuple[str, dict[str, str]]:
    """Return how a project is installed, and its commands, as far as its files tell."""
    commands: dict[str, str] = {}
    install = ""
    data = _read_toml(tree, "pyproject.toml")
    tools = data.get("tool", {})
    has_tests = any(path.startswith("tests/") or "/tests/" in path for path in tree)
    if "project" in data:
        groups = [f"--group {name}" for name in data.get("dependency-groups", {}) if name != "docs"]
        extras = data["project"].get("optional-dependencies", {})
        chosen = [name for name in ("test", "tests", "dev") if name in extras]
        what = f"-e '.[{','.join(chosen)}]'" if chosen else "-e ."
        own = what if "build-system" in data else "-r pyproject.toml"
        install = " ".join(["uv pip install", own, *groups])
    elif any(path == "requirements.txt" for path in tree):
        install = "uv pip install -r requirements.txt"
    if has_tests and (install or "pytest" in tools):
        commands["test"] = "python -m pytest -q"
    if "mypy" in tools:
        commands["types"] = "python -m mypy ."
    scripts = _scripts(tree)
    if "test" in scripts:
        commands["test"] = "npm install --no-audit --no-fund && npm test"
    return install, commands


def _read_toml(tree: Tree, path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(tree[path].content.decode()) if path in tree else {}
    except ValueError:
        return {}


def _scripts(tree: Tree) -> Mapping[str, Any]:
    try:
        data = json.loads(tree["package.json"].content) if "package.json" in tree else {}
    except ValueError:
        return {}
    scripts = data.get("scripts", {}) if isinstance(data, dict) else {}
    return scripts if isinstance(scripts, dict) else {}


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_key(k)} = {_toml(v)}' for k, v in value.items())}}}"
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False)


def _key(name: str) -> str:
    return name if BARE.issuperset(name) else json.dumps(name)


def _ci_of(root: Path) -> str:
    if (root / ".gitlab-ci.yml").exists():
        return GITLAB
    if (root / ".github").is_dir() or "github" in _address(root):
        return GITHUB
    return GITLAB if "gitlab" in _address(root) else NONE


def _address(root: Path) -> str:
    said = git.call(root, "remote", "get-url", "origin")
    return (
        said.stdout.decode().strip() if not said.returncode else "https://example.com/template.git"
    )
