"""The staff's screens: lists to look at, and steps that call `tracker.review`, `progress` and `ingest`."""

from __future__ import annotations

from tracker.admin import (
    commitments,
    desk,
    feeds,
    followups,
    instruments,
    jobs,
    operations,
    outbox,
    people,
    reminders,
    rules,
    site,
    tokens,
)

__all__ = [
    "commitments",
    "desk",
    "feeds",
    "followups",
    "instruments",
    "jobs",
    "operations",
    "outbox",
    "people",
    "reminders",
    "rules",
    "site",
    "tokens",
]
