"""One step on many commitments: shown first, then taken, each row by the step that also takes it alone.

A preview is the step itself, rolled back: what it would refuse is refused in the preview, in the same words, and no
rule is written twice. Between preview and doing, a row that somebody changed is refused as stale.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracker import assignment, progress, review
from tracker.models import Commitment
from tracker.models.edits import RefusedError
from tracker.progress import proof

MOST = 200
"""How many rows one order may have: a preview takes the locks of a step for each of them, one after another."""

_SHOWN = ("review", "status", "status_on", "due_on", "unit", "officer", "last_evidence_on")


_MAY_WAIT = ("status", "extension")
"""Actions that may wait for a second person; where a submission waits after one of them, it is this one."""

_Step = Callable[[Commitment, int, Mapping[str, Any], User, dt.datetime], Commitment]
"""Takes a step on a commitment, against the version seen, with the order's parameters."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked: one action, its parameters, and the rows with the version of each that the person saw.

    The parameters are the step's own (see `ACTIONS`). An order can be written into a form and read back.
    """

    action: str
    params: Mapping[str, Any]
    seen: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A row that changes, or did: what each field was and is, in words, and whether a second person must accept it."""

    commitment_id: int
    title: str
    fields: tuple[tuple[str, str, str], ...]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that does not change, and why not."""

    commitment_id: int
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would come of an order: `order` has the rows that would change, ready for `apply`."""

    order: Order
    changes: tuple[Change, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an order."""

    changes: tuple[Change, ...]
    refusals: tuple[Refusal, ...]


def plan(order: Order, *, by: User, now: dt.datetime) -> Plan:
    """What would change, row by row, and what would not, with the reason; nothing is kept.

    Raises RefusedError for an order that makes no sense as a whole: an unknown action or parameter, no rows, or more
    than `MOST`. Rows that the user may not know of are refused as if they did not exist.
    """
    with transaction.atomic():
        for file in _files(order):
            proof.store(file)  # once for all rows, and rolled back with them
        changes, refusals = _each(order, by, now, keep=False)
        transaction.set_rollback(True)
    going = {change.commitment_id for change in changes}
    doable = Order(order.action, order.params, {pk: seen for pk, seen in order.seen.items() if pk in going})
    return Plan(doable, tuple(changes), tuple(refusals))


def apply(order: Order, *, by: User, now: dt.datetime) -> Outcome:
    """Take the step on every row; each stands or falls by itself. Raises as `plan`; the outcome names what did not
    change, rows that somebody changed since they were seen among them. A file of evidence is stored once."""
    changes, refusals = _each(order, by, now, keep=True)
    return Outcome(tuple(changes), tuple(refusals))


def _each(order: Order, by: User, now: dt.datetime, *, keep: bool) -> tuple[list[Change], list[Refusal]]:
    step = _checked(order)
    known = Commitment.objects.for_user(by).select_related("unit", "officer__user", "text__instrument__unit")
    rows = known.defer("text__body").in_bulk(sorted(order.seen))
    changes: list[Change] = []
    refusals: list[Refusal] = []
    for pk in sorted(order.seen):  # in one order, so that two orders over the same rows never wait in a ring
        if pk not in rows:
            refusals.append(Refusal(pk, "", _("There is no such commitment.")))
            continue
        try:
            changes.append(_take(step, rows[pk], order, by, now, keep=keep))
        except RefusedError as error:
            refusals.append(Refusal(pk, rows[pk].title, str(error)))
    return changes, refusals


def _files(order: Order) -> list[proof.File]:
    """The files of evidence among its parameters, those that are too large or empty left to the step."""
    given = order.params.get("evidence", "")
    try:
        return [piece for piece in proof.checked(given) if isinstance(piece, proof.File)]
    except RefusedError:
        return []


def _take(step: _Step, row: Commitment, order: Order, by: User, now: dt.datetime, *, keep: bool) -> Change:
    """One row by its step; what does not change anything that is shown is refused, and rolled back."""
    before = _shown(row)
    with transaction.atomic():
        after = step(row, order.seen[row.pk], order.params, by, now)
        waits = order.action in _MAY_WAIT and after.submissions.pending().exists()
        pairs = zip(before, _shown(after), strict=True)
        fields = tuple((name, was, now_is) for (name, was), (_name, now_is) in pairs if was != now_is)
        if not fields and not waits:
            raise RefusedError(_("It is so already."))
        if not keep:
            transaction.set_rollback(True)
    return Change(row.pk, row.title, fields, waits)


def _checked(order: Order) -> _Step:
    if order.action not in ACTIONS:
        raise RefusedError(_("There is no such action: %(action)s.") % {"action": order.action})
    step, needed, optional = ACTIONS[order.action]
    given = set(order.params)
    if not needed <= given <= needed | optional:
        wrong = (needed - given) | (given - needed - optional)
        raise RefusedError(_("These are missing or unknown: %(names)s.") % {"names": ", ".join(sorted(wrong))})
    if not order.seen:
        raise RefusedError(_("Choose at least one commitment."))
    if len(order.seen) > MOST:
        raise RefusedError(_("Choose at most %(most)s commitments at a time.") % {"most": MOST})
    return step


def _shown(row: Commitment) -> list[tuple[str, str]]:
    """The fields that steps change, by name and in words."""
    return [(str(Commitment._meta.get_field(name).verbose_name), _in_words(row, name)) for name in _SHOWN]  # type: ignore[union-attr]


def _in_words(row: Commitment, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, dt.date):
        return date_format(value, "DATE_FORMAT")
    if name in ("review", "status"):
        return str(getattr(row, f"get_{name}_display")())
    return "–" if value is None else str(value)


def _status(row: Commitment, version: int, params: Mapping[str, Any], by: User, now: dt.datetime) -> Commitment:
    return progress.record_status(row.pk, **params, by=by, version=version, now=now)


def _extension(row: Commitment, version: int, params: Mapping[str, Any], by: User, now: dt.datetime) -> Commitment:
    return progress.extend_deadline(row.pk, **params, by=by, version=version, now=now)


def _unit(row: Commitment, version: int, params: Mapping[str, Any], by: User, now: dt.datetime) -> Commitment:
    """The officer stays where the new unit is the officer's."""
    unit = params["unit"]
    officer = row.officer if row.officer and unit and row.officer.unit_id == unit.pk else None
    return assignment.assign(row.pk, unit=unit, officer=officer, version=version, by=by)


def _officer(row: Commitment, version: int, params: Mapping[str, Any], by: User, now: dt.datetime) -> Commitment:
    """The unit stays."""
    return assignment.assign(row.pk, unit=row.unit, officer=params["officer"], version=version, by=by)


def _confirm(row: Commitment, version: int, params: Mapping[str, Any], by: User, now: dt.datetime) -> Commitment:
    return review.confirm(row.pk, by=by, version=version, now=now)


def _reject(row: Commitment, version: int, params: Mapping[str, Any], by: User, now: dt.datetime) -> Commitment:
    return review.reject(row.pk, by=by, version=version, now=now)


_NONE: frozenset[str] = frozenset()
ACTIONS: dict[str, tuple[_Step, frozenset[str], frozenset[str]]] = {
    "status": (_status, frozenset({"to", "on", "note"}), frozenset({"evidence", "by_instrument", "by_commitment"})),
    "extension": (_extension, frozenset({"to", "reason"}), frozenset({"brought_forward"})),
    "unit": (_unit, frozenset({"unit"}), _NONE),
    "officer": (_officer, frozenset({"officer"}), _NONE),
    "confirm": (_confirm, _NONE, _NONE),
    "reject": (_reject, _NONE, _NONE),
}
"""What may be done to many at once: the step, the parameters it needs, and those it may have."""
