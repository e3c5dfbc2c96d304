"""What a resource is called follows its new name, and nothing else does."""

from __future__ import annotations

import pytest

from generator.engine.relocation import relocation
from generator.engine.transition import ResourceRename
from generator.tree import File

BOOK = {"name": "order_line", "plural": "order_lines", "fields": [{"name": "order_line_no"}]}
ITEM = {"name": "item", "plural": "items", "fields": []}
OTHER = {"name": "order_line_group", "plural": "order_line_groups", "fields": []}
RENAME = ResourceRename(BOOK, {**BOOK, **ITEM})
BASE, THEIRS = {"app/order_lines/models.py": File(b"")}, {"app/items/models.py": File(b"")}


def reworded(path: str, text: str) -> tuple[str, str]:
    """Return where a file of the project is after the rename, and its text."""
    moves = relocation(RENAME, [BOOK, OTHER], BASE, THEIRS)
    ((place, file),) = moves.applied({path: File(text.encode())}, owned=(), snapshots=()).items()
    return place, file.content.decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from app.order_lines.models import OrderLine", "from app.items.models import Item"),
        ("find_order_line(OrderLineCreate)", "find_item(ItemCreate)"),
        ("ORDER_LINES: list[OrderLine]", "ITEMS: list[Item]"),
        ('"""List an order line. Order lines"""', '"""List an item. Items"""'),
        ('f"/api/v1/order_lines/{order_line.id}"', 'f"/api/v1/items/{item.id}"'),
        ("order_line.order_line_no", "item.order_line_no"),
        ("OrderLineGroup, order_line_groups", "OrderLineGroup, order_line_groups"),
        ("reorder_lines, order_liner", "reorder_lines, order_liner"),
        ("data.order_lines(), page['order_lines']", "data.order_lines(), page['order_lines']"),
    ],
)
def test_names_inside_the_folder_are_exchanged(before: str, after: str) -> None:
    assert reworded("app/order_lines/models.py", before) == ("app/items/models.py", after)


def test_elsewhere_a_field_that_refers_to_the_resource_keeps_its_name() -> None:
    text = "from app.order_lines.models import OrderLine\norder_line_id = OrderLine.id\n"
    changed = "from app.items.models import Item\norder_line_id = Item.id\n"
    assert reworded("app/reports.py", text) == ("app/reports.py", changed)


def test_imports_of_typescript_follow_and_so_does_what_is_called_in_its_manner() -> None:
    base, theirs = {"src/order_lines/a.ts": File(b"")}, {"src/items/a.ts": File(b"")}
    moves = relocation(RENAME, [BOOK, OTHER], base, theirs)
    text = 'import { orderLines } from "#/order_lines/routes.ts"; orderLineGroup; order_line_id'
    (file,) = moves.applied({"src/a.ts": File(text.encode())}, (), ()).values()
    said = 'import { items } from "#/items/routes.ts"; orderLineGroup; order_line_id'
    assert file.content.decode() == said


def test_a_snapshot_has_the_new_names_of_the_table_and_of_what_refers_to_it() -> None:
    moves = relocation(RENAME, [BOOK, OTHER], BASE, THEIRS)
    text = '{"order_lines": ["ix_order_lines_owner", "order_line_id", "order_line_no"]}'
    (file,) = moves.applied({"a.json": File(text.encode())}, {"a.json"}, {"a.json"}).values()
    assert file.content.decode() == '{"items": ["ix_items_owner", "item_id", "order_line_no"]}'


def test_what_is_no_code_only_moves() -> None:
    assert reworded("app/order_lines/a.txt", "OrderLine") == ("app/items/a.txt", "OrderLine")
