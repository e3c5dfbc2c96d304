"""Generated projects that are measured: the default one, and others that differ in one thing."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.questions.answers import complete
from generator.render.backend import backend_of, render
from generator.versions import store
from generator.versions.locate import find_source
from tests.contract.server import Project

from .environment import environment, with_packages

# The last release whose templates have no jobs, files or telemetry.
BEFORE_OPTIONS = "v0.6.0"


@dataclass(frozen=True)
class Kind:
    """A kind of project: a name, what is answered, the settings of its server, and its release.

    Without a release, it is made of the templates as they are.
    """

    name: str
    folder: str = "shop"
    answers: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    release: str = ""


PLAIN = Kind("default")


def with_options(collector: str) -> list[Kind]:
    """Return the kinds to compare the default with; telemetry goes to the address `collector`."""
    sampled = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector, "OTEL_TRACES_SAMPLER_ARG": "0.01"}
    return [
        Kind(f"as of {BEFORE_OPTIONS}", "before", release=BEFORE_OPTIONS),
        Kind("jobs=queue", "jobs", {"jobs": "queue"}),
        Kind("storage=files", "files", {"storage": "files"}),
        Kind("observability=otel, nothing sent", "silent", {"observability": "otel"}),
        Kind("observability=otel, 1 % sampled", "sampled", {"observability": "otel"}, sampled),
    ]


def generate(framework: str, kind: Kind, folder: Path) -> Project:
    """Generate the framework's project of this kind in a new folder, for this Python."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    chosen = {"framework": framework, "database": "postgres", **kind.answers}
    if framework != "express":
        chosen["python_version"] = python
    source = store.fetch(kind.release, folder.parent) if kind.release else find_source()
    catalog = backend_of(source.root).catalog()
    answers = complete(catalog, folder.name, options=chosen, assigned={}, file={}, resources=())
    render(answers, folder, source, kind.release or None)
    programs = with_packages(folder) if framework == "express" else environment((), folder)
    return Project(folder, programs)
