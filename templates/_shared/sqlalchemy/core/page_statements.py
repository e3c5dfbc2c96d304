def page_statements(
    rows: Select[T], query: PageQuery, sort: str
) -> tuple[Select[T, int], Select[int]]:
    """Build the query for one page, each row with the total beside it, and that for the total.

    `sort` names a column of the model, with `-` for descending.
    """
    count = select(func.count()).select_from(rows.order_by(None).subquery())
    model = rows.column_descriptions[0]["entity"]
    column = getattr(model, sort.removeprefix("-"))
    # Equal rows are ordered by id, so that no row is on two pages.
    descending = sort.startswith("-")
    order = (column.desc(), model.id.desc()) if descending else (column.asc(), model.id.asc())
    # PostgreSQL uses no index for NULLS LAST, so it is left out where there are no nulls.
    page = rows.order_by(order[0].nulls_last() if column.nullable else order[0], order[1])
    page = page.limit(query.size).offset((query.page - 1) * query.size)
    # One statement for both: one round trip, and the total fits the rows.
    return page.add_columns(count.scalar_subquery()), count


