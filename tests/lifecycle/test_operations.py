"""The engine without the command line: typed options in, results out, and nothing printed."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from typing import Any

from tests.lifecycle.conftest import Shop

EDITED = "app/core/health.py"


def run(shop: Shop, script: str) -> Any:
    """Run a script in the project with stdin, stdout and stderr closed; return its `told`."""
    told = shop.home / "told.json"
    program = (
        "import json, os, sys, threading\nfrom pathlib import Path\n"
        "from generator.engine import inspection, operations as op\n"
        "from generator.engine.options import ChangeOptions, UpdateOptions\n"
        "for number in (0, 1, 2): os.close(number)\n"
        f"here, told = Path({str(shop.folder)!r}), {{}}\n"
        f"{textwrap.dedent(script)}\n"
        f"Path({str(told)!r}).write_text(json.dumps(told))\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=shop.home, env=shop.env, check=False)
    return json.loads(told.read_text())


def test_a_whole_change_needs_no_terminal(shop: Shop) -> None:
    told = run(
        shop,
        """
        planned = op.update(here, UpdateOptions(dry_run=True))
        done = op.update(here, UpdateOptions())
        added = op.add(here, ["docker"], ChangeOptions())
        status = inspection.status(here)
        told = {
            "states": [planned.state, done.state, added.state],
            "to": done.version,
            "must": done.advice.you_must_do,
            "docker": status.project.answers["docker"],
            "edited": status.drift.edited,
        }
        """,
    )
    assert told["states"] == ["planned", "done", "done"]
    assert (told["to"], told["docker"], told["edited"]) == ("v2.0.0", True, [])
    assert "Tell everybody." in told["must"]
    assert (shop.folder / "Dockerfile").exists()


def test_conflicts_are_a_result_and_end_by_finish_or_abort(shop: Shop) -> None:
    shop.replace(EDITED, '"""', '"""Mine. ')
    shop.commit()
    before = shop.snapshot()
    told = run(
        shop,
        """
        first = op.update(here, UpdateOptions())
        unresolved = op.finish(here)
        aborted = op.abort(here)
        told = {
            "conflicts": [conflict.path for conflict in first.conflicts],
            "states": [first.state, unresolved.state, aborted.state],
            "unresolved": unresolved.unresolved,
        }
        """,
    )
    assert told["conflicts"] == told["unresolved"] == [EDITED]
    assert told["states"] == ["conflicts", "conflicts", "aborted"]
    assert shop.snapshot() == before


def test_edits_that_are_not_committed_hold_a_change_back_until_it_is_carried_out(
    shop: Shop,
) -> None:
    shop.write(EDITED, shop.read(EDITED) + "\n\nMINE = 1\n")
    told = run(
        shop,
        """
        held = op.update(here, UpdateOptions())
        version = op.open_project(here).version
        done = op.carry_out(held)
        told = {"states": [held.state, done.state], "files": held.uncommitted, "version": version}
        """,
    )
    assert told["files"] == [EDITED]
    assert told["states"] == ["uncommitted", "done"]
    assert told["version"] == "v1.0.0"
    assert "MINE = 1" in shop.read(EDITED)


def test_operations_work_in_threads(shop: Shop) -> None:
    told = run(
        shop,
        """
        results = []
        thread = threading.Thread(target=lambda: results.append(op.update(here, UpdateOptions())))
        thread.start()
        thread.join()
        told = {"state": results[0].state}
        """,
    )
    assert told == {"state": "done"}
