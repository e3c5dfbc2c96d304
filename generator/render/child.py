"""The child process that renders somebody else's template, or runs code of it.

It reads a `Request` from the file that is its first argument, and writes a `Reply`, or the error,
to the second. What hooks and tasks print goes where the process prints.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from generator.render import lazily
from generator.render.request import AnswerError, RefusalError, Reply, Request, TemplateError
from generator.versions.engines import COOKIECUTTER


def main(question: Path, answer: Path) -> None:
    """Do what the request in the file `question` says, and write the result to `answer`."""
    do(json.loads(question.read_text(encoding="utf-8")), answer)


def do(sent: dict[str, Any], answer: Path) -> None:
    """Do a request that was sent, and write the result to the file `answer`."""
    request = Request(**{**sent, "steps": tuple(sent["steps"])})
    result: dict[str, Any]
    try:
        result = {"reply": asdict(_run(request))}
    except AnswerError as error:
        result = {"error": str(error), "hint": error.hint, "refused": True}
    except TemplateError as error:
        refused = isinstance(error, RefusalError)
        result = {"error": str(error), "cure": error.cure, "refused": refused}
    answer.write_text(json.dumps(result, default=str), encoding="utf-8")


def prepare(engine: str) -> Callable[[Request], Reply]:
    """Import what renders an engine's templates, and return it."""
    if engine == COOKIECUTTER:
        # Its extension for dates imports this, which takes as long as a render, for few templates.
        lazily.load("arrow")
        from generator.render import any_cookiecutter

        return any_cookiecutter.run
    from generator.render import any_copier

    return any_copier.run


def _run(request: Request) -> Reply:
    try:
        return prepare(request.engine)(request)
    except TemplateError:
        raise
    except Exception as error:  # an extension of the template raises what it likes
        what = " ".join(str(error).split())
        raise TemplateError(f"{type(error).__name__}: {what}") from error


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
