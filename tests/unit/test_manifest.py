"""`scaffold.yml`: what a template tells of itself, and what becomes of a template that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import __version__
from generator.errors import ScaffoldError
from generator.questions.catalog import load_catalog
from generator.questions.facts import Facts
from generator.questions.manifest import Manifest, load
from generator.versions.locate import template_root


def template(folder: Path, text: str) -> Path:
    (folder / "scaffold.yml").write_text(text)
    return folder


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ScaffoldError) as refused:
        load(template(folder, text))
    line = f"{refused.value.message} {refused.value.hint}"
    assert "\n" not in line
    return line


def test_a_template_without_a_manifest_tells_nothing(tmp_path: Path) -> None:
    assert load(tmp_path) == Manifest()
    assert load(tmp_path).facts("django") == Facts()


def test_a_template_without_a_manifest_can_have_that_of_another(tmp_path: Path) -> None:
    assert load(tmp_path, fallback=template_root()) == load(template_root())


def test_a_manifest_of_its_own_is_taken_before_the_fallback(tmp_path: Path) -> None:
    template(tmp_path, "format: 1\n")
    assert load(tmp_path, fallback=template_root()) == Manifest()


def test_every_framework_of_this_template_says_what_is_needed() -> None:
    catalog = load_catalog(template_root())
    for framework in catalog.questions["framework"].values:
        facts = catalog.manifest.frameworks[framework]
        assert facts.pending_migrations
        assert facts.migrations
        assert facts.settings
        assert facts.settings.host.name == "HOST"
        assert facts.urls["Docs"] == "http://localhost:8000/docs"
        run, dashes = ("npm run", "-- ") if facts.packages else ("uv run poe", "")
        assert facts.commands.dev == f"{run} dev"
        assert facts.commands.make_migration == f'{run} makemigrations {dashes}-m "what changes"'


def test_the_readme_shows_the_first_request() -> None:
    facts = load_catalog(template_root()).manifest.common
    lines = facts.first_request.shell.replace("{resource}", "items")
    readme = Path(__file__).parents[2] / "README.md"
    assert lines
    assert lines in readme.read_text(encoding="utf-8")


def test_presets_answer_questions_that_this_template_asks() -> None:
    catalog = load_catalog(template_root())
    assert set(catalog.manifest.presets) == {"minimal", "full"}
    for preset in catalog.manifest.presets.values():
        assert preset.keys() <= catalog.questions.keys()


def test_facts_of_a_framework_are_laid_over_the_common_ones(tmp_path: Path) -> None:
    manifest = load(
        template(
            tmp_path,
            "format: 1\n"
            "common:\n"
            "  commands: {dev: make dev, migrate: make migrate}\n"
            "  reserved: {fields: [{reason: common, names: [id]}]}\n"
            "frameworks:\n"
            "  rails:\n"
            "    commands: {dev: bin/dev}\n"
            "    reserved: {fields: [{reason: rails, names: [type]}]}\n",
        )
    )
    rails = manifest.facts("rails")
    assert (rails.commands.dev, rails.commands.migrate) == ("bin/dev", "make migrate")
    assert [group.reason for group in rails.reserved.fields] == ["common", "rails"]
    assert [group.reason for group in manifest.facts("sinatra").reserved.fields] == ["common"]


def test_keys_that_are_not_known_are_ignored(tmp_path: Path) -> None:
    text = "format: 1\nlater: [1]\ncommon: {later: 2, commands: {dev: x, later: 3}}\n"
    assert load(template(tmp_path, text)).common.commands.dev == "x"


@pytest.mark.parametrize(
    "text",
    ["format: 2\ncommon: 5\n", 'format: 1\nmin_scaffold: "99.0.0"\ncommon: 5\n'],
)
def test_a_manifest_for_a_newer_scaffold_is_refused_with_how_to_upgrade(
    tmp_path: Path, text: str
) -> None:
    line = refusal(tmp_path, text)
    assert "newer" in line
    assert "Upgrade scaffold" in line


def test_a_manifest_for_this_scaffold_or_an_older_one_is_read(tmp_path: Path) -> None:
    for version in ("0.0.1", __version__):
        load(template(tmp_path, f"format: 1\nmin_scaffold: {version}\n"))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "format must be a whole number"),
        ("- a\n", "the whole file must be a mapping"),
        ("a: [\n", "the whole file must be valid YAML"),
        ("\0", "the whole file must be valid YAML"),
        ("format: one\n", "format must be a whole number"),
        ("format: true\n", "format must be a whole number"),
        ("format: 1\nmin_scaffold: 0.3\n", "min_scaffold must be text"),
        ("format: 1\nmin_scaffold: new\n", "min_scaffold must be a version"),
        ("format: 1\ncommon: []\n", "common must be a mapping"),
        ("format: 1\ncommon: {1: 2}\n", "common.1 must be under a key that is text"),
        ("format: 1\ncommon: {commands: {dev: 1}}\n", "common.commands.dev must be text"),
        ("format: 1\nproject_names: {reserved: [a, no]}\n", "project_names.reserved.1 must be"),
        (
            "format: 1\ndata_changes: [{asks: no way}]\n",
            "data_changes.0.asks must be true",
        ),
        ("format: 1\npresets: {full: x}\n", "presets.full must be a mapping"),
        ("format: 1\nframeworks: {a: {pages: x}}\n", "frameworks.a.pages must be a mapping"),
        ("format: 1\ncommon: {reserved: {fields: x}}\n", "common.reserved.fields must be a list"),
    ],
)
def test_a_damaged_manifest_names_the_key(tmp_path: Path, text: str, key: str) -> None:
    assert key in refusal(tmp_path, text)
