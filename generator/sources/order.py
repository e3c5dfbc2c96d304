"""Puts resources behind those that they refer to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from generator.questions.resources import Field, Resource


def ordered(
    resources: Sequence[Resource], replaced: Callable[[Resource, Field], Field | None]
) -> list[Resource]:
    """Return the resources in their order, but each one behind those that it refers to.

    Where they refer to each other in a circle, a ref is left out, an optional one if there is one,
    or `replaced` by what that returns.
    """
    left, placed = list(resources), []
    while left:
        names = {resource.name for resource in left}
        free = [one for one in left if not _targets(one) & names]
        if free:
            placed.append(free[0])
            left.remove(free[0])
            continue
        resource, field = _weakest(left)
        new = replaced(resource, field)
        fields = (new if one is field else one for one in resource.fields)
        fewer = tuple(one for one in fields if one is not None)
        left[left.index(resource)] = replace(resource, fields=fewer)
    return placed


def _targets(resource: Resource) -> set[str]:
    return {field.target for field in resource.fields if field.target} - {resource.name}


def _weakest(resources: Sequence[Resource]) -> tuple[Resource, Field]:
    """Return the ref of a circle that can best be left out: an optional one, else the first.

    The only field of a resource stays if possible.
    """
    circle = [
        (resource, field)
        for resource in resources
        for field in resource.fields
        if field.target != resource.name and _leads(field.target, resource.name, resources, set())
    ]
    return min(circle, key=lambda pair: (len(pair[0].fields) == 1, not pair[1].optional))


def _leads(start: str, end: str, resources: Collection[Resource], seen: set[str]) -> bool:
    """Tell whether refs lead from the resource `start` to the one called `end`."""
    if start == end or start in seen:
        return start == end
    seen.add(start)
    found = (resource for resource in resources if resource.name == start)
    return any(_leads(to, end, resources, seen) for one in found for to in _targets(one))
