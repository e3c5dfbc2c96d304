def is_unique_violation(error: IntegrityError) -> bool:
    return error_code(error) in {"23505", "SQLITE_CONSTRAINT_UNIQUE"}


def error_code(error: Exception) -> str | None:
    """What PostgreSQL or SQLite calls it."""
    cause = getattr(error, "orig", None)
    return getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
