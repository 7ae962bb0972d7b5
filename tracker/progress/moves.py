"""Where a status may go, and how that of a commitment follows from its sides. No rows are read or written here."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.models.vocabulary import EXCUSED_STATUSES, OPEN_STATUSES, Status

TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    Status.NOT_STARTED: (
        Status.NOT_STARTED,
        Status.IN_PROGRESS,
        Status.FULFILLED,
        Status.PARTLY_FULFILLED,
        Status.NOT_FULFILLED,
        Status.SUPERSEDED,
        Status.WAIVED,
    ),
    Status.IN_PROGRESS: (
        Status.IN_PROGRESS,
        Status.FULFILLED,
        Status.PARTLY_FULFILLED,
        Status.NOT_FULFILLED,
        Status.SUPERSEDED,
        Status.WAIVED,
    ),
    Status.PARTLY_FULFILLED: (
        Status.IN_PROGRESS,
        Status.FULFILLED,
        Status.NOT_FULFILLED,
        Status.SUPERSEDED,
        Status.WAIVED,
    ),
    Status.NOT_FULFILLED: (
        Status.IN_PROGRESS,
        Status.FULFILLED,
        Status.PARTLY_FULFILLED,
        Status.SUPERSEDED,
        Status.WAIVED,
    ),
    # A closed promise is opened again by saying that it is in progress, with a note that says why.
    Status.FULFILLED: (Status.IN_PROGRESS,),
    Status.SUPERSEDED: (Status.IN_PROGRESS,),
    Status.WAIVED: (Status.IN_PROGRESS,),
}
"""Where a status may go. One that may go to itself takes news: it stays, and the clock of its silence starts anew."""


def next_statuses(status: str) -> tuple[Status, ...]:
    """What a status may be changed to, for forms."""
    return TRANSITIONS[Status(status)]


def rolled_up(statuses: Iterable[str]) -> Status:
    """The status of a commitment whose obligors have these (at least one).

    Obligors that were excused (waived, superseded) count only where all were. Then: the status that all share; or
    else in progress while any side is open; or else partly fulfilled.
    """
    sides = {Status(status) for status in statuses}
    sides = sides - set(EXCUSED_STATUSES) or sides
    if len(sides) == 1:
        return sides.pop()
    if sides <= set(EXCUSED_STATUSES):
        return Status.SUPERSEDED
    return Status.IN_PROGRESS if sides & set(OPEN_STATUSES) else Status.PARTLY_FULFILLED
