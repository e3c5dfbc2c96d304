"""T0: every variant is whole, readable and tidy, and has what its answers ask for and no more."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from generator.errors import UsageError
from generator.questions.facts import ReservedNames
from generator.questions.resource_texts import parse_resource
from generator.questions.resources import TYPES
from generator.questions.rules import check_resources
from generator.render.strict import Render
from generator.tree import Tree
from generator.validate import checks
from generator.validate.config import ANY
from generator.validate.marks import marks

from .distinct import Distinct, listing, problems, text_of
from .expected import expected_files, traces
from .model import Variant, all_variants, axes, pairwise
from .resources import ARGUMENTS, MODIFIERS, legal_modifiers

# What Alembic's templates have is theirs.
BRACES = ("migrations/script.py.mako",)


def test_there_are_hundreds_of_variants_and_each_has_an_id_of_its_own() -> None:
    ids = {str(variant) for variant in all_variants()}
    assert len(ids) == len(all_variants()) > 100


def test_the_variants_to_run_have_every_value_of_every_question() -> None:
    chosen = pairwise()
    for question, values in axes().items():
        assert {variant[question] for variant in chosen} == set(values)


@pytest.mark.parametrize("kind", TYPES)
def test_types_take_the_modifiers_that_make_sense_for_them(kind: str) -> None:
    taken = [
        modifiers
        for modifiers in MODIFIERS
        if is_legal(f"{kind}{ARGUMENTS.get(kind, '')}{modifiers}")
    ]
    assert taken == legal_modifiers(kind)


def is_legal(field: str) -> bool:
    author, other = parse_resource("author name:str"), parse_resource(f"sample value:{field}")
    try:
        check_resources([author, other], reserved=ReservedNames(), users=True)
    except UsageError:
        return False
    return True


def test_answers_that_are_called_inert_change_no_python(renders: dict[Variant, Render]) -> None:
    code = defaultdict(set)
    for variant, files in renders.items():
        python = {item for item in files.items() if item[0].endswith(".py")}
        code[variant.live_part()].add(frozenset(python))
    assert len(code) < len(renders) / 2
    assert [str(part) for part, trees in code.items() if len(trees) > 1] == []


def test_tier_0_finds_nothing_in_names_and_files(
    trees: dict[Variant, Tree], distinct: Distinct
) -> None:
    any_mark = marks(ANY, (), ())
    found = [*checks.names(trees), *checks.look_at(distinct, any_mark, BRACES)]
    wrong = [one for one in found if not (one.check == "marks" and one.path in BRACES)]
    assert not wrong, listing(map(str, wrong))


def untidy(text: str) -> str | None:
    if not text.strip():
        return "is empty"
    if "\r" in text:
        return "has carriage returns"
    if not text.endswith("\n") or text.endswith("\n\n"):
        return "does not end in one newline"
    if text.startswith("\n"):
        return "begins with an empty line"
    for number, line in enumerate(text.splitlines(), 1):
        if line != line.rstrip():
            return f"line {number} ends in white space"
        if "\t" in line:
            return f"line {number} has a tab"
    return "has three empty lines in a row" if "\n\n\n\n" in text else None


def test_files_are_tidy(distinct: Distinct) -> None:
    found = problems(distinct, lambda file: untidy(text_of(file)))
    assert not found, listing(found)


def test_names_are_short_and_plain(distinct: Distinct) -> None:
    for path in {one.path for one in distinct}:
        assert len(path) < 150, path
        for part in path.split("/"):
            assert re.fullmatch(r"[\w.-]*[\w-]", part, re.ASCII), path


def test_every_variant_has_the_files_that_its_answers_ask_for(
    renders: dict[Variant, Render],
) -> None:
    found: dict[str, Variant] = {}
    for variant, files in renders.items():
        wanted, unwanted = expected_files(variant.answers())
        found |= {f"{path} is missing": variant for path in wanted - set(files)}
        found |= {
            f"{path} is too much": variant
            for path in files
            if any(path == name or path.startswith(f"{name}/") for name in unwanted)
        }
    assert not found, listing(f"{what} in {variant}" for what, variant in found.items())


@pytest.mark.parametrize("feature", ["auth", "jobs", "observability", "storage", "docker", "ci"])
def test_a_feature_that_is_off_leaves_no_trace(
    renders: dict[Variant, Render], feature: str
) -> None:
    never = [variant for variant in renders if variant.is_asked_for]
    off = [renders[variant] for variant in never if variant[feature] in (False, "none")]
    different = {item for files in off for item in files.items()}
    if feature == "auth":  # links to files have tokens, too
        different = {item for item in different if "/files/" not in item[0]}
    found = {f"{path}: {line}" for path, text in different for line in traces(feature, path, text)}
    assert not found, listing(found)
