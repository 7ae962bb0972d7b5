"""Logs through structlog: one JSON object a line in production, plain coloured lines under DEBUG."""

from __future__ import annotations

import logging.config
import re
from typing import Any

import structlog

_KEY = re.compile(r"(/feeds/)[\w-]{16,}")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def to_one_line_each(*, plain: bool, level: str) -> dict[str, Any]:
    """The logging dictionary: everything to standard error, control characters escaped by JSON."""
    if level not in LEVELS:
        from django.core.exceptions import ImproperlyConfigured

        raise ImproperlyConfigured(f"LOG_LEVEL is {level!r}. Give one of {', '.join(LEVELS)}.")
    renderer = structlog.dev.ConsoleRenderer() if plain else structlog.processors.JSONRenderer(ensure_ascii=False)
    tracebacks = [] if plain else [structlog.processors.format_exc_info]
    finish: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *tracebacks, renderer]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": finish,
                "foreign_pre_chain": _shared(),
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        # Django's own handlers would say everything twice.
        "loggers": {"django": {"handlers": []}, "django.server": {"handlers": [], "propagate": True}},
        "root": {"handlers": ["stderr"], "level": level},
    }


def configure(dictionary: dict[str, Any]) -> None:
    """Apply the dictionary (Django's LOGGING_CONFIG) and send structlog's own loggers the same way."""
    logging.config.dictConfig(dictionary)
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _mask,
    ]


def _mask(_logger: Any, _method: str, event: Any) -> Any:
    """Leave the key in a feed's address out of every line."""
    return {name: _KEY.sub(r"\1…", value) if isinstance(value, str) else value for name, value in event.items()}
