def page_statements(
    rows: Select[T], query: PageQuery, sort: str
) -> tuple[Select[T, int], Select[int]]:
    """One page of a query, each row with the total beside it, and the total alone.

    `sort` names a column of the model, with `-` for descending.
    """
    count = select(func.count()).select_from(rows.order_by(None).subquery())
    model = rows.column_descriptions[0]["entity"]
    column = getattr(model, sort.removeprefix("-"))
    # Rows that tie are told apart by their id, so that no row stands on two pages.
    order = [column.desc(), model.id.desc()] if sort.startswith("-") else [column, model.id]
    page = rows.order_by(*order).limit(query.size).offset((query.page - 1) * query.size)
    # The database counts once, however many rows there are: one round trip, one state of the table.
    return page.add_columns(count.scalar_subquery()), count


