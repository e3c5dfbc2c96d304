"""Templates are compiled once, and never from what they said before."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from jinja2.ext import Extension

from generator.render.cache import KEPT_SECONDS, CompiledTemplates

Render = Callable[[], str]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of compiled templates."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path / "caches" / "scaffold" / "templates"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "greeting.txt"
    path.write_text("Hello {{ name }}")
    return path


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every source that is compiled."""
    sources: list[str] = []
    compile_source = Environment.compile

    def compile_and_note(self: Environment, source: str, *args: object) -> object:
        sources.append(source)
        return compile_source(self, source, *args)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", compile_and_note)
    return sources


def render(template: Path, kept_as: str = "v1", **settings: object) -> str:
    """Render a string and a file, as copier does for each file of a template."""
    environment = Environment(loader=FileSystemLoader(template.parent), **settings)  # type: ignore[arg-type]
    compiled = CompiledTemplates.of(kept_as)
    compiled.use_in(environment)
    path = environment.from_string("{{ name }}.txt").render(name="Ada")
    text = environment.get_template(template.name).render(name="Ada")
    compiled.save()
    return f"{path}: {text}"


def test_the_second_render_compiles_nothing(
    kept: Path, template: Path, compiled: list[str]
) -> None:
    first = render(template)
    assert len(compiled) == 2
    assert render(template) == first == "Ada.txt: Hello Ada"
    assert len(compiled) == 2


def test_a_changed_template_is_compiled_anew(kept: Path, template: Path) -> None:
    render(template)
    template.write_text("Good morning {{ name }}")
    assert render(template) == "Ada.txt: Good morning Ada"


def test_other_settings_of_jinja_make_another_template(kept: Path, template: Path) -> None:
    template.write_text("{% if name %}\nHello\n{% endif %}")
    assert render(template) == "Ada.txt: \nHello\n"
    assert render(template, trim_blocks=True) == "Ada.txt: Hello\n"


@pytest.mark.parametrize("garbage", [b"", b"garbage", None], ids=["empty", "other", "cut"])
def test_a_damaged_file_is_compiled_anew(kept: Path, template: Path, garbage: bytes | None) -> None:
    render(template)
    for file in kept.iterdir():
        file.write_bytes(file.read_bytes()[:40] if garbage is None else garbage)
    assert render(template) == "Ada.txt: Hello Ada"


class Shouting(Extension):
    """An extension of a template's own, which is not a package with a version."""

    def preprocess(self, source: str, *_: object) -> str:
        return source.replace("Hello", self.word)

    word = "HELLO"


def test_a_template_with_extensions_of_its_own_is_compiled_each_time(
    kept: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert render(template, extensions=[Shouting]) == "Ada.txt: HELLO Ada"
    monkeypatch.setattr(Shouting, "word", "HULLO")
    assert render(template, extensions=[Shouting]) == "Ada.txt: HULLO Ada"


def test_only_the_environment_that_is_named_uses_the_cache(kept: Path) -> None:
    untouched = Environment.from_string
    CompiledTemplates.of("v1").use_in(Environment())
    assert Environment.from_string is untouched
    assert Environment().bytecode_cache is None


def test_without_a_folder_to_keep_them_in_templates_render(kept: Path, template: Path) -> None:
    kept.parents[1].write_text("a file where the folder should be")
    assert render(template) == "Ada.txt: Hello Ada"


def test_what_is_old_goes_when_something_new_comes(kept: Path, template: Path) -> None:
    render(template)
    old = time.time() - KEPT_SECONDS - 60
    for file in kept.iterdir():
        os.utime(file, (old, old))
    template.write_text("Something new")
    render(template, kept_as="v2")
    assert [file.name.split(".")[0] for file in kept.iterdir()] == ["v2"]
