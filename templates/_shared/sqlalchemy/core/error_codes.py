def is_unique_violation(error: IntegrityError) -> bool:
    return error_code(error) in {"23505", "SQLITE_CONSTRAINT_UNIQUE"}


def is_connection_failure(error: Exception) -> bool:
    """Whether the database could not be reached, or ended the connection."""
    code = error_code(error)
    return code is None or code.startswith(("08", "57P", "53300", "SQLITE_CANTOPEN"))


def error_code(error: Exception) -> str | None:
    """The SQLSTATE of PostgreSQL, or SQLite's name of the error."""
    cause = getattr(error, "orig", None)
    return getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
