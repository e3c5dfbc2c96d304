"""Sets of resources to make projects with: the usual one, and the ends of what is legal."""

from __future__ import annotations

from collections.abc import Callable

from generator.questions.endpoints import MAX_NAME as MAX_END
from generator.questions.endpoints import METHODS
from generator.questions.names import MAX_LENGTH
from generator.questions.resources import MAX_CHOICE, MAX_FIELD_NAME, MAX_NAME, MAX_PLURAL, TYPES

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ARGUMENTS = {"enum": "=todo,doing,done", "ref": "=author", "refs": "=author"}
LONG_WORDS = "extraordinarily_long_international_shipping_label_of_the_warehouse"
MODIFIERS = (
    "",
    ":optional",
    ":unique",
    ":index",
    ":optional:unique",
    ":optional:index",
    ":unique:index",
)
DEFAULTED = [
    "title_of_it:str:default=untitled",
    "remark:text:default=none_yet",
    "stock:int:default=-1",
    "ratio:float:default=0.5:index",
    "price:decimal:default=9.9",
    "is_active:bool:default=true",
    "stage:enum=draft,live:default=live",
]
LIMITED = [
    "title:str:length=2..40",
    "code:str:unique:pattern=[A-Z]{2}-[0-9]{4,6}",
    "colour:str?:length=7:pattern=#[0-9a-f]{6}",
    "fit:str:default=xl:pattern=[xsml]{1,3}",
    "mark:str:length=8:index",
    "remark:text:length=10..500",
    "hint:text?:length=20",
    "stars:int:min=1:max=5:default=3",
    "age:int?:min=18",
    "number:int:min=1:max=900000",
    "depth:int:max=-5",
    "ratio:float:min=0:max=1.5",
    "heat:float?:min=-273.15",
    "price:decimal:min=0.50:max=999.99",
    "rate:decimal=8,4:default=1.5",
    "weight:decimal=9,3:unique:min=0",
    "pieces:decimal=6,0?:max=1000",
    "made_on:date:min=1900-01-01:max=2030-12-31",
    "until:date?:max=2020-06-30",
    "seen_at:datetime?:min=2000-01-01",
    "left_at:datetime:min=1970-01-01:max=2026-01-10",
]
# The default resource, which the contract says more about than about others.
ITEM = "item title:str description:text:optional status:enum=todo,doing,done due_on:date:optional"
# Every rule of who reads and writes, and references between them.
OPENED = [
    "essay:read=users title:str:unique author:ref=author?"
    " publish:POST digest:GET latest:GET:collection archive:POST:collection",
    "journal:read=all:unique=title+essay title:str essay:ref=essay? editor:ref=user?"
    " cite:GET close:DELETE",
    "notice:owner=none:read=all:write=admin title:str:unique kind:enum=news,event"
    " show:POST top:GET:collection clear:DELETE:collection",
    "plan:owner=none:read=users:write=admin:unique=title+notice title:str"
    " notice:ref=notice journal:ref=journal?",
    "office:owner=none:read=users:write=users:unique=name+head name:str head:ref=user?"
    " open:PUT swap:PATCH:collection",
    "zone:owner=none:read=all:write=users name:str parent:ref=zone? office:ref=office",
]
# What a database cannot order is not indexed; two rows of an enum will be alike.
REFUSED = {"text": {"unique", "index"}, "json": {"unique", "index"}, "bool": {"unique", "index"}}
REFUSED["enum"] = {"unique"}
REFUSED["refs"] = {"optional", "unique", "index"}
# References of which a delete does something else than it does by default.
RULED = [
    "author7:ref=author:cascade",
    "author8:ref=author:optional:protect",
    "author9:ref=author:optional:null",
]


def item(_users: bool) -> list[str]:
    """Say nothing: the default of the question."""
    return []


def every(users: bool) -> list[str]:
    """Give one resource each type of field, and the modifiers in turn."""
    fields = (
        "name:str:unique notes:text:optional amount:int:index ratio:float:optional"
        " price:decimal:optional:index active:bool born_on:date:unique seen_at:datetime:optional"
        " code:uuid:optional:unique extra:json:optional settings:json address:email:unique"
        " site:url:optional kind:enum=small,very_large:index level:enum=low,high:optional"
        " author:ref=author:unique editor:ref=author:optional co_authors:refs=author"
        " parent:ref=whole_sample:optional"
    )
    people = " reader:ref=user keeper:ref=user:optional" if users else ""
    return ["author name:str", f"whole_sample {fields}{people}"]


