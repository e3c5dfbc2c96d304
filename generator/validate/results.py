"""What is known of the variants: which steps passed, were known, failed or are left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How a step ended; one that is left was never begun."""

    PASSED = "passed"
    KNOWN = "known"
    FAILED = "failed"
    SKIPPED = "skipped"
    LEFT = "left"


@dataclass(frozen=True)
class Result:
    """A step of a variant: `text` is what is wrong in one line, `output` what programs said.

    `again` is the command that reproduces a failure, `folder` where its render was kept.
    """

    variant: str
    tier: int
    step: str
    state: State
    seconds: float = 0.0
    text: str = ""
    output: str = ""
    again: str = ""
    folder: str = ""


@dataclass(frozen=True)
class Progress:
    """What a person is told while it runs: a failure, or a `stage` with what is done of it."""

    stage: str = ""
    done: int = 0
    total: int = 0
    running: Sequence[str] = ()
    failure: Result | None = None


Tell = Callable[[Progress], None]


@dataclass(frozen=True)
class Report:
    """All of a run: `variants` have their answers, `counts` what was counted beside results.

    `space` names what was to be validated: shards with the same one belong together.
    """

    template: str
    variants: Mapping[str, Mapping[str, Any]]
    results: Sequence[Result]
    space: str = ""
    seed: str = ""
    shard: str = ""
    counts: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def failures(self) -> list[Result]:
        """The steps that failed."""
        return [result for result in self.results if result.state is State.FAILED]

    def states(self) -> Counter[State]:
        """Return how many steps ended in each way."""
        return Counter(result.state for result in self.results)
