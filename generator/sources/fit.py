"""Makes resources of the tables of a source, with remarks on what they do not have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from generator.errors import UsageError
from generator.questions.access import DEFAULT, Access
from generator.questions.endpoints import Endpoint, check_endpoints
from generator.questions.existing import KEY
from generator.questions.facts import ReservedNames
from generator.questions.resources import Field, Resource
from generator.questions.unique_rules import check_unique
from generator.sources.fields import field_of
from generator.sources.names import field_names, resource_names, snake
from generator.sources.order import ordered
from generator.sources.tables import OWN_COLUMNS, Column, Reading, Remark, Table

EXISTING = Access("none", "users", "admin")  # of rows that nobody of the project has made
USERS = frozenset("auth_user auth_user_model get_user_model user users".split())


@dataclass(frozen=True)
class Found:
    """The resources that were found, each behind those that it refers to, and remarks.

    `present` names those that the project has already.
    """

    resources: Sequence[Resource]
    remarks: Sequence[Remark]
    present: Sequence[str] = ()


@dataclass(frozen=True)
class Place:
    """What the resources are for: a project with these names taken, accounts and resources.

    With `existing`, it serves the rows of the tables from where they are.
    """

    reserved: ReservedNames
    users: bool
    resources: Sequence[Resource] = ()
    existing: bool = False


def fit(reading: Reading, place: Place) -> Found:
    """Return the resources that the tables become in `place`, in the tables' order if possible."""
    fitting = _Fitting(place, list(reading.remarks))
    tables = [table for table in reading.tables if fitting.take_name(table)]
    made = {id(table): fitting.fields(table) for table in tables}
    resources = []
    while empty := [table for table in tables if not made[id(table)]]:
        for table in empty:
            fitting.remark(table.where, f"{table.name} is left out: no column can be a field.")
            fitting.names.pop(id(table))
            tables.remove(table)
        made = {id(table): fitting.fields(table) for table in tables}
    for table in tables:
        fitting.tell_names(table)
        resources.append(fitting.resource(table, made[id(table)]))
    in_order = ordered(resources, fitting.in_place_of_circle)
    remarks = sorted(dict.fromkeys(fitting.remarks), key=lambda remark: remark.place)
    return Found(in_order, remarks, fitting.present)


