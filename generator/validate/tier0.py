"""Tier 0: all variants are rendered, read by their languages, and linted once over all."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

from generator.tree import Tree
from generator.validate import checks, linting
from generator.validate.commands import run, shell
from generator.validate.config import Config
from generator.validate.environments import variables
from generator.validate.known import Proofs
from generator.validate.languages import problem
from generator.validate.marks import marks
from generator.validate.results import Progress, Result, State, Tell
from generator.validate.space import Variant
from generator.validate.template import Subject

SUFFIXES = (".py", ".pyi")
LINT_SECONDS = 600
MOST_LINES = 40
MOST_TEXT = 400
Renders = dict[Variant, Tree]


def render(
    subject: Subject, variants: Sequence[Variant], jobs: int, renders: Renders, tell: Tell
) -> Iterator[Result]:
    """Put the files of each variant into `renders`, and yield how rendering it went.

    A hostile text that the template refuses is fine: that is what validators are for.
    """
    start = time.monotonic()
    with closing(subject.rendered(variants, jobs)) as rendered:
        for number, one in enumerate(rendered, 1):
            seconds, start = time.monotonic() - start, time.monotonic()
            state, text = State.PASSED, ""
            if one.refused:
                state, text = State.SKIPPED, f"refused: {one.problem[:MOST_TEXT]}"
            elif one.problem:
                state, text = State.FAILED, one.problem[:MOST_TEXT]
            else:
                renders[one.variant] = one.tree
            tell(Progress("rendering", number, len(variants)))
            yield Result(one.variant.name, 0, "render", state, seconds, text)


def look_at(
    renders: Mapping[Variant, Tree], config: Config, questions: Sequence[str], tell: Tell
) -> Iterator[Result]:
    """Yield what is wrong with the files of all renders, each once."""
    seen = checks.different_files(renders)
    tell(Progress(f"reading {len(seen)} different files"))
    own = config.checks
    kinds = marks(own.marks, questions, own.allowed_marks)
    for one in (*checks.names(renders), *checks.look_at(seen, kinds, own.unread)):
        yield Result(one.variant.name, 0, one.check, State.FAILED, 0, str(one))


def lint(
    renders: Mapping[Variant, Tree], config: Config, proofs: Proofs, tell: Tell
) -> Iterator[Result]:
    """Yield what linters say, which look at each different file once."""
    wanted = config.checks.lint
    commands = wanted if wanted is not None else linting.own_linters(renders)
    if not commands:
        return
    tool = linting.RUFF if wanted is None else ""
    settings = config.checks.lint_settings
    layout = linting.laid_out(_readable(renders, config), SUFFIXES, settings, tool)
    with tempfile.TemporaryDirectory(prefix="scaffold-", ignore_cleanup_errors=True) as name:
        folder = Path(name) / "all"
        folder.mkdir()
        layout.write(folder)
        digest = layout.digest()
        for command in commands:
            tell(Progress(f"{' '.join(command.split()[:2])}, once over {len(layout.files)} files"))
            yield _linted(command, folder, layout, digest, proofs)


def _readable(renders: Mapping[Variant, Tree], config: Config) -> Renders:
    """Return the renders that linters can look at: those whose settings can be read.

    Hostile texts make long lines, which are none of the template's.
    """
    names = config.checks.lint_settings
    wrong = cache(problem)
    return {
        variant: tree
        for variant, tree in renders.items()
        if not variant.sample
        and not any(wrong(path, tree[path].content) for path in names if path in tree)
    }


def _linted(
    command: str, folder: Path, layout: linting.Layout, digest: str, proofs: Proofs
) -> Result:
    program, shown = command.split()[0], " ".join(command.split()[:2])
    env = variables(None)
    version = run(shell(f"{program} --version"), env=env, cwd=folder, timeout=60).output
    name = linting.proof(command, version, digest)
    if proofs.knows(name):
        return Result("all", 0, shown, State.KNOWN)
    start = time.monotonic()
    done = run(shell(command), env=env, cwd=folder, timeout=LINT_SECONDS)
    seconds = time.monotonic() - start
    if done.code == 0:
        proofs.remember(name, command)
        return Result("all", 0, shown, State.PASSED, seconds)
    lines = [line for line in linting.named(done.output, layout.variants) if line.strip()]
    output = "\n".join(lines[:MOST_LINES])
    every = layout.variants.values()
    named = ((v.name, line) for line in lines for v in every if line.endswith(f"in {v}"))
    silent = " ".join(lines[:2]) or "it failed and said nothing"
    variant, text = next(named, ("all", silent))
    if variant != "all" and text != lines[0]:
        text = f"{lines[0].strip()} {text.strip()}"
    return Result(variant, 0, shown, State.FAILED, seconds, text, output)