def linked(users: bool) -> list[str]:
    """Give what a person would have, some of it with two words in its name."""
    return [
        "author name:str:unique:length=2..80 born_on:date:optional:min=1500-01-01",
        "book:unique=author+title title:str:index:length=120 author:ref=author price:decimal"
        " stock:int:optional sequel:ref=book:optional",
        "book_review/book_reviews stars:int:min=1:max=5 body:text book:ref=book"
        + (" reviewer:ref=user" if users else ""),
        "price_list/price_lists label:str valid_from:datetime currency_code:enum=eur,us_dollar",
        # Its models are imported before those of the accounts, and before those it refers to.
        "album title:str book:ref=book?",
        *(OPENED if users else []),
    ]


def longest(users: bool) -> list[str]:
    """Give names the greatest legal length, with each type."""
    name, plural = _long("x", MAX_NAME), _long("y", MAX_PLURAL)
    fields = []
    for index, kind in enumerate(TYPES):
        argument = ARGUMENTS.get(kind, "")
        if kind == "enum":
            argument = "=" + ",".join(_long(letter, MAX_CHOICE) for letter in "abcde")
        if kind == "ref":
            argument = f"={name}:optional"
        if kind == "refs":
            argument = f"={name}"
        fields.append(f"{_long(LETTERS[index], MAX_FIELD_NAME)}:{kind}{argument}")
    if users:
        fields.append(f"{_long('u', MAX_FIELD_NAME)}:ref=user")
    other = f"{_long('v', MAX_NAME)}/{_long('w', MAX_PLURAL)}"
    column = _long("y", MAX_FIELD_NAME)  # the contract suite looks for a plural that begins so
    ends = [f"{_long(letter, MAX_END)}:{m}" for letter, m in zip(LETTERS, METHODS, strict=False)]
    return [
        f"{name}/{plural} {' '.join([*fields, *ends])}",
        f"{other} {column}:ref={name} kept:str:unique {':collection '.join([*ends, ''])}",
    ]


def single(users: bool) -> list[str]:
    """Give each type and modifier a resource of that one field: nothing hides what it misses."""
    resources = ["author name:str"]
    for kind in TYPES:
        for index, modifiers in enumerate(legal_modifiers(kind)):
            name = f"only_{kind}_{LETTERS[index]}"
            field = f"value:{kind}{ARGUMENTS.get(kind, '')}{modifiers}"
            resources.append(f"{name}/{name}s {field}")
    resources += ["note body:text", "tree/trees parent:ref=tree:optional", "shelf kind:enum=one"]
    return [*resources, "vote/votes voter:ref=user"] if users else resources


def narrow(users: bool) -> list[str]:
    """Give each type of field in one resource, beside the default one."""
    return [f"{ITEM} publish:POST latest:GET:collection", *every(users)]


def wide(users: bool) -> list[str]:
    """Give each type of field and each modifier in few resources, beside the default one."""
    resources = [ITEM, "author name:str:unique born_on:date:optional"]
    for names, sets in {
        "sample": ("", ":optional"),
        "rare_thing": (":unique", ":optional:unique"),
    }.items():
        fields = [f"parent:ref={names}:optional"]
        for number, modifiers in enumerate(sets, 1):
            fields += [
                _wide_field(kind, number, modifiers)
                for kind in TYPES
                if modifiers in legal_modifiers(kind)
            ]
            if not modifiers:
                fields += [*DEFAULTED, *RULED, f"other_{names}s:refs={names}"]
            if users and "unique" not in modifiers:
                fields.append(f"reader{number}:ref=user{modifiers}")
        resources.append(f"{names} {' '.join(fields)}")
    together = "unique=author1+title:unique=number+kind:unique=parent+mark"
    fields = ["author1:ref=author", "parent:ref=gadget?", "kind:enum=small,large", *LIMITED]
    resources.append(f"gadget:{together} {' '.join(fields)}")
    fields = []
    for number, kind in enumerate(TYPES):
        if indexes := [m for m in legal_modifiers(kind) if "index" in m]:
            fields.append(_wide_field(kind, 1, indexes[number % len(indexes)]))
    resources[2] += " publish:POST summary:GET archive:DELETE:collection"
    fields += ["enable:PUT", "mark_read:PATCH", "dismiss:DELETE", "latest:GET:collection"]
    opened = OPENED if users else []
    return [*resources, f"price_list/price_lists {' '.join(fields)}", *opened]


