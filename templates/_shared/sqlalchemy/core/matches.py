def matches(q: str, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether one of the columns contains the text, without regard to case."""
    return or_(*(column.icontains(q, autoescape=True) for column in columns))
