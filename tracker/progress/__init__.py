"""What became of a promise: the only place where a stored status or a last day changes.

`record_status` and `extend_deadline` are the two steps; where a unit wants a second person, they wait as submissions
until `accept`, `send_back` or `withdraw`. The rules in words: docs/desk.md.
"""

from __future__ import annotations

from tracker.assignment import assign
from tracker.models.edits import ForbiddenError, RefusedError, StaleError
from tracker.progress.acceptance import accept, send_back, to_accept, withdraw
from tracker.progress.deadline import extend_deadline
from tracker.progress.moves import TRANSITIONS, next_statuses, rolled_up
from tracker.progress.proof import File, Given
from tracker.progress.status import record_status

__all__ = [
    "TRANSITIONS",
    "File",
    "ForbiddenError",
    "Given",
    "RefusedError",
    "StaleError",
    "accept",
    "assign",
    "extend_deadline",
    "next_statuses",
    "record_status",
    "rolled_up",
    "send_back",
    "to_accept",
    "withdraw",
]
