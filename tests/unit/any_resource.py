"""Resources of every type of field, modifier and limit, most of them accepted."""

from __future__ import annotations

from hypothesis import strategies as st

from generator.errors import UsageError
from generator.questions.access import CHOICES
from generator.questions.existing import ACCESS
from generator.questions.facts import ReservedNames
from generator.questions.limits import TYPES_OF
from generator.questions.relations import ON_DELETE
from generator.questions.resource_texts import parse_resource
from generator.questions.resources import MODIFIERS, TYPES
from generator.questions.rules import check_resources

ARGUMENTS = {
    "enum": ("=draft,live", "=one", "=a_1,b_2,c"),
    "ref": ("=thing", "=relic"),
    "refs": ("=thing",),
    "decimal": ("", "=8,4", "=6,0", "=15,2", "=12,2"),
}
# Strings that a limit may be called with, for each type.
BOUNDS = {
    "int": ("0", "1", "-5", "18", "500", "2147483646", "99"),
    "float": ("0", "-273.15", "1.5", "100", "0.001", "-1e3", "1e9"),
    "decimal": ("0", "0.5", "-9.99", "120", "7"),
    "date": ("2000-01-01", "2026-01-15", "1900-12-31", "2030-02-28", "9999-12-31"),
    "datetime": ("2000-01-01", "2026-01-15", "1969-12-31", "2030-02-28"),
}
LENGTHS = ("1", "3", "5", "17", "40", "600", "1..2", "2..4", "4..9", "12..40", "30..500")
PATTERNS = (
    "[A-Z]{2}",
    "[a-z0-9]+(-[a-z0-9]+)*",
    "97[89]-?[0-9]{10}",
    r"#[\da-f]{6}",
    r"\w+@[a-z]+\.org",
    "(red|blue)?x:y",
    'say"[a-z]"',
    "it's[0-9]*",
    r"\{[0-9]{4,}\}",
    "a|b{2}|[c-e]+",
)
DEFAULTS = {
    "str": ("a", "red", "x1"),
    "text": ("none_yet",),
    "int": ("1", "20"),
    "float": ("1", "0.5"),
    "decimal": ("1", "9.9"),
    "bool": ("true", "false"),
    "enum": ("draft",),
    "date": ("now",),
    "datetime": ("now",),
}


# What a resource may refer to, without accounts and with them.
TARGETS = ("thing name:str", "relic:table=Relic:key=RelicId name:str")
TARGETS_OF_USERS = ("thing name:str", f"relic:{ACCESS}:table=Relic:key=RelicId name:str")
# What the tables, keys and columns of a database that exists may be called.
STORED = ("Old", "class", "order", "_id_2", "aVeryLongNameThatIsStillOneThatCanBeMapped")
ENDPOINTS = ("publish:POST", "latest:GET:collection", "mark_as_read:PUT", "clear:DELETE")


@st.composite
def any_field(draw: st.DrawFn, name: str, *, is_existing: bool = False) -> str:
    """Return a field as --resource takes it, with what its type may be followed by."""
    kind = draw(st.sampled_from(TYPES))
    words = [name, kind + draw(st.sampled_from(ARGUMENTS.get(kind, ("",))))]
    words += draw(st.lists(st.sampled_from(MODIFIERS), unique=True, max_size=2))
    if kind == "ref" and draw(st.booleans()):
        words.append(draw(st.sampled_from(list(ON_DELETE))))
    if is_existing and draw(st.booleans()):
        words.append(f"column={draw(st.sampled_from(STORED))}")
    if kind in DEFAULTS and draw(st.integers(0, 3)) == 0:
        words.append(f"default={draw(st.sampled_from(DEFAULTS[kind]))}")
    for limit, kinds in TYPES_OF.items():
        if kind in kinds and draw(st.booleans()):
            values = {"length": LENGTHS, "pattern": PATTERNS}.get(limit, BOUNDS.get(kind, ()))
            words.append(f"{limit}={draw(st.sampled_from(values))}")
    return ":".join(words)


def is_accepted(field: str, options: str = "") -> bool:
    """Tell whether a resource with `options` can have the field."""
    try:
        resources = [parse_resource(text) for text in (*TARGETS, f"book{options} {field}")]
        check_resources(resources, reserved=ReservedNames(), users=False)
    except UsageError:
        return False
    return True


@st.composite
def any_resource(draw: st.DrawFn, name: str = "book") -> str:
    """Return a resource as --resource takes it; it may refer to those of TARGETS."""
    names = ["title", "number_2", "place", "way_of_it"][: draw(st.integers(1, 4))]
    table = draw(st.sampled_from(["", "", *(f":table={one}" for one in STORED)]))
    key = draw(st.sampled_from(["", *(f":key={one}" for one in STORED)])) if table else ""
    fields = [
        draw(any_field(one, is_existing=bool(table)).filter(lambda text: is_accepted(text, table)))
        for one in names
    ]
    sets = draw(st.lists(st.permutations(names).map(lambda one: tuple(one[:2])), max_size=1))
    access = [f":{ACCESS}"] if table else ["", *(one.option() for one in CHOICES)]
    options = [draw(st.sampled_from(access)), table, key]
    options += [f":unique={'+'.join(one)}" for one in sets if len(one) > 1]
    endpoints = draw(st.lists(st.sampled_from(ENDPOINTS), unique=True, max_size=1))
    return f"{name}{''.join(options)} {' '.join([*fields, *endpoints])}"