def _wide_field(kind: str, number: int, modifiers: str) -> str:
    # The contract suite finds what is referred to by the field's name.
    if kind == "refs":
        return "authors:refs=author"
    name = f"author{number}" if kind == "ref" else f"{kind}_{number}"
    return f"{name}:{kind}{ARGUMENTS.get(kind, '')}{modifiers}"


def filed(users: bool) -> list[str]:
    """Give fields that are files, one of them all that a resource has, in a long name as well.

    Rows that have some go with the rows that they refer to.
    """
    # The contract suite finds files by the field's name.
    name, plural = _long("x", MAX_NAME), _long("y", MAX_PLURAL)
    return [
        "photo title:str file1:file? file2:file?:cascade",
        "attachment file3:file",
        "poster file4:file:unique file5:file?:protect file6:file?:index photo:ref=photo?",
        f"{name}/{plural} {_long('file', MAX_FIELD_NAME)}:file:cascade",
        f"frame file8:file photo:ref=photo:cascade{' reader:ref=user?:cascade' if users else ''}",
        "corner frame:ref=frame:cascade file9:file? corner:ref=corner?:cascade",
        *(["album:read=all title:str file7:file?"] if users else []),
    ]


def public(users: bool) -> list[str]:
    """Give one resource that administrators write: no other one needs what this one does not."""
    return [f"notice{':owner=none:read=all:write=admin' if users else ''} title:str"]


def mapped(users: bool) -> list[str]:
    """Give tables that exist already each type, beside one of the project's own."""
    name, plural = _long("x", MAX_NAME), _long("y", MAX_PLURAL)
    long, longest_field = "T" * 40, _long("z", MAX_FIELD_NAME)
    access = ":owner=none:read=all:write=users" if users else ""
    admins = ":owner=none:read=users:write=admin" if users else ""
    fields = [f"parent:ref={name}?:null:column=ParentId", f"other:ref={name}?"]
    fields += [f"{longest_field}:ref={name}:cascade:column={long}"]
    for number, kind in enumerate(kind for kind in TYPES if kind not in ("ref", "refs")):
        argument = ARGUMENTS.get(kind, "")
        fields += [
            f"{kind}_0:{kind}{argument}",
            f"{kind}_1:{kind}{argument}?:column=Column{number}",
        ]
    endpoints = "play:POST show:GET top:GET:collection"
    return [
        f"{name}/{plural}{access}:table={long}:key=Key{long[3:]} note:str?:column=Note",
        f"sample{admins}:table=Sample:unique=str_0+parent {' '.join(sorted(fields))} {endpoints}",
        "item title:str",
    ]


def mapped_only(users: bool) -> list[str]:
    """Give a table that exists already, and none of the project's own."""
    access = ":owner=none:read=users:write=admin" if users else ""
    return [f"artist{access}:table=Artist:key=ArtistId name:str:column=Name"]


def alone(kind: str) -> Callable[[bool], list[str]]:
    """Return a set in which no other type of field hides what this one misses in shared files."""
    if kind == "refs":
        return lambda _users: ["tree others:refs=tree"]
    if kind == "ref":
        return lambda users: (
            ["vote reader:ref=user"] if users else ["tree parent:ref=tree:optional"]
        )
    return lambda _users: [f"sample value:{kind}{ARGUMENTS.get(kind, '')}"]


def legal_modifiers(kind: str) -> list[str]:
    """Return the sets of modifiers that a field of this type can have."""
    refused = REFUSED.get(kind, set())
    return [modifiers for modifiers in MODIFIERS if refused.isdisjoint(modifiers.split(":"))]


def _long(letter: str, length: int) -> str:
    """Return a legal name of exactly that length, of several words."""
    name = f"{letter}_{LONG_WORDS}"[:length]
    return f"{name[:-1]}s" if name.endswith("_") else name


# These are combined with everything and run,
RUNNABLE_SETS = ("item", "every", "linked", "longest", "filed")
# those are read, linted and typed only; `narrow` and `wide` are what servers are tested with.
RESOURCE_SETS: dict[str, Callable[[bool], list[str]]] = {
    "item": item,
    "every": every,
    "linked": linked,
    "longest": longest,
    "filed": filed,
    "single": single,
    "narrow": narrow,
    "wide": wide,
    "public": public,
    "mapped": mapped,
    "mapped-only": mapped_only,
    **{f"{kind}-alone": alone(kind) for kind in TYPES},
}
NAMES = {"longest": "a-name-" + "x" * (MAX_LENGTH - len("a-name-"))}
