"""What a row asks for, done: each column by the step that also does it on the page of the commitment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypedDict, TypeVar

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from tracker import assignment, filing, progress, review
from tracker.models import Commitment, Person, Theme, Unit
from tracker.models.days import ministry_day
from tracker.models.edits import RefusedError
from tracker.models.vocabulary import Precision, Review
from tracker.spreadsheets.columns import BETWEEN

READING = (
    "force",
    "obligors",
    "addressees",
    "due_on",
    "due_text",
    "due_precision",
    "due_rule",
    "starts_on",
    "recurrence",
    "awaiting_date",
)
"""Columns that correct the reading."""

_DAYS = ("due_on", "starts_on")
_SIDES = ("obligors", "addressees")
_Row = TypeVar("_Row")


class Taken(TypedDict):
    """Who takes a step, when, and as of which version."""

    by: User
    version: int
    now: dt.datetime


@dataclass
class Known:
    """What codes and names stand for; asked of the database once for a whole file."""

    by: User
    now: dt.datetime

    @cached_property
    def units(self) -> dict[str, Unit]:
        """The units by code."""
        return {unit.code: unit for unit in Unit.objects.all()}

    @cached_property
    def people(self) -> dict[str, Person]:
        """The people by user name."""
        return {person.user.get_username(): person for person in Person.objects.select_related("user", "unit")}

    @cached_property
    def themes(self) -> dict[str, Theme]:
        """The themes by code."""
        return {theme.code: theme for theme in Theme.objects.all()}


def take(commitment: Commitment, wanted: Mapping[str, str], known: Known) -> None:
    """Do all that one row asks for, against the version that the commitment bears; in a transaction of the caller's.

    `wanted` maps writable columns to their new words. Raises RefusedError (stale, forbidden, or not possible) for the
    whole row. Who answers for it changes last: another unit's record can't be changed any more.
    """
    for step in (_reading, _review, _title, _themes, _status, _extension, _note, _charge):
        commitment = step(commitment, wanted, known) or commitment


def _reading(commitment: Commitment, wanted: Mapping[str, str], known: Known) -> Commitment | None:
    changes: dict[str, Any] = {name: wanted[name] for name in READING if name in wanted}
    if not changes:
        return None
    for name in _DAYS:
        if name in changes:
            changes[name] = day(changes[name]) if changes[name] else None
    changes |= {name: [code for code in changes[name].split(BETWEEN) if code] for name in _SIDES if name in changes}
    if "awaiting_date" in changes:
        changes["awaiting_date"] = changes["awaiting_date"] == "true"
    if "due_on" in changes:
        _fit_the_precision(commitment, changes)
    return review.amend(commitment.pk, changes=changes, by=known.by, version=commitment.version, now=known.now)


def _fit_the_precision(commitment: Commitment, changes: dict[str, Any]) -> None:
    """A new day is exact unless the row says otherwise, and no day has no precision."""
    if changes["due_on"] is None:
        changes["due_precision"] = ""
    elif not changes.get("due_precision", commitment.due_precision):
        changes["due_precision"] = Precision.DAY


def _review(commitment: Commitment, wanted: Mapping[str, str], known: Known) -> Commitment | None:
    decision = wanted.get("review")
    taken: Taken = {"by": known.by, "version": commitment.version, "now": known.now}
    if decision is None or decision == commitment.review:
        return None
    if decision == Review.REJECTED:
        return review.reject(commitment.pk, **taken)
    if decision != Review.CONFIRMED:
        raise RefusedError(_("The review is set to confirmed or rejected; a corrected reading counts as amended."))
    amended_just_now = any(name in wanted for name in READING)
    return None if amended_just_now else review.confirm(commitment.pk, **taken)


def _title(commitment: Commitment, wanted: Mapping[str, str], known: Known) -> Commitment | None:
    if "title" not in wanted:
        return None
    return filing.rename(commitment.pk, title=wanted["title"], by=known.by, version=commitment.version)


def _themes(commitment: Commitment, wanted: Mapping[str, str], known: Known) -> Commitment | None:
    if "themes" not in wanted:
        return None
    codes = [code for code in wanted["themes"].split(BETWEEN) if code]
    strange = [code for code in codes if code not in known.themes]
    if strange:
        raise RefusedError(_("There is no such theme: %(codes)s.") % {"codes": ", ".join(strange)})
    themes = [known.themes[code] for code in codes]
    return filing.set_themes(commitment.pk, themes=themes, by=known.by, version=commitment.version)


def _status(commitment: Commitment, wanted: Mapping[str, str], known: Known) -> Commitment | None:
    if not {"status", "status_note", "add_evidence"} & set(wanted):
        if "status_on" in wanted:
            raise RefusedError(_("A day of the status goes with a new status, or with news in status_note."))
        return None
    on = wanted.get("status_on")
    return progress.record_status(
        commitment.pk,
        to=wanted.get("status", commitment.status),
        on=day(on) if on else ministry_day(known.now),
        note=wanted.get("status_note", ""),
        evidence=wanted.get("add_evidence", ""),
        by=known.by,
        version=commitment.version,
        now=known.now,
    )


def _extension(commitment: Commitment, wanted: Mapping[str, str], known: Known) -> Commitment | None:
    if "extend_to" not in wanted:
        if "extend_reason" in wanted:
            raise RefusedError(_("A reason to move the day goes with a day in extend_to."))
        return None
    return progress.extend_deadline(
        commitment.pk,
        to=day(wanted["extend_to"]),
        reason=wanted.get("extend_reason", ""),
        by=known.by,
        version=commitment.version,
        now=known.now,
    )


def _note(commitment: Commitment, wanted: Mapping[str, str], known: Known) -> None:
    if "add_note" in wanted:
        filing.add_note(commitment.pk, words=wanted["add_note"], by=known.by, now=known.now)


def _charge(commitment: Commitment, wanted: Mapping[str, str], known: Known) -> Commitment | None:
    if not {"unit", "officer"} & set(wanted):
        return None
    unit, officer = commitment.unit, commitment.officer
    if "unit" in wanted:
        unit = _found(known.units, wanted["unit"], _("There is no unit %(name)s."))
    if "officer" in wanted:
        officer = _found(known.people, wanted["officer"], _("There is no person %(name)s."))
    return assignment.assign(commitment.pk, unit=unit, officer=officer, version=commitment.version, by=known.by)


def _found(known: Mapping[str, _Row], name: str, refusal: str) -> _Row | None:
    """What a name stands for; the empty name stands for nothing."""
    if name and name not in known:
        raise RefusedError(refusal % {"name": name})
    return known.get(name)


def day(words: str) -> dt.date:
    """A day as 2026-12-31 or 31.12.2026; raises RefusedError for anything else."""
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(words, form).date()  # noqa: DTZ007  (a day, nowhere in particular)
        except ValueError:
            continue
    raise RefusedError(_("“%(words)s” is no day. Write it as 2026-12-31.") % {"words": words[:40]})
