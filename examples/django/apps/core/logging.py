"""Log lines: text in development, JSON in production, for structlog and the standard library."""

import sys
from typing import Any

import structlog

SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure_structlog() -> None:
    """Hand structlog's events to `logging`, where LOGGING says what becomes of them."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *SHARED, to_logging],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def to_logging(logger: Any, name: str, event: structlog.typing.EventDict) -> Any:
    """Set the record's own `exc_info`, which Sentry and other handlers look at."""
    args, kwargs = structlog.stdlib.ProcessorFormatter.wrap_for_formatter(logger, name, event)
    return args, kwargs | {"exc_info": event.get("exc_info")}


def leave_request_out(_logger: Any, _name: str, event: structlog.typing.EventDict) -> Any:
    """Drop the request of Django's own records: its text has the query, which may grant access."""
    event.pop("request", None)
    return event


def formatter(log_format: str) -> structlog.stdlib.ProcessorFormatter:
    """Format records as LOG_FORMAT says."""
    # Plain tracebacks: the pretty ones take seconds, and print every local variable.
    renderers: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if log_format == "json"
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            *SHARED,
            structlog.stdlib.ExtraAdder(),
            leave_request_out,
            structlog.stdlib.add_logger_name,
        ],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
    )
