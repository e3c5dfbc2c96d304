"""Effects of a change on the data in a project's database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.engine.transition import Transition


@dataclass(frozen=True)
class DataEffects:
    """A sentence for each loss or opening of data, one for other changes of data, and steps.

    The `steps` are what the owner does so that the project works with its data again. With a
    `transition`, the change brings its migration. Further `answers` are given with the change.
    """

    losses: Sequence[str] = ()
    notices: Sequence[str] = ()
    steps: Sequence[str] = ()
    transition: Transition | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)

    def variables(self) -> dict[str, Any] | None:
        """Return what the template is rendered with beside the answers, this one time."""
        return self.transition.variables() if self.transition else None
