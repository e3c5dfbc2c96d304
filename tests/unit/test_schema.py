"""The JSON Schema and the rules accept the same answers, as far as a schema can say it."""

from __future__ import annotations

import builtins
import keyword
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from generator.errors import UsageError
from generator.questions import name_rules, relations, resources
from generator.questions.access import OPTIONS
from generator.questions.answers import complete
from generator.questions.catalog import load_catalog
from generator.questions.names import MAX_LENGTH, refused_names
from generator.questions.schema import answers_schema
from generator.versions.locate import template_root

CATALOG = load_catalog(template_root())
MANIFEST = CATALOG.manifest
VALIDATOR = Draft202012Validator(answers_schema(CATALOG))
# What no schema can say of a list whose entries refer to each other.
ONLY_RULES_CAN_SAY = (
    "would share the name",
    "there are two fields of that name",
    "a ref points to user, to its own resource or to one given before it",
    "a refs points to its own resource or to one given before it",
    "and a resource would share the table",
    "one of them would be called",
    "would have nothing to refer to",
    "is not one of its choices",
    "decimals that fits",
    "is not a date such as",
    "as its ",
    "min must be less than max",
    "the length of a",
    "one before the point at least",
    "The pattern",
    "its length does not fit",
    "its limits leave few values",
    "there is no field",
    "is given twice",
    "would be called like that of",
    "which cannot be unique",
    "have few values together",
    "an index has no room",
    "it is too long for an index",
    "are seen by their owners only",
)


def accept(answers: dict[str, Any]) -> dict[str, Any]:
    """Return the complete answers; raises `UsageError` where the rules refuse them."""
    name = answers.get("project_name", "shop")
    return complete(CATALOG, name, options={}, assigned={}, file=answers)


def agree(document: dict[str, Any]) -> None:
    """Show that schema and rules judge the answers alike."""
    try:
        recorded = accept(document)
    except UsageError as refused:
        by_rules_alone = any(reason in refused.message for reason in ONLY_RULES_CAN_SAY)
        assert by_rules_alone or not VALIDATOR.is_valid(document), refused.message
    else:
        assert VALIDATOR.is_valid(document)
        assert VALIDATOR.is_valid(recorded)


def words(*limits: int) -> st.SearchStrategy[str]:
    """Return names of about one of these lengths, and some that are not of the right form."""
    lengths = st.sampled_from([1, 2, *(n + more for n in limits for more in (-1, 0, 1, 2))])
    plain = lengths.map(lambda length: ("part_" * 20)[: length - 1] + "x")
    return plain | st.text("ab_-19é\n", max_size=4)


def reserved(kind: str) -> list[str]:
    facts = [MANIFEST.common, *MANIFEST.frameworks.values()]
    groups = [group for fact in facts for group in getattr(fact.reserved, kind)]
    names = {name for group in groups for name in group.names}
    names |= {
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
        *name_rules.PYTHON_NAMES,
        *name_rules.BUILTIN_CLASSES,
    }
    return sorted({*names, *(name.removesuffix("s") for name in names)})


resource_names = (
    words(resources.MAX_NAME, resources.MAX_PLURAL)
    | st.sampled_from(reserved("resources"))
    | st.sampled_from(["item", "book", "person", "query", "quiz", "sheep"])
)
field_names = (
    words(resources.MAX_FIELD_NAME)
    | st.sampled_from(reserved("fields"))
    | st.sampled_from(["title", "model_x", "_x", "owner", "author_id", "x\n", "model"])
)
flags = st.fixed_dictionaries({}, optional={m: st.booleans() for m in resources.MODIFIERS})


def with_keys(required: dict[str, Any], optional: dict[str, Any]) -> Any:
    """Return objects with these keys, of which one that is required is missing now and then."""
    whole = st.fixed_dictionaries(required, optional=optional)
    return whole | whole | whole | st.fixed_dictionaries({}, optional={**required, **optional})


