"""Values of clients: what no database holds is refused."""

import pytest
from pydantic import TypeAdapter, ValidationError

from app.core.types import PlainText


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "a\udfffb"])
def test_text_that_no_database_stores_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(PlainText).validate_python(text)
