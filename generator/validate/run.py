"""A whole run: the template is opened, variants are planned, rendered, looked at and run."""

from __future__ import annotations

import hashlib
import shlex
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.errors import UsageError, did_you_mean
from generator.tree import Tree
from generator.validate import kept, tier0, values
from generator.validate.changed import unchanged
from generator.validate.config import Config
from generator.validate.known import Proofs
from generator.validate.plan import Plan, plan_of, to_run
from generator.validate.results import Progress, Report, Result, State, Tell
from generator.validate.shards import Shard, share
from generator.validate.space import Variant
from generator.validate.template import Subject, open_subject
from generator.validate.tier1 import ENVIRONMENT, Line, chosen_steps, slug, write

RULES = "rules"
NO_COMMANDS = "There are no commands to run: [commands] in validate.toml names them."


@dataclass(frozen=True)
class Options:
    """What is validated, and how.

    `only` are words of values that variants must have, `variants` their names, and `steps` the only
    ones to take. With `again`, what is known is proven once more. `keep` is the folder for renders
    that failed.
    """

    root: Path
    tiers: Sequence[int] = (0, 1)
    only: Mapping[str, str] = field(default_factory=dict)
    variants: Sequence[str] = ()
    steps: Sequence[str] = ()
    seed: str = "0"
    keep: Path | None = None
    shard: Shard | None = None
    times: Path | None = None
    since: str = ""
    jobs: int = 2
    again: bool = False
    trust: bool = False
    hooks: bool = True


@dataclass
class Run:
    """A run as far as it has come; it is also what an interrupted one reports."""

    options: Options
    config: Config
    subject: Subject
    plan: Plan
    tell: Tell
    chosen: Sequence[Variant] = ()
    results: list[Result] = field(default_factory=list)
    counts: dict[str, object] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    def report(self, *, interrupted: bool = False) -> Report:
        """Return what is known."""
        shard = self.options.shard
        return Report(
            template=str(self.options.root),
            variants={v.name: dict(v.picks) for v in self.chosen},
            results=self.results,
            space=_digest(self.plan, self.options),
            seed=self.options.seed,
            shard=str(shard) if shard else "",
            counts={**self.plan.counts, **self.counts},
            notes=self.notes,
            seconds=time.monotonic() - self.begun,
            interrupted=interrupted,
        )


def begin(options: Options, tell: Tell) -> Run:
    """Return a run whose variants are planned; raises `ScaffoldError`."""
    config = values.load(options.root)
    chosen_steps(config, options.steps)  # before anything takes time
    root = options.root / config.directory
    subject = open_subject(root, config.checks, trust=options.trust, hooks=options.hooks)
    tell(Progress("reading the template's questions"))
    plan = plan_of(subject, config, options.seed, options.jobs)
    return Run(options, config, subject, plan, tell)


def carry_out(run: Run) -> None:
    """Do all of a run, whose results are in it even if it is interrupted."""
    options, plan = run.options, run.plan
    few = to_run(plan, run.config, options.seed)
    with_tier0 = 0 in options.tiers
    wanted = [*plan.variants, *plan.hostile] if with_tier0 else few
    run.chosen = share(_selected(plan, wanted, options), options.shard, options.times)
    run.counts["run"] = len([variant for variant in few if variant in run.chosen])
    if with_tier0 and not (options.variants or options.only):
        for name, text in plan.wrong:
            _add(run, [Result(name, 0, RULES, State.FAILED, 0, text)], {})
    renders: dict[Variant, Tree] = {}
    _add(run, tier0.render(run.subject, run.chosen, options.jobs, renders, run.tell), {})
    renders = _changed(run, renders)
    proofs = Proofs(kept.folder() / "proofs", options.again)
    if with_tier0:
        questions = [question.name for question in run.subject.asked()]
        _add(run, tier0.look_at(renders, run.config, questions, run.tell), renders)
        _add(run, tier0.lint(renders, run.config, proofs, run.tell), renders)
    for tier in (1, 2):
        if tier in options.tiers:
            _commands(run, tier, few, renders, proofs)
    if 3 in options.tiers:
        from generator.validate.updates import updates

        _add(run, updates(run), renders)