any_default = st.sampled_from(
    ["a", "b", "", "1.50", "1.5", "1.50\n", "x" * 21, 1, 2**31, -1.5, True, None, ["a"]]
)
limits = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(
            ("min", "max"),
            st.sampled_from([1, 5, -1.5, 2**31, "1.50", "1.5", "2026-01-31", "2026-13-31", True]),
        ),
        "min_length": st.sampled_from([0, 1, 40, True, "1"]),
        "max_length": st.sampled_from([0, 10, 1001, 50_001, 1.5]),
        "pattern": st.sampled_from(["[a-z]+", "[0-9]{6}", ".*", 1]),
        "sample": st.sampled_from(["abc", 1]),
        "digits": st.sampled_from([12, 8, 16, 0]),
        "decimals": st.sampled_from([2, 0, 8, 15]),
    },
)
choices = st.lists(words(resources.MAX_CHOICE) | st.sampled_from(["a", "b"]), max_size=3)
any_field = st.builds(
    lambda field, more, limited: {**field, **more, **limited},
    with_keys(
        {"name": field_names, "type": st.sampled_from([*resources.TYPES, "string", ""])},
        {
            "choices": choices,
            "target": st.sampled_from(["", "user", "item"]) | resource_names,
            "default": any_default,
        },
    ),
    flags,
    st.just({}) | limits,
)
# Most fields are as they should be, so that a whole document has a chance.
good_field = st.builds(
    lambda name, kind, more: {"name": name, **kind, **more},
    st.sampled_from(["title", "status", "due_on", "author"]) | field_names,
    st.sampled_from(
        [
            *({"type": kind} for kind in resources.TYPES if kind not in relations.REFERENCES),
            {"type": "refs", "target": "item"},
            {"type": "ref", "target": "user", "on_delete": "cascade"},
            {"type": "int", "default": 1},
            {"type": "decimal", "default": "1.50"},
            {"type": "bool", "default": False},
            {"type": "str", "default": "v1.0"},
            {"type": "enum", "choices": ["a", "b"]},
            {"type": "enum", "choices": ["x" * resources.MAX_CHOICE]},
            {"type": "ref", "target": "user"},
            {"type": "ref", "target": "item"},
            {"type": "int", "min": 1, "max": 5},
            {"type": "float", "min": -0.5},
            {"type": "date", "max": "2026-01-31"},
            {"type": "decimal", "digits": 8, "decimals": 1, "min": "0.5", "default": "0.5"},
            {"type": "str", "min_length": 2, "max_length": 40},
            {"type": "str", "pattern": "[a-z]{3}"},
            {"type": "text", "max_length": 1001},
        ]
    ),
    st.just({}) | flags,
)
any_resource = with_keys(
    {
        "name": resource_names,
        "fields": st.lists(good_field | good_field | any_field, max_size=3),
    },
    {
        "plural": st.just("") | resource_names,
        "unique": st.lists(
            st.lists(st.sampled_from(["title", "author", "x", 1]), max_size=3), max_size=2
        ),
        **{name: st.sampled_from([*values, "nobody"]) for name, values in OPTIONS.items()},
    },
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
documents = st.fixed_dictionaries(
    {},
    optional={
        "project_name": words(MAX_LENGTH).map(lambda name: name.replace("_", "-"))
        | st.sampled_from(refused_names(MANIFEST.project_names)),
        "description": texts,
        "author": texts,
        "resources": st.lists(any_resource, max_size=2),
        "docker": st.booleans(),
        **{
            name: st.sampled_from([*CATALOG.questions[name].values, "other"])
            for name in ("framework", "python_version", "database", "auth", "ci")
        },
        "unknown": st.just("x"),
    },
)


def only(kind: str, **more: Any) -> dict[str, Any]:
    return {"resources": [{"name": "sample", "fields": [{"name": "x", "type": kind, **more}]}]}


@settings(max_examples=600, deadline=None)
@example(only("enum", choices=["x" * 23]))
@example(only("enum", choices=[]))
@example(only("str", choices=[]))
@example(only("str", target=""))
@example(only("ref", target="user", unique=True))
@example({"auth": "none", **only("ref", target="user")})
@example({"framework": "django", "resources": [{"name": "message", "fields": [
    {"name": "x", "type": "str"}]}]})  # fmt: skip
@example({"resources": [{"name": "header", "fields": [{"name": "x", "type": "str"}]}]})
@example({"resources": [{"name": "pen", "unique": [[]], "fields": [{"name": "x", "type": "str"}]}]})
@example({"project_name": "flask-cors"})
@example({"project_name": "shop\n"})
@given(documents)
def test_schema_and_rules_accept_the_same_answers(document: dict[str, Any]) -> None:
    agree(document)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["fastapi", "django"]), good_field | any_field)
