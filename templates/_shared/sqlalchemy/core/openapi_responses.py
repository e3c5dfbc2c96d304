CREATED: dict[int | str, dict[str, Any]] = {201: {"headers": LOCATION | ETAG}}
TAGGED: dict[int | str, dict[str, Any]] = {200: {"headers": ETAG}}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: the errors of this route beside those that every route has."""
    return {status: {"description": TITLES[status]} for status in statuses}
