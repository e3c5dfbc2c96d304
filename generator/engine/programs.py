"""The programs that a project needs on the PATH, which its template names."""

from __future__ import annotations

from collections.abc import Iterator

from generator.engine.doctor_settings import Finding
from generator.project import environment
from generator.questions.facts import Facts


def lacking(facts: Facts) -> Finding | None:
    """Return what is to say of the first program that is missing or too old."""
    return next((finding for finding in examine(facts) if finding.cure), None)


def examine(facts: Facts) -> Iterator[Finding]:
    """Yield what was found of each program: missing, too old, or its version."""
    for program in facts.programs:
        version = environment.program_version(program.name)
        if version is None:
            yield Finding(f"{program.name} is not on the PATH.", program.cure)
        elif int(version.split(".")[0]) < program.at_least:
            what = f"{program.name} is {version}; the project needs {program.at_least} or newer."
            yield Finding(what, program.cure)
        else:
            yield Finding(f"{program.name} {version}")
