"""What the engine asks of a template, whatever program renders it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from generator.versions import store
from generator.versions.locate import Source, find_source, template_root

if TYPE_CHECKING:
    from generator.questions.catalog import Catalog
    from generator.questions.facts import Facts


class Backend(Protocol):
    """A template on disk: its questions, and the files that its answers make."""

    def catalog(self) -> Catalog:
        """Return the questions, in the order in which they are asked, and the manifest."""

    def written_once(self) -> list[str]:
        """Return patterns, as in `.gitignore`, of files that belong to the project's owner.

        They are written when a project is made, and never merged.
        """

    def render(
        self,
        answers: Mapping[str, Any],
        out: Path,
        version: str,
        transition: Mapping[str, Any] | None = None,
    ) -> list[str]:
        """Write the project that complete and valid `answers` make into the folder `out`.

        The project records `version` as its template's, and nothing of `transition`: for that, the
        template has files that it renders once, when answers change. Nothing is written outside
        `out`. Returns the paths of the files, sorted. Raises `ScaffoldError` when the template is
        at fault. May be called from several threads at once.
        """


def backend_of(root: Path) -> Backend:
    """Return the backend for the template at `root`."""
    from generator.render.copier import CopierTemplate

    return CopierTemplate(root)


def facts_of(framework: str | None) -> Facts:
    """Return what the template of this package knows of the projects of a framework."""
    return backend_of(template_root()).catalog().manifest.facts(framework)


def render(
    answers: Mapping[str, Any],
    out: Path,
    source: Source | None = None,
    version: str | None = None,
    transition: Mapping[str, Any] | None = None,
) -> list[str]:
    """Render `source`, by default the template of this package, as `Backend.render` does.

    `version` is by default the tag that the store has or would have for it.
    """
    source = source or find_source()
    version = version or store.version_of(source)
    return backend_of(source.root).render(answers, out, version, transition)
