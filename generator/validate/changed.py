"""What a change of the template can have broken: variants that render to other files."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator import git
from generator.errors import ScaffoldError, UsageError
from generator.tree import Tree
from generator.validate.config import LENIENT, Config
from generator.validate.space import Variant
from generator.validate.template import OtherTemplate, Subject, open_subject

if TYPE_CHECKING:
    from generator.validate.run import Options


def unchanged(
    subject: Subject, options: Options, config: Config, renders: Mapping[Variant, Tree]
) -> set[Variant]:
    """Return the variants that the revision `options.since` renders to the same files.

    Where what proves them has changed, too, there are none. Raises `UsageError` for a revision
    that is not there.
    """
    top = _repository(options.root)
    commit = _commit(top, options.since)
    if _proof_changed(top, commit, options.root, config):
        return set()
    with tempfile.TemporaryDirectory(prefix="scaffold-") as name:
        old = Path(name) / "old"
        _export(top, commit, old)
        root = old / subject.root.resolve().relative_to(top)
        lenient = replace(config.checks, undefined=LENIENT)
        try:
            before = open_subject(root, lenient, trust=True, hooks=options.hooks)
        except ScaffoldError:  # there was no template yet
            return set()
        if isinstance(before, OtherTemplate):
            before = replace(before, source=str(subject.root))
        with closing(before.rendered(list(renders), options.jobs)) as rendered:
            return {one.variant for one in rendered if one.tree == renders[one.variant]}


def _repository(root: Path) -> Path:
    try:
        return Path(git.run_git(root, "rev-parse", "--show-toplevel").strip())
    except ScaffoldError as error:
        what = "The template is in no git repository, so nothing can be compared."
        raise UsageError(what, "Leave --changed-since out.") from error


def _commit(top: Path, revision: str) -> str:
    found = git.call(top, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if found.returncode:
        raise UsageError(f"There is no revision {revision}.", "Fetch it, or name another one.")
    return found.stdout.decode().strip()


def _export(top: Path, commit: str, folder: Path) -> None:
    clone = ("clone", "--quiet", "--shared", "--no-checkout", "--template=")
    git.run_git(folder.parent, *clone, "--", str(top), folder.name)
    git.run_git(folder, "checkout", "--quiet", "--detach", commit)


def _proof_changed(top: Path, commit: str, root: Path, config: Config) -> bool:
    """Tell whether `validate.toml`, or a file that a command reads, is not as it was."""
    patterns = [pattern for command in config.commands or () for pattern in command.reads]
    patterns += config.server.suite.reads if config.server else ()
    inside = root.resolve().relative_to(top.resolve())
    paths = [f":(glob){(inside / pattern).as_posix()}" for pattern in ("validate.toml", *patterns)]
    changed = git.run_git(top, "diff", "--name-only", commit, "--", *paths)
    new = git.run_git(top, "ls-files", "--others", "--exclude-standard", "--", *paths)
    return bool(changed.strip() or new.strip())
