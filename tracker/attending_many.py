"""One act on many follow-ups: shown first, then done, each by the step that also does it to one (`tracker.attending`).

As in `tracker.bulk`, a preview is the step itself, rolled back. Here each row is a transaction of its own, also in the
preview: the sweep closes flags in whatever order it finds them, and must never wait for somebody who waits for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from tracker import attending, rights
from tracker.models import FollowUp
from tracker.models.edits import RefusedError

MOST = 200
"""How many rows one order may have."""

ACTIONS: dict[str, tuple[Callable[..., FollowUp], frozenset[str]]] = {
    "acknowledge": (attending.acknowledge, frozenset()),
    "snooze": (attending.snooze, frozenset({"until", "reason"})),
    "assign": (attending.assign, frozenset({"to"})),
}
"""What may be done to many at once: the step, and the parameters that it needs."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked: one action, its parameters, and the rows with the version of each that the person saw."""

    action: str
    params: Mapping[str, Any]
    seen: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A row: what was and what is, or would be, in words; or, in `refused`, why it stays as it is."""

    followup_id: int
    reason: str = ""
    title: str = ""
    before: str = ""
    after: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What came, or would come, of an order. `order` has the rows that change, ready for `apply`."""

    order: Order
    changes: tuple[Line, ...]
    refusals: tuple[Line, ...]


def plan(order: Order, *, by: User, now: dt.datetime) -> Report:
    """What would change, row by row, and what would not, with the reason; nothing is kept.

    Raises RefusedError for an order that makes no sense as a whole: an unknown action or parameter, no rows, or more
    than `MOST`. Rows that the user may not know of are refused as if they did not exist.
    """
    return _each(order, by, now, keep=False)


def apply(order: Order, *, by: User, now: dt.datetime) -> Report:
    """Do it to every row; each stands or falls by itself. Raises as `plan`; rows that somebody changed since they were
    seen are among the refusals."""
    return _each(order, by, now, keep=True)


def _each(order: Order, by: User, now: dt.datetime, *, keep: bool) -> Report:
    step = _checked(order)
    known = rights.followups(by).select_related("commitment", "acknowledged_by", "assigned_to__user")
    rows = known.in_bulk(sorted(order.seen))
    lines = [_take(step, pk, rows.get(pk), order, by, now, keep=keep) for pk in sorted(order.seen)]
    changes = tuple(line for line in lines if not line.refused)
    doable = Order(order.action, order.params, {line.followup_id: order.seen[line.followup_id] for line in changes})
    return Report(doable, changes, tuple(line for line in lines if line.refused))


def _take(
    step: Callable[..., FollowUp],
    pk: int,
    row: FollowUp | None,
    order: Order,
    by: User,
    now: dt.datetime,
    *,
    keep: bool,
) -> Line:
    if row is None:
        return Line(pk, refused=_("There is no such follow-up."))
    about = {"reason": row.get_reason_display(), "title": row.commitment.title}
    try:
        with transaction.atomic():
            after = step(pk, **order.params, by=by, version=order.seen[pk], now=now)
            if not keep:
                transaction.set_rollback(True)
    except RefusedError as error:
        return Line(pk, **about, refused=str(error))
    return Line(pk, **about, before=attending.in_words(row), after=attending.in_words(after))


def _checked(order: Order) -> Callable[..., FollowUp]:
    if order.action not in ACTIONS:
        raise RefusedError(_("There is no such action: %(action)s.") % {"action": order.action})
    step, needed = ACTIONS[order.action]
    if wrong := needed ^ set(order.params):
        raise RefusedError(_("These are missing or unknown: %(names)s.") % {"names": ", ".join(sorted(wrong))})
    if not order.seen:
        raise RefusedError(_("Choose at least one follow-up."))
    if len(order.seen) > MOST:
        raise RefusedError(_("Choose at most %(most)s follow-ups at a time.") % {"most": MOST})
    return step
