def etag(record: Record) -> str:
    return f'"{record.updated_at.timestamp():.6f}"'


def check_etag(record: Record, if_match: str | None) -> None:
    """Raise 412 if the client names another version than the newest."""
    if if_match is None or if_match.strip() == "*":
        return
    if etag(record) not in {tag.strip() for tag in if_match.split(",")}:
        raise Problem(412, "precondition-failed", "This object has changed since you read it.")
