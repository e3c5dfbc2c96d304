"""The models of a rendered project give back the resources that it was made with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from generator.engine.models import read_resources
from generator.questions.answers import complete
from generator.questions.catalog import load_catalog
from generator.questions.limits import Limits
from generator.questions.resource_texts import parse_resource
from generator.questions.resources import Field, Resource
from generator.render.backend import render
from generator.versions.locate import template_root
from tests.variants.model import FRAMEWORKS
from tests.variants.resources import RESOURCE_SETS


def as_written(field: Field) -> Field:
    """Return the field without what makes no difference to the code."""
    has_index = field.unique or field.type == "ref"
    is_first = field.type == "enum" and field.default == field.choices[0]
    return replace(
        field,
        index=field.index and not has_index,
        default=None if is_first else field.default,
    )


def as_read(resource: Resource) -> Resource:
    """Return the resource without what is not read from models.

    That is: options, endpoints, limits, what a delete does, and references to many.
    """
    fields = (
        replace(
            field,
            limits=Limits(),
            on_delete="",
            default=None if field.limits.scale else field.default,
        )
        for field in resource.fields
        if field.type != "refs"
    )
    return Resource(resource.name, resource.plural, tuple(fields))


BY_NIGHT = [pytest.param(n, marks=pytest.mark.nightly) for n in ("every", "longest", "single")]


@pytest.mark.parametrize("name", ["wide", "linked", *BY_NIGHT])
@pytest.mark.parametrize("auth", ["tokens", "none"])
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_resources_come_back(framework: str, auth: str, name: str, tmp_path: Path) -> None:
    texts = RESOURCE_SETS[name](auth == "tokens")
    made = [as_read(parse_resource(text)) for text in texts]
    catalog = load_catalog(template_root())
    options = {"framework": framework, "auth": auth, "resources": [one.answer() for one in made]}
    render(complete(catalog, "shop", options=options, assigned={}, file={}), tmp_path / "shop")
    found = read_resources(tmp_path / "shop", catalog.manifest)
    # What links many to many is told, and not read.
    assert all("many-to-many" in str(remark) for remark in found.remarks)
    assert found.resources == [
        replace(one, fields=tuple(map(as_written, one.fields))) for one in made
    ]
