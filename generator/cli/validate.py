"""`scaffold validate`: every variant of a template is proven to work."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.cli.external import trusted
from generator.cli.output import print_json, say
from generator.cli.validate_output import Screen, summary
from generator.engine.options import ChangeOptions
from generator.errors import DECLINED, Interruption, UsageError
from generator.files import replacing
from generator.questions.given import assignments
from generator.validate import page, report, shards
from generator.validate.init import init as make
from generator.validate.results import Report
from generator.validate.run import Options, begin, carry_out


@dataclass(frozen=True)
class Arguments:
    """The arguments of `scaffold validate`."""

    path: Path
    tiers: Sequence[int]
    only: Sequence[str]
    variants: Sequence[str]
    steps: Sequence[str]
    since: str | None
    seed: str | None
    keep: Path | None
    shard: str | None
    times: Path | None
    merge: Sequence[Path]
    json_file: Path | None
    junit_file: Path | None
    html_file: Path | None
    jobs: int | None
    again: bool
    trust: bool
    no_hooks: bool


def validate(arguments: Arguments) -> int:
    """Validate a template, or merge the results of shards, and return the exit code."""
    if arguments.merge:
        return _ended(report.merged(_files(arguments.merge)), arguments)
    options = _options(arguments)
    screen = Screen()
    quiet = arguments.json_file == Path("-")
    change = ChangeOptions(trust=options.trust, hooks=options.hooks)
    begun = trusted(lambda _: begin(options, screen.tell), change, quiet=quiet)
    try:
        carry_out(begun)
    except KeyboardInterrupt as error:
        screen.end()
        _ended(begun.report(interrupted=True), arguments)
        raise Interruption("Interrupted.", "Nothing was left running.") from error
    screen.end()
    return _ended(begun.report(), arguments)


def init(path: Path, ci: str, *, trust: bool, hooks: bool) -> int:
    """Write `validate.toml` and the workflow of a CI, and return the exit code."""
    root = _folder(path)
    change = ChangeOptions(trust=trust, hooks=hooks)
    for made in trusted(lambda _: make(root, ci, trust=trust, hooks=hooks), change):
        say(f"Wrote {made.relative_to(root)}.", "green")
    return 0


def _options(arguments: Arguments) -> Options:
    return Options(
        root=_folder(arguments.path),
        tiers=tuple(arguments.tiers) or Options.tiers,
        only=assignments(arguments.only),
        variants=arguments.variants,
        steps=arguments.steps,
        seed=arguments.seed or Options.seed,
        keep=arguments.keep,
        shard=shards.parse(arguments.shard) if arguments.shard else None,
        times=arguments.times,
        since=arguments.since or "",
        jobs=arguments.jobs or os.cpu_count() or 1,
        again=arguments.again,
        trust=arguments.trust,
        hooks=not arguments.no_hooks,
    )


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise UsageError(f"There is no folder {path}.", "Name the template's folder.")
    return path.resolve()


def _files(paths: Sequence[Path]) -> list[Path]:
    """Return the files that are meant by `paths`, of which folders stand for those in them."""
    found = [sorted(path.rglob("*.json")) if path.is_dir() else [path] for path in paths]
    files = [file for some in found for file in some]
    if not files:
        raise UsageError(f"There are no results in {paths[0]}.", "Check --merge.")
    return files


def _ended(made: Report, arguments: Arguments) -> int:
    """Write the reports that a person asked for, say what is known, and return the exit code."""
    if arguments.junit_file:
        _write(arguments.junit_file, report.junit(made))
    if arguments.html_file:
        _write(arguments.html_file, page.html(made).encode())
    if arguments.json_file == Path("-"):
        print_json(report.as_json(made))
    else:
        if arguments.json_file:
            _write(arguments.json_file, report.as_text(made).encode())
        for line, style in summary(made):
            say(line, style)
    return DECLINED if made.failures or made.interrupted else 0


def _write(path: Path, content: bytes) -> None:
    path.absolute().parent.mkdir(parents=True, exist_ok=True)
    with replacing(path.absolute()) as temporary:
        temporary.write_bytes(content)
        temporary.chmod(0o644)
