"""Changes of a project's resources: one more or fewer, a field more, fewer or renamed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

from generator.errors import UsageError, did_you_mean
from generator.questions import existing
from generator.questions.access import access
from generator.questions.endpoints import Endpoint
from generator.questions.plurals import singularize
from generator.questions.resource_texts import parse_field, parse_resource
from generator.questions.resources import Field, Resource

Resources = Sequence[Resource]


def with_resource(resources: Resources, text: str) -> list[Resource]:
    """Return `resources` with the one that `text` describes, as `scaffold new --resource` takes it.

    Raises `UsageError` where there is one of that name.
    """
    new = parse_resource(text)
    if any(resource.name == new.name for resource in resources):
        cure = f"To give it a field: scaffold generate field {new.name} NAME:TYPE"
        raise UsageError(f"There is a resource {new.name} already.", cure)
    return [*resources, new]


def with_fields(resources: Resources, name: str, texts: Sequence[str]) -> list[Resource]:
    """Return `resources` with more fields in the one called `name`.

    Rows that exist have no value for a new field, so that a required one needs a default. Raises
    `UsageError`.
    """
    resource = _named(resources, name)
    fields = list(resource.fields)
    for text in texts:
        new = parse_field(text)
        if any(field.name == new.name for field in fields):
            raise UsageError(f"{name} has a field {new.name} already.", "Choose another name.")
        if not (new.fills_rows or resource.table):
            what = f"{new.name} is required, and rows of {resource.plural} have no value for it."
            optional = replace(new, optional=True).option()
            plain, *pattern = text.partition(":pattern=")
            with_default = f"{plain}:default=VALUE{''.join(pattern)}"
            raise UsageError(what, f"Write {optional}, or give it a default: {with_default}")
        fields.append(new)
    return _targets_first(_with(resources, replace(resource, fields=tuple(fields))))


def with_access(resources: Resources, name: str, words: Sequence[str]) -> list[Resource]:
    """Return `resources` with the options `words` of who owns, reads and writes the one `name`.

    An option that is not given stays as it is; `rules` judge what there is together.
    """
    resource = _named(resources, name)
    given = {}
    for word in words:
        option, equals, value = word.partition("=")
        if not equals or option in given:
            what = f"{word!r} is no option." if not equals else f"{option} is given twice."
            raise UsageError(what, "Write read=all, write=users or owner=none.")
        given[option] = value
    new = access({**asdict(resource.access), **given}, f"Resource {name!r}")
    return _with(resources, replace(resource, access=new))


def with_endpoint(resources: Resources, name: str, new: Endpoint) -> list[Resource]:
    """Return `resources` with one more endpoint in the one called `name`; raises `UsageError`."""
    resource = _named(resources, name)
    if any(endpoint.name == new.name for endpoint in resource.endpoints):
        cure = f"To replace it, first: scaffold destroy endpoint {name} {new.name}"
        raise UsageError(f"{name} has an endpoint {new.name} already.", cure)
    return _with(resources, replace(resource, endpoints=(*resource.endpoints, new)))


def without_endpoint(resources: Resources, name: str, word: str) -> list[Resource]:
    """Return `resources` without the endpoint `word` of the one called `name`."""
    resource = _named(resources, name)
    known = [endpoint.name for endpoint in resource.endpoints]
    if word not in known:
        raise UsageError(f"{name} has no endpoint {word!r}.", did_you_mean(word, known))
    left = tuple(endpoint for endpoint in resource.endpoints if endpoint.name != word)
    return _with(resources, replace(resource, endpoints=left))


def with_renamed_field(resources: Resources, name: str, old: str, new: str) -> list[Resource]:
    """Return `resources` with the field `old` of the one called `name` as `new`."""
    resource = _named(resources, name)
    _check_fields(resource, [old])
    cure = f"scaffold destroy field {name} {old}, then: scaffold generate field {name} {new}:TYPE"
    existing.check_unchanged(resource, "no migration renames a column", f"{cure}:column=COLUMN")
    if any(field.name == new for field in resource.fields):
        raise UsageError(f"{name} has a field {new} already.", "Choose another name.")
    fields = (_called(f, new) if f.name == old else f for f in resource.fields)
    unique = (tuple(new if n == old else n for n in names) for names in resource.unique)
    return _with(resources, replace(resource, fields=tuple(fields), unique=tuple(unique)))


def with_renamed_resource(
    resources: Resources, name: str, new: str, *, keeps_label: bool
) -> list[Resource]:
    """Return `resources` with the one called `name` as `new`, which is `NAME[/PLURAL]`.

    References to it follow. Where it `keeps_label`, its first plural stays its label.
    """
    before = _named(resources, name)
    cure = f"scaffold destroy resource {name}, then: scaffold generate resource {new}:table=TABLE"
    existing.check_unchanged(before, "no migration renames it", cure)
    renamed = parse_resource(new)
    if renamed != Resource(renamed.name, renamed.plural, ()):
        raise UsageError(f"{new!r} is no name of a resource.", "Write NAME, or NAME/PLURAL.")
    if (renamed.name, renamed.plural) == (before.name, before.plural):
        raise UsageError(f"The resource is called {new} already.", "Choose another name.")
    others = [resource.name for resource in resources if resource is not before]
    if renamed.name in others:
        raise UsageError(f"There is a resource {renamed.name} already.", "Choose another name.")
    label = before.label or before.plural
    after = replace(
        before,
        name=renamed.name,
        plural=renamed.plural,
        label=label if keeps_label and label != renamed.plural else "",
    )
    known = [after if resource is before else resource for resource in resources]
    return [_following(resource, name, renamed.name) for resource in known]


def without_resource(resources: Resources, name: str) -> list[Resource]:
    """Return `resources` without the one called `name`; raises `UsageError` if others need it."""
    gone = _named(resources, name)
    for resource in resources:
        for field in resource.fields if resource is not gone else ():
            if field.target == name:
                cure = f"First: scaffold destroy field {resource.name} {field.name}"
                raise UsageError(f"{resource.name}.{field.name} refers to {name}.", cure)
    return [resource for resource in resources if resource is not gone]


def without_fields(resources: Resources, name: str, words: Sequence[str]) -> list[Resource]:
    """Return `resources` without the fields `words` of the one called `name`.

    What was unique together with one of them is so no more.
    """
    resource = _named(resources, name)
    _check_fields(resource, words)
    left = tuple(field for field in resource.fields if field.name not in words)
    if not left:
        cure = f"To delete the resource: scaffold destroy resource {name}"
        raise UsageError(f"{name} would have no fields.", cure)
    unique = tuple(names for names in resource.unique if not set(words) & set(names))
    return _with(resources, replace(resource, fields=left, unique=unique))


def _called(field: Field, name: str) -> Field:
    """Return `field` with another name; one of many is called by it, too."""
    return replace(field, name=name, singular=singularize(name) if field.singular else "")


def _named(resources: Resources, name: str) -> Resource:
    for resource in resources:
        if resource.name == name:
            return resource
    known = [resource.name for resource in resources]
    raise UsageError(f"There is no resource {name!r}.", did_you_mean(name, known))


def _check_fields(resource: Resource, words: Sequence[str]) -> None:
    known = [field.name for field in resource.fields]
    for word in words:
        if word not in known:
            raise UsageError(f"{resource.name} has no field {word!r}.", did_you_mean(word, known))


def _following(resource: Resource, old: str, new: str) -> Resource:
    """Return `resource` with its references to `old` as references to `new`."""
    fields = (replace(f, target=new) if f.target == old else f for f in resource.fields)
    return replace(resource, fields=tuple(fields))


def _targets_first(resources: Resources) -> list[Resource]:
    """Return `resources` in their order, but each one after those that it refers to."""
    ordered: list[Resource] = []
    names = {resource.name for resource in resources}
    while left := [resource for resource in resources if resource not in ordered]:
        placed = {resource.name for resource in ordered}
        for resource in left:
            targets = {field.target for field in resource.fields} & names - {resource.name}
            if targets <= placed:
                ordered.append(resource)
                break
        else:
            what = f"{' and '.join(one.name for one in left)} would refer to each other."
            raise UsageError(what, "Leave one of the two references out.")
    return ordered


def _with(resources: Resources, new: Resource) -> list[Resource]:
    return [new if resource.name == new.name else resource for resource in resources]
