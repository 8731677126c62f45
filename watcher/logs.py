"""How the daemon logs: one event a line, values escaped; JSON where nobody looks at a terminal."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import structlog

# What JSON leaves as it is, and some readers of lines or terminals take for a new line or an order.
_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F))}
_ESCAPED |= {code: f"\\u{code:04x}" for code in range(0x2066, 0x206A)}


def configure() -> None:
    renderer = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(as_line)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Told()])


class _Told(logging.Handler):
    """What libraries say becomes an event as ours are: one line, which no other thread breaks."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            said = record.getMessage()
        except (TypeError, ValueError):  # its arguments do not fit
            said = str(record.msg)
        log = structlog.get_logger("vigie")
        log.log(record.levelno, said, logger=record.name, exc_info=record.exc_info)


def as_line(event: Any, default: Callable[[Any], Any] = str) -> str:
    """An event as one line of JSON, whatever its values hold."""
    return json.dumps(event, ensure_ascii=False, default=default).translate(_ESCAPED)