@dataclass
class _Fitting:
    place: Place
    remarks: list[Remark]
    names: dict[int, tuple[str, str]] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    renamed: dict[int, list[str]] = field(default_factory=dict)
    columns: dict[tuple[int, str], str] = field(default_factory=dict)

    def remark(self, where: str, text: str) -> None:
        self.remarks.append(Remark(where, text))

    def take_name(self, table: Table) -> bool:
        """Choose the name of the table's resource; False where it becomes none."""
        if table.refused:
            self.remark(table.where, f"{table.name} is left out: {table.refused}.")
            return False
        if not self.place.existing and self.place.users and _is_user(table.name, *table.others):
            self.remark(
                table.where, f"{table.name} is left out: the project has accounts of its own."
            )
            return False
        taken = {word for pair in self.names.values() for word in pair}
        old = {resource.name for resource in self.place.resources}
        plurals = {resource.plural for resource in self.place.resources}
        for name, plural in resource_names(table, self.place.reserved):
            if name in old:
                self.present.append(name)
                return False
            if not {name, plural} & (taken | plurals):
                self.names[id(table)] = name, plural
                self.tables.append(table)
                return True
        self.remark(table.where, f"{table.name} is left out: no resource can have its name.")
        return False

    def resource(self, table: Table, fields: Sequence[Field]) -> Resource:
        """Return the table's resource, which has these fields."""
        name, plural = self.names[id(table)]
        resource = Resource(name, plural, tuple(fields))
        if self.place.existing:
            (key,) = (column.name for column in table.columns if column.is_key)
            access = EXISTING if self.place.users else DEFAULT
            key = "" if key == KEY else key
            resource = replace(resource, table=table.name, key=key, access=access)
        by_column = {self.columns[id(table), one.name]: one.name for one in fields}
        for columns in table.unique:
            names = tuple(by_column.get(column, "") for column in columns)
            try:
                check_unique(replace(resource, unique=(names,)))
            except UsageError:
                if not self.place.existing:
                    words = ", ".join(columns)
                    self.remark(table.where, f"the unique constraint ({words}) is left out.")
                continue
            resource = replace(resource, unique=(*resource.unique, names))
        return replace(resource, endpoints=self.endpoints(table, name))

    def endpoints(self, table: Table, resource: str) -> tuple[Endpoint, ...]:
        """Return those of the table's endpoints that a resource can have."""
        kept: list[Endpoint] = []
        for one in table.endpoints:
            try:
                check_endpoints(resource, [one], self.place.reserved.endpoints)
            except UsageError as refused:
                self.remark(table.where, f"an endpoint is left out: {refused.message}")
                continue
            kept.append(one)
        return tuple(kept)

    def fields(self, table: Table) -> list[Field]:
        """Return the fields of the table's resource."""
        name, _ = self.names[id(table)]
        found: list[Field] = []
        self.renamed[id(table)] = []
        keys = [column.name for column in table.columns if column.is_key]
        for column in table.columns:
            if (
                keys == [column.name] and not self.place.existing
            ):  # other rows may refer to it, if it is no number
                column = column.with_index(unique=True)
            if new := self._field(table, column, name, found):
                found.append(new)
        return found

    def _field(
        self, table: Table, column: Column, resource: str, others: Sequence[Field]
    ) -> Field | None:
        existing = self.place.existing
        target = self._target(table, column) if column.target else ""
        if column.is_key if existing else self._is_own(table, column):
            return None
        if existing and column.target and not target:
            what = f"{column.name} is no ref, as there is no resource for {column.target}."
            self.remark(column.where, what)
            column = replace(column, type=column.plain, target="")
        if column.type == "refs" and target == "user":
            self.remark(column.where, f"{column.name} is left out: a refs cannot be to accounts.")
            return None
        if column.target and not target:
            what = f"{column.name} is left out: there is no resource for {column.target}."
            self.remark(column.where, what)
            return None
        taken = {word for one in others for word in (one.name, one.column)}
        for name in field_names(column.name, column.type, resource, self.place.reserved):
            if {name, Field(name, column.type).column} & taken:
                continue
            tell = partial(self.remark, column.where)
            new = field_of(column, name, target, tell, existing=existing)
            self.columns[id(table), name] = column.name
            if not existing and column.name not in {name, new.column}:
                self.renamed[id(table)].append(f"{column.name} to {name}")
            if target == resource and not new.optional and existing:
                self.remark(
                    column.where, f"{name} is an int: it is required, and to its own table."
                )
                return _number(new)
            if target == resource and not new.optional:
                self.remark(column.where, f"{name} is optional, as the first {resource} has none.")
                new = replace(new, optional=True, default=None)
            return new
        self.remark(column.where, f"{column.name} is left out: no field can have its name.")
        return None

    def tell_names(self, table: Table) -> None:
        """Remark in one line how the table and its columns are called now."""
        name, plural = self.names[id(table)]
        given = {snake(table.name), table.plural} if table.is_class else {table.name}
        told = self.renamed[id(table)]
        if not {name, plural} & given and not self.place.existing:
            told = [f"{table.name} to {name}", *told]
        if told:
            self.remark(table.where, f"renamed {', '.join(told)}.")

    def _is_own(self, table: Table, column: Column) -> bool:
        """Tell whether every resource has the column anyway: it has a key, times and an owner."""
        name = snake(column.name)
        if column.target:
            return name in {"owner", "owner_id"} and _is_user(column.target)
        keys = [one for one in table.columns if one.is_key]
        if column.is_key and len(keys) == 1 and column.type in {"int", "uuid"}:
            return True
        return name in OWN_COLUMNS - {"owner"}

    def _target(self, table: Table, column: Column) -> str:
        """Return the resource that a column refers to, empty where there is none."""
        word = column.target.lower()
        if self.place.users and not self.place.existing and _is_user(column.target):
            return "user"
        if word == "self":
            return self.names[id(table)][0]
        for target in (word, word.rpartition(".")[2]):
            for one in self.tables:
                known = {one.name.lower(), *(other.lower() for other in one.others)}
                is_alike = target in known or (_is_user(target) and _is_user(*known))
                if is_alike and id(one) in self.names:
                    return self.names[id(one)][0]
        if self.place.existing:
            return ""
        plain = snake(column.target.rpartition(".")[2])
        old = (r.name for r in self.place.resources if plain in {r.name, r.plural})
        return next(old, "")

    def in_place_of_circle(self, resource: Resource, ref: Field) -> Field | None:
        """Return what a ref becomes whose target refers back; None where it is left out."""
        where = f"{resource.name}.{ref.name}"
        if not resource.table:
            what = f"the ref to {ref.target} is left out, as {ref.target} refers back."
            self.remark(where, what)
            return None
        self.remark(where, f"it is an int, as {ref.target} refers back.")
        return _number(ref)


def _number(ref: Field) -> Field:
    """Return a ref to a row of an existing table as the number that is stored."""
    stored = ref.stored or ref.column
    plain = replace(ref, name=ref.column, type="int", target="", on_delete="")
    return replace(plain, stored="" if stored == plain.name else stored)


def _is_user(*names: str) -> bool:
    return any(snake(name.rpartition(".")[2]) in USERS for name in names)
