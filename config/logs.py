"""Logs through structlog: one JSON object a line in production, plain coloured lines under DEBUG."""

from __future__ import annotations

import datetime as dt
import logging.config
import re
import uuid
from typing import Any

import structlog

_KEY = re.compile(r"(/feeds/)[\w-]{16,}")
_PLAIN = (str, int, float, bool)
_NAMED = (dt.date, dt.timedelta, uuid.UUID)
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
                "foreign_pre_chain": _shared(structlog.stdlib.ExtraAdder(), _only_words),
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


def _shared(*more: Any) -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *more,
        _mask,
    ]


def _only_words(_logger: Any, _method: str, event: Any) -> Any:
    """Of what a line was given as `extra`, words, numbers, days and ids; a whole request or a task's arguments are no
    part of a line, and could hold what must not be told."""
    return {name: _in_words(value) for name, value in event.items() if name.startswith("_") or _is_said(value)}


def _is_said(value: Any) -> bool:
    return value is None or isinstance(value, (*_PLAIN, *_NAMED))


def _in_words(value: Any) -> Any:
    return str(value) if isinstance(value, _NAMED) else value


def _mask(_logger: Any, _method: str, event: Any) -> Any:
    """Leave the key in a feed's address out of every line."""
    return {name: _KEY.sub(r"\1…", value) if isinstance(value, str) else value for name, value in event.items()}
