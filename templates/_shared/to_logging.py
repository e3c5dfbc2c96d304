def to_logging(logger: Any, name: str, event: structlog.typing.EventDict) -> Any:
    """Set the record's own `exc_info`, which Sentry and other handlers look at."""
    args, kwargs = structlog.stdlib.ProcessorFormatter.wrap_for_formatter(logger, name, event)
    return args, kwargs | {"exc_info": event.get("exc_info")}
