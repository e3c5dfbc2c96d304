"""Which resources can become a working API in every framework, and why others cannot."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable, Sequence

from generator.errors import UsageError, did_you_mean
from generator.questions.resources import (
    CHOICE,
    FIELD_NAME,
    MAX_CHOICE,
    MAX_FIELD_NAME,
    MAX_NAME,
    MAX_PLURAL,
    RESOURCE_NAME,
    TYPES,
    Field,
    Resource,
)

UNORDERED = frozenset({"text", "json", "bool"})  # never worth an index
# Packages of the project, and what its modules, routes and tables use already.
RESERVED_RESOURCES = frozenset(
    "admin api app auth base cli config conftest core docs error errors field health main me "
    "migration migrations model models page pages problem problems record records resource "
    "resources route router routes schema schemas service services session sessions setting "
    "settings test tests token tokens user users".split()
)
# Classes are called like resources (`Query`, `Text`), and a module imports its libraries' as well.
LIBRARY_NAMES = frozenset(
    "annotated async_session body boolean bp column current_user date datetime db decimal depends "
    "enum etag exact_decimal find foreign_key headers if_match index integer invalid json literal "
    "mapped matches number numeric paginate path query relationship request response row rows "
    "secrets select string table text texts time unique_constraint url uuid value".split()
)
RESERVED_FIELDS = frozenset("id created_at updated_at owner owner_id metadata registry dt".split())
# Query parameters of every list; a field of the name could not be filtered by.
LIST_PARAMETERS = frozenset("page size q sort".split())
# Names that the annotations and methods beside a field need.
PYTHON_NAMES = frozenset(
    "bool bytes classmethod cls float int list object property self set str super tuple".split()
)
# Methods and attributes that a field would hide in Pydantic models and SQLAlchemy's base class.
MODEL_ATTRIBUTES = frozenset(
    "construct copy dict fields from_orm json parse_file parse_obj parse_raw query schema "
    "schema_json update_forward_refs validate".split()
)
# What Django's own apps are called, and what its models and their modules have.
DJANGO_APPS = frozenset("account accounts contenttypes messages".split())
DJANGO_ATTRIBUTES = frozenset(
    "adelete arefresh_from_db asave check clean clean_fields date_error_message delete from_db "
    "full_clean get_constraints get_deferred_fields models objects pk prepare_database_save "
    "refresh_from_db save save_base serializable_value serializers unique_error_message "
    "validate_constraints validate_unique".split()
)


def check_resources(resources: Sequence[Resource], *, framework: str, users: bool) -> None:
    """Refuse what could not become a working API; `users` tells whether the project has any.

    Raises `UsageError` that names the cure.
    """
    if not resources:
        raise UsageError("There is no resource.", 'Write --resource "item title:str".')
    taken: dict[str, str] = {}
    for position, resource in enumerate(resources):
        _check_resource_name(resource)
        for word in {resource.name, resource.plural}:
            if word in taken:
                raise UsageError(
                    f"Resources {taken[word]} and {resource.name} would share the name {word}.",
                    "Rename one, or name its plural: NAME/PLURAL.",
                )
            taken[word] = resource.name
        _check_fields(resource, {r.name for r in resources[:position]}, users=users)
        if framework == "django":
            _check_for_django(resource)


def _check_resource_name(resource: Resource) -> None:
    for word, limit in ((resource.name, MAX_NAME), (resource.plural, MAX_PLURAL)):
        if not RESOURCE_NAME.fullmatch(word):
            reason = "use lower-case letters and single underscores"
        elif len(word) > limit:
            reason = f"it is longer than {limit} characters"
        elif keyword.iskeyword(word) or keyword.issoftkeyword(word):
            reason = "it is a word of the Python language"
        elif hasattr(builtins, word) or word in LIBRARY_NAMES:
            reason = "Python or a library of the project has something of that name"
        elif word in RESERVED_RESOURCES:
            reason = "the project uses that name itself"
        else:
            continue
        raise UsageError(
            f"{word[:80]!r} cannot be a resource's name or plural: {reason}.",
            "Take another name; a plural of your own is written NAME/PLURAL.",
        )


def _check_fields(resource: Resource, earlier: Iterable[str], *, users: bool) -> None:
    if not resource.fields:
        example = f'Write --resource "{resource.name} title:str".'
        raise UsageError(f"Resource {resource.name} has no fields.", example)
    columns: set[str] = set()
    targets = {*earlier, resource.name, *(["user"] if users else [])}
    for field in resource.fields:
        where = f"{resource.name}.{field.name[:80]}"
        _check_field_name(field, where)
        _check_type(field, where)
        if field.type == "ref":
            _check_target(field, where, resource.name, sorted(targets))
        if {field.name, field.column} & columns:
            raise UsageError(f"{where}: there are two fields of that name.", "Rename one of them.")
        columns |= {field.name, field.column}


def _check_field_name(field: Field, where: str) -> None:
    name, hint = field.name, "Take another name."
    if field.type == "ref" and name.endswith("_id"):
        reason, hint = "the _id is added to a ref", f"Write {name[:-3] or 'parent'}:ref=..."
    elif name.startswith(("_", "model_")):
        reason = "names that start with _ or model_ belong to the libraries"
    elif not FIELD_NAME.fullmatch(name):
        reason = "use lower-case letters, digits and single underscores, starting with a letter"
    elif len(name) > MAX_FIELD_NAME:
        reason = f"it is longer than {MAX_FIELD_NAME} characters"
    elif keyword.iskeyword(name) or name in PYTHON_NAMES:
        reason = "it is a word of the Python language"
    elif name in RESERVED_FIELDS or field.column in RESERVED_FIELDS:
        reason = "every resource has or uses that name already"
    elif name in LIST_PARAMETERS:
        reason = "lists have a query parameter of that name"
    elif name in MODEL_ATTRIBUTES:
        reason = "it would hide a method of the model"
    else:
        return
    raise UsageError(f"{where} cannot be a field: {reason}.", hint)


def _check_for_django(resource: Resource) -> None:
    for word in (resource.name, resource.plural):
        if word in DJANGO_APPS:
            raise UsageError(
                f"{word!r} cannot be a resource's name or plural: Django has an app of that name.",
                "Take another name; a plural of your own is written NAME/PLURAL.",
            )
    for field in resource.fields:
        if field.name in DJANGO_ATTRIBUTES:
            raise UsageError(
                f"{resource.name}.{field.name} cannot be a field: Django's models have that name.",
                "Take another name.",
            )


def _check_type(field: Field, where: str) -> None:
    if field.type not in TYPES:
        hint = did_you_mean(field.type, list(TYPES))
        raise UsageError(f"{where}: there is no type {field.type!r}.", hint)
    if field.type == "enum":
        bad = [choice for choice in field.choices if not _is_choice(choice)]
        if not field.choices or bad or len(set(field.choices)) < len(field.choices):
            what = f"{bad[0]!r} is no choice" if bad else "an enum needs choices, each once"
            raise UsageError(
                f"{where}: {what}.", f"Write {field.name}:enum=draft,published in lower-case words."
            )
    elif field.choices:
        raise UsageError(f"{where}: only an enum has choices.", "Make its type enum.")
    if field.type != "ref" and field.target:
        raise UsageError(f"{where}: only a ref has a target.", "Make its type ref.")
    if field.type in UNORDERED and (field.unique or field.index):
        cure = "Make it a str." if field.type == "text" else "Leave the modifier out."
        raise UsageError(f"{where}: {field.type} cannot be unique or indexed.", cure)
    if field.type == "enum" and field.unique:
        raise UsageError(f"{where}: enum cannot be unique.", "Make it a str.")
    if field.target == "user" and field.unique:
        raise UsageError(f"{where}: ref=user cannot be unique.", "Leave the modifier out.")


def _is_choice(choice: str) -> bool:
    return bool(CHOICE.fullmatch(choice)) and len(choice) <= MAX_CHOICE


def _check_target(field: Field, where: str, owner: str, targets: list[str]) -> None:
    if field.target == "user" and "user" not in targets:
        raise UsageError(f"{where}: without auth there are no users.", "Choose --auth tokens.")
    if field.target not in targets:
        raise UsageError(
            f"{where}: a ref names user, the resource itself or one given before it.",
            f"Possible: {', '.join(f'{field.name}:ref={target}' for target in targets)}.",
        )
    if field.target == owner and not field.optional:
        raise UsageError(
            f"{where}: the first {owner} would have nothing to refer to.",
            f"Write {field.name}:ref={owner}:optional.",
        )
