def database_trouble(error: Exception) -> str:
    if isinstance(error, PoolTimeoutError):
        return "There are too many requests at once."
    if is_connection_failure(error):
        return "The database cannot be reached."
    return "The database did not complete the request."
