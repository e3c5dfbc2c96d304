"""What a person sees of a validation: what runs now, the first failure at once, the sum."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator

from generator.cli.output import say
from generator.text import counted
from generator.validate.results import Progress, Report, Result, State

EVERY_SECONDS = 10  # without a terminal, a line now and then shows that it goes on
MOST_OUTPUT, FEW_LINES = 30, 3
MOST_FAILURES = 20


class Screen:
    """Shows progress on stderr: one line that changes, or lines where there is no terminal."""

    def __init__(self) -> None:
        """Begin with nothing shown."""
        self.is_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.last = 0.0
        self.stage = ""
        self.failed = 0
        self.told: set[tuple[str, str]] = set()

    def tell(self, progress: Progress) -> None:
        """Show a failure as it happens, and what is being done."""
        if progress.failure:
            self._failure(progress.failure)
        else:
            self._line(progress)

    def _failure(self, result: Result) -> None:
        kind = result.step, result.text
        if kind in self.told or self.failed >= MOST_FAILURES:
            return  # the sum at the end counts it
        self.told.add(kind)
        self.failed += 1
        self.end()
        for line, style in failure(result, is_first=self.failed == 1):
            say(line, style, error=True)

    def _line(self, progress: Progress) -> None:
        now = time.monotonic()
        is_new = progress.stage != self.stage
        if not is_new and now - self.last < (0.1 if self.is_terminal else EVERY_SECONDS):
            return
        self.last, self.stage = now, progress.stage
        text = progress.stage
        if progress.total:
            text += f": {progress.done} of {progress.total}"
        if progress.running:
            text += f"; now {', '.join(progress.running[:2])}"
        if self.is_terminal:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(f"\r\x1b[K{text[:width]}")
            sys.stderr.flush()
        else:
            say(text, error=True)

    def end(self) -> None:
        """Remove the line that changes."""
        if self.is_terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def failure(result: Result, *, is_first: bool) -> Iterator[tuple[str, str]]:
    """Yield the lines that tell of a failure, with their styles."""
    where = "" if result.variant in result.text else f" of {result.variant}"
    yield f"Failed: {result.step}{where}: {result.text}", "red"
    most = MOST_OUTPUT if is_first else FEW_LINES
    for line in result.output.strip().splitlines()[-most:]:
        yield f"    {line}", ""
    if result.folder:
        yield f"  its render: {result.folder}", ""
    yield f"  again: {result.again}", "cyan"


def summary(report: Report) -> Iterator[tuple[str, str]]:
    """Yield the lines that say what is known at the end, with their styles."""
    counts, states = report.counts, report.states()
    variants = counted(len(report.variants), "variant")
    if total := counts.get("combinations"):
        variants += f" of {counted(total, 'combination')}"
    more = [
        f"{counts[name]} {words}"
        for name, words in (
            ("ruled_out", "ruled out"),
            ("refused", "refused by the template"),
            ("unchanged", "unchanged"),
            ("shards", "shards"),
        )
        if counts.get(name)
    ]
    yield f"{variants}{', '.join(['', *more])}.", ""
    words = [
        f"{states[state]} {state.value}"
        for state in (State.PASSED, State.KNOWN, State.SKIPPED, State.FAILED, State.LEFT)
        if states[state]
    ]
    for note in report.notes:
        yield f"Note: {note}", "yellow"
    for (step, text), count in Counter((f.step, f.text) for f in report.failures).items():
        if count > 1:
            yield f"{counted(count, 'variant')} failed alike: {step}: {text}", ""
    bad = report.failures or report.interrupted
    end = "interrupted" if report.interrupted else "failed" if bad else "passed"
    steps = ", ".join(words) or "nothing was done"
    line = f"{end.capitalize()} in {report.seconds:.1f} s: {steps}."
    yield line, "bold red" if bad else "bold green"
