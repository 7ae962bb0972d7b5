"""A line of the log says what it was given, in words, and nothing that must not be told."""

from __future__ import annotations

import datetime as dt
import json
import logging
import uuid
from typing import Any

from config import logs


def _line(**extra: Any) -> dict[str, Any]:
    formatter = logs.to_one_line_each(plain=False, level="INFO")["formatters"]["line"]
    made = formatter.pop("()")(**formatter)
    record = logging.getLogger("tracker.jobs").makeRecord(
        "tracker.jobs", logging.WARNING, __file__, 1, "job_taken_over", (), None, extra=extra
    )
    line: dict[str, Any] = json.loads(made.format(record))
    return line


def test_what_a_line_was_given_is_printed() -> None:
    item = uuid.uuid4()
    line = _line(job=7, answer="refused\n<x>", on=dt.date(2026, 11, 22), item=item)
    assert line["event"] == "job_taken_over"
    assert (line["job"], line["answer"], line["on"], line["item"]) == (7, "refused\n<x>", "2026-11-22", str(item))


def test_a_key_in_an_address_and_whole_objects_are_not_printed() -> None:
    line = _line(address="/feeds/abcdefghijklmnopqrstuvwxyz", request=object(), data={"args": "secret"})
    assert line["address"] == "/feeds/…"
    assert not {"request", "data"} & set(line)
