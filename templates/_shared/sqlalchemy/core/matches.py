def matches(q: str, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """One of the columns contains the text, in whatever case; `%` and `_` are only themselves."""
    return or_(*(column.icontains(q, autoescape=True) for column in columns))
