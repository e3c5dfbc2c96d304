"""Logs: text for people in development, JSON for machines in production."""

import logging
import sys
from contextlib import suppress
from typing import TextIO

import structlog

from app.core.config import Settings


{% include "templates/_shared/log_lines.py" %}

def configure_logging(settings: Settings) -> None:
    """Write structlog's and the standard library's records alike, to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderers: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if settings.json_logs
        else [console_renderer()]
    )
    lines = Lines(sys.stderr)
    structlog.configure(
        processors=[*shared, *renderers],
        logger_factory=lambda *_names: lines,
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
