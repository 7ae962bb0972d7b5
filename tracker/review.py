"""A person's decision on our reading: confirm it, correct it, reject it. Says nothing about the promise itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tracker.models import Commitment, Text, standing
from tracker.models.days import ministry_day
from tracker.models.edits import RefusedError, StaleError, keep, lock
from tracker.models.vocabulary import Review

__all__ = ["AMENDABLE", "DECISIONS", "RefusedError", "StaleError", "amend", "confirm", "lead_with", "reject"]

DECISIONS: dict[Review, tuple[Review, ...]] = {
    Review.PROPOSED: (Review.CONFIRMED, Review.AMENDED, Review.REJECTED),
    Review.CONFIRMED: (Review.AMENDED, Review.REJECTED),
    Review.AMENDED: (Review.AMENDED, Review.REJECTED),
    Review.REJECTED: (Review.CONFIRMED, Review.AMENDED),
}
"""What may be decided about a reading that stands as it does."""

AMENDABLE = (
    "title",
    "force",
    "due_on",
    "due_text",
    "due_precision",
    "due_rule",
    "starts_on",
    "recurrence",
    "awaiting_date",
)
"""What a person may correct in a reading."""


@transaction.atomic
def confirm(commitment_id: int, *, by: User, version: int, now: dt.datetime) -> Commitment:
    """The reading stands as found. Raises StaleError, or RefusedError for a decision that is not in `DECISIONS`."""
    return _decide(lock(commitment_id, version), Review.CONFIRMED, by, now)


@transaction.atomic
def reject(commitment_id: int, *, by: User, version: int, now: dt.datetime) -> Commitment:
    """The words are no commitment. It stays on record and leaves every list; raises as `confirm`."""
    return _decide(lock(commitment_id, version), Review.REJECTED, by, now)


@transaction.atomic
def amend(commitment_id: int, *, changes: Mapping[str, Any], by: User, version: int, now: dt.datetime) -> Commitment:
    """The words are a commitment, read not quite rightly: `changes` maps fields of `AMENDABLE` to what they should be.

    Raises as `confirm`, and RefusedError for another field or for values that can't stand together.
    """
    strange = set(changes) - set(AMENDABLE)
    if strange or not changes:
        raise RefusedError(_("These can't be corrected: %(fields)s.") % {"fields": ", ".join(sorted(strange))})
    commitment = lock(commitment_id, version)
    for field, value in changes.items():
        setattr(commitment, field, value)
    others = {field.name for field in Commitment._meta.fields} - set(changes)
    try:
        commitment.clean_fields(exclude=others)
        commitment.validate_constraints()
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages)) from error
    return _decide(commitment, Review.AMENDED, by, now, changed=list(changes))


@transaction.atomic
def lead_with(text_id: int, *, now: dt.datetime) -> Text:
    """Let another current text of an instrument lead: its commitments now feed lists and follow-ups, not the old one's.

    Raises RefusedError where there is no such text, or it was replaced.
    """
    text = Text.objects.filter(pk=text_id, current=True).first()
    if text is None:
        raise RefusedError(_("There is no such text, or it was replaced."))
    siblings = list(text.instrument.texts.select_for_update().order_by("pk").values_list("pk", flat=True))
    Text.objects.filter(instrument=text.instrument_id, leading=True).update(leading=False)
    Text.objects.filter(pk=text.pk).update(leading=True)
    touched = Commitment.objects.filter(text__in=siblings).values_list("pk", flat=True)
    standing.clear_what_does_not(ministry_day(now), now, only=list(touched))
    text.refresh_from_db(fields=["leading"])
    return text


def _decide(
    commitment: Commitment, decision: Review, by: User, now: dt.datetime, changed: list[str] | None = None
) -> Commitment:
    standing_now = Review(commitment.review)
    if decision not in DECISIONS[standing_now]:
        raise RefusedError(
            _("A reading that is %(review)s can't become %(decision)s.")
            % {"review": standing_now.label, "decision": decision.label}
        )
    commitment.review, commitment.reviewed_by, commitment.reviewed_at = decision, by, now
    keep(commitment, ["review", "reviewed_by", "reviewed_at", *(changed or [])])
    standing.clear_what_does_not(ministry_day(now), now, only=[commitment.pk])
    return commitment
