"""Items over HTTP."""

from tests.resources import Field, Resource, ResourceTests

ITEMS = Resource(
    "/api/v1/items",
    fields={
        "title": Field("Apple", "Banana", bad="", searched=True),
        "description": Field("Apple", "Banana", bad="\0", default=None, sorts=False, searched=True),
        "status": Field("doing", "todo", bad="no_such_choice", default="todo", filters=True),
        "due_on": Field("2026-01-31", "2026-12-31", bad="2026-02-30", default=None),
    },
)


class TestItems(ResourceTests):
    resource = ITEMS
