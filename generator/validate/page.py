"""The report as one page of HTML: a matrix of variants to read, filter and open."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from generator.validate.results import Report, Result, State

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1d2530; background: #fff }
input { font: inherit; padding: .3rem .6rem; min-width: 20rem; border: 1px solid #8895a7;
  border-radius: 4px }
table { border-collapse: collapse; margin-top: 1rem }
th, td { text-align: left; padding: .25rem .7rem; border-bottom: 1px solid #d9dfe7;
  vertical-align: top }
thead th { position: sticky; top: 0; background: #fff }
.passed { color: #11713a } .known { color: #2f6f8f } .failed { color: #b3261e; font-weight: 600 }
.skipped, .left { color: #6b7480 }
pre { white-space: pre-wrap; background: #f4f6f9; padding: .7rem; max-width: 60rem }
@media (prefers-color-scheme: dark) {
  body, thead th { color: #e3e8ef; background: #14181d } th, td { border-color: #333c47 }
  pre { background: #1e242b } .passed { color: #58c98b } .known { color: #79b8d8 }
  .failed { color: #ff8a80 }
}
"""
SCRIPT = """
const filter = document.querySelector("input[type=search]");
const bad = document.querySelector("input[type=checkbox]");
const rows = [...document.querySelectorAll("tbody tr")];
function show() {
  const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const fits = words.every((word) => row.dataset.words.includes(word));
    row.hidden = !fits || (bad.checked && !row.dataset.failed);
    shown += row.hidden ? 0 : 1;
  }
  document.querySelector("output").textContent = `${shown} of ${rows.length} variants`;
}
filter.addEventListener("input", show);
bad.addEventListener("change", show);
show();
"""


def html(report: Report) -> str:
    """Return the page, which needs nothing else."""
    return "\n".join(_page(report)) + "\n"


def _page(report: Report) -> Iterator[str]:
    questions = list(dict.fromkeys(q for picks in report.variants.values() for q in picks))
    by_variant: dict[str, list[Result]] = {name: [] for name in report.variants}
    for result in report.results:
        by_variant.setdefault(result.variant, []).append(result)
    steps = list(dict.fromkeys((result.tier, result.step) for result in report.results))
    states = report.states()
    end = "interrupted" if report.interrupted else "failed" if report.failures else "passed"
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(end)}: scaffold validate</title>\n<style>{STYLE}</style>"
    yield "</head>\n<body>"
    yield f"<h1>{len(report.variants)} variants {escape(end)}</h1>"
    words = ", ".join(f"{states[state]} {state.value}" for state in State if states[state])
    yield f"<p>{escape(words)}, in {report.seconds:.1f} s. Seed {escape(report.seed)}.</p>"
    yield from (f"<p>{escape(note)}</p>" for note in report.notes)
    yield '<p><label>Filter <input type="search" placeholder="postgres failed"></label>'
    yield '<label><input type="checkbox"> failed only</label> <output></output></p>'
    heads = ["variant", *questions, *(f"{step} ({tier})" for tier, step in steps)]
    row = "".join(f"<th>{escape(head)}</th>" for head in heads)
    yield f"<table>\n<thead><tr>{row}</tr></thead>"
    yield "<tbody>"
    for name, results in by_variant.items():
        yield _row(name, report.variants.get(name, {}), results, questions, steps)
    yield f"</tbody>\n</table>\n<script>{SCRIPT}</script>\n</body>\n</html>"


def _row(
    name: str,
    picks: object,
    results: list[Result],
    questions: list[str],
    steps: list[tuple[int, str]],
) -> str:
    values = dict(picks) if isinstance(picks, dict) else {}
    states = sorted({result.state.value for result in results})
    failed = State.FAILED.value in states
    words = " ".join([name, *map(str, values.values()), *states]).lower()
    cells = [f"<th>{escape(name)}</th>"]
    cells += [f"<td>{escape(str(values.get(question, '')))}</td>" for question in questions]
    cells += [_cell([r for r in results if (r.tier, r.step) == step]) for step in steps]
    mark = ' data-failed="yes"' if failed else ""
    return f'<tr data-words="{escape(words)}"{mark}>{"".join(cells)}</tr>'


def _cell(results: list[Result]) -> str:
    return f"<td>{''.join(map(_shown, results))}</td>"


def _shown(result: Result) -> str:
    word = f'<span class="{result.state.value}">{result.state.value}</span>'
    if result.state is not State.FAILED:
        return word
    details = "\n".join(filter(None, [result.text, result.output, result.folder, result.again]))
    return f"<details><summary>{word}</summary><pre>{escape(details)}</pre></details>"