def _selected(plan: Plan, wanted: Sequence[Variant], options: Options) -> list[Variant]:
    """Return those of the variants that a person asked for; raises `UsageError` for none."""
    every = [*plan.variants, *plan.hostile]
    if options.variants:
        by_name = {variant.name: variant for variant in every}
        for name in options.variants:
            if name not in by_name:
                raise UsageError(
                    f"There is no variant {name}.", did_you_mean(name, list(by_name), shown=8)
                )
        return [by_name[name] for name in options.variants]
    axes = plan.space.axes
    for question, picked in options.only.items():
        if question not in axes:
            raise UsageError(
                f"No question {question!r} varies.", did_you_mean(question, list(axes))
            )
        if picked not in axes[question]:
            hint = did_you_mean(picked, list(axes[question]))
            raise UsageError(f"{question} is never {picked!r}.", hint)
    chosen = [v for v in wanted if all(v.picks.get(q) == w for q, w in options.only.items())]
    if not chosen and options.only:
        # None of the few has these values together, but another variant may.
        chosen = [v for v in every if all(v.picks.get(q) == w for q, w in options.only.items())][:1]
    if not chosen:
        raise UsageError("No variant has all of these values.", "Leave one --only out.")
    return chosen


def _changed(run: Run, renders: dict[Variant, Tree]) -> dict[Variant, Tree]:
    """Return the renders that are not as in the revision that is compared with."""
    if not run.options.since:
        return renders
    run.tell(Progress(f"rendering {run.options.since}"))
    same = unchanged(run.subject, run.options, run.config, renders)
    run.counts["unchanged"] = len(same)
    return {variant: tree for variant, tree in renders.items() if variant not in same}


def _commands(
    run: Run,
    tier: int,
    few: Sequence[Variant],
    renders: Mapping[Variant, Tree],
    proofs: Proofs,
) -> None:
    if not run.config.commands and run.config.server is None:
        run.notes.append(NO_COMMANDS)
        return
    steps = chosen_steps(run.config, run.options.steps)
    chosen = [variant for variant in run.chosen if variant in few] or list(run.chosen)
    mine = {variant: renders[variant] for variant in chosen if variant in renders}
    if tier == 2:
        mine = dict(list(mine.items())[: run.config.covering.from_nothing])
    with tempfile.TemporaryDirectory(prefix="scaffold-", ignore_cleanup_errors=True) as name:
        line = Line(
            tier, run.config, steps, run.subject.root, Path(name), kept.folder(), proofs, run.tell
        )
        among = {variant: renders[variant] for variant in few if variant in renders}
        _add(run, line.run(mine, {**among, **mine}, run.options.jobs), renders)


def _add(run: Run, results: Iterable[Result], renders: Mapping[Variant, Tree]) -> None:
    """Add results; a failure is kept and told with the command that reproduces it."""
    trees = {variant.name: tree for variant, tree in renders.items()}
    for result in results:
        if result.state is State.FAILED:
            again = _command(result, run.options)
            result = replace(result, again=again, folder=_kept(run, result, trees))
            run.tell(Progress(failure=result))
        run.results.append(result)


def _command(result: Result, options: Options) -> str:
    words = ["scaffold", "validate", "--tier", str(result.tier)]
    if result.variant != "all" and result.step != RULES:
        words += ["--variant", result.variant]
    if result.tier in (1, 2):
        words += ["--step", result.step] * (result.step != ENVIRONMENT)
    if options.seed != Options.seed:
        words += ["--seed", options.seed]
    words += ["--trust"] * options.trust + ["--no-hooks"] * (not options.hooks)
    return shlex.join(words)


def _kept(run: Run, result: Result, trees: Mapping[str, Tree]) -> str:
    """Keep the render of a failure: of the first, and of all where a person named a folder."""
    tree = trees.get(result.variant)
    is_first = not any(known.folder for known in run.results)
    if tree is None or not (is_first or run.options.keep):
        return ""
    base = run.options.keep or Path(tempfile.mkdtemp(prefix="scaffold-broken-"))
    folder = base.absolute() / slug(result.variant)
    if not folder.exists():
        write(tree, folder)
    return str(folder)


def _digest(plan: Plan, options: Options) -> str:
    """Return what shards must have in common to be parts of one run."""
    names = [variant.name for variant in (*plan.variants, *plan.hostile)]
    about = (names, sorted(options.tiers), options.seed, sorted(options.only.items()))
    return hashlib.sha256(repr(about).encode()).hexdigest()[:16]