def test_schema_and_rules_accept_the_same_fields(framework: str, field: dict[str, Any]) -> None:
    item = {"name": "item", "fields": [{"name": "first", "type": "str"}]}
    document = {"framework": framework, "resources": [item, {"name": "book", "fields": [field]}]}
    agree(document)


@settings(deadline=None)
@given(st.sampled_from(["fastapi", "django"]), resource_names, st.booleans())
def test_schema_and_rules_accept_the_same_resource_names(
    framework: str, name: str, is_plural: bool
) -> None:
    names = {"name": "sample", "plural": name} if is_plural else {"name": name}
    resource = {**names, "fields": [{"name": "x", "type": "str"}]}
    agree({"framework": framework, "resources": [resource]})


@settings(deadline=None)
@example("fastapi", "model_x", {"type": "str"})
@given(
    st.sampled_from(["fastapi", "django"]),
    field_names,
    st.sampled_from([{"type": "str"}, {"type": "ref", "target": "user"}]),
)
def test_schema_and_rules_accept_the_same_field_names(
    framework: str, name: str, kind: dict[str, str]
) -> None:
    resource = {"name": "sample", "fields": [{"name": name, **kind}]}
    agree({"framework": framework, "resources": [resource]})


def test_the_schema_alone_refuses_a_ref_without_a_target() -> None:
    assert VALIDATOR.is_valid(only("ref", target="user"))
    assert not VALIDATOR.is_valid(only("ref"))
    assert not VALIDATOR.is_valid(only("ref", target=""))


@pytest.mark.parametrize(
    "lenient",
    [{"docker": "yes"}, {"python_version": 3.11}, {"resources": "[{name: pen, fields: [{name: b, "
     "type: str}]}]"}],
)  # fmt: skip
def test_what_is_taken_leniently_is_recorded_as_the_schema_wants_it(
    lenient: dict[str, Any],
) -> None:
    assert not VALIDATOR.is_valid(lenient)
    assert VALIDATOR.is_valid(accept(lenient))


@pytest.mark.parametrize(
    ("storage", "kind", "names", "is_valid"),
    [
        ("files", "ref", ["book"], True),
        ("files", "refs", ["book"], False),
        ("none", "ref", ["book"], False),
        ("none", "refs", ["book"], False),
        ("none", "ref", ["file", "book"], True),
        ("none", "refs", ["file", "book"], True),
    ],
)
def test_a_field_refers_to_files_where_there_are_any(
    storage: str, kind: str, names: list[str], is_valid: bool
) -> None:
    title = {"name": "title", "type": "str"}
    resources: list[dict[str, Any]] = [{"name": name, "fields": [title]} for name in names]
    singular = {"singular": "cover"} if kind == "refs" else {}
    cover = {"name": "covers", "type": kind, "target": "file", **singular}
    resources[-1]["fields"] = [cover]
    assert VALIDATOR.is_valid({"storage": storage, "resources": resources}) == is_valid


@pytest.mark.parametrize("storage", ["none", "files"])
def test_names_that_only_some_answers_reserve_are_refused_with_these(storage: str) -> None:
    fields = [{"name": "title", "type": "str"}]
    for names in ({"name": "file"}, {"name": "paper", "plural": "files"}):
        answers = {"storage": storage, "resources": [{**names, "fields": fields}]}
        assert VALIDATOR.is_valid(answers) == (storage == "none")
