"""A person's decision on our reading: confirm it, correct it, reject it. Says nothing about the promise itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tracker import rights, standing
from tracker.models import Addressee, Commitment, Obligor, Party, ReviewStep, SecondLook, Text
from tracker.models.days import ministry_day
from tracker.models.edits import RefusedError, StaleError, keep, lock
from tracker.models.rereadings import ReviewAct
from tracker.models.vocabulary import ACCEPTED_REVIEWS, Review
from tracker.outbox import announce

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

SIDES: dict[str, type[Obligor] | type[Addressee]] = {"obligors": Obligor, "addressees": Addressee}
"""Who must act and who is asked: corrected as well, by the codes of the parties, in their order."""

DECIDED = ("review", "reviewed_by_id", "reviewed_at")
"""The columns of every decision."""


@transaction.atomic
def confirm(commitment_id: int, *, by: User, version: int, now: dt.datetime) -> Commitment:
    """The reading stands as found; where a second look is wanted, as it was decided before.

    Raises StaleError, ForbiddenError where `by` may not review it, or RefusedError for a decision that is not in
    `DECISIONS`.
    """
    return _decide(locked(commitment_id, version, by), Review.CONFIRMED, by, now)


@transaction.atomic
def reject(commitment_id: int, *, by: User, version: int, now: dt.datetime) -> Commitment:
    """The words are no commitment. It stays on record and leaves every list; raises as `confirm`."""
    return _decide(locked(commitment_id, version, by), Review.REJECTED, by, now)


@transaction.atomic
def amend(commitment_id: int, *, changes: Mapping[str, Any], by: User, version: int, now: dt.datetime) -> Commitment:
    """The words are a commitment, read not quite rightly: `changes` maps fields of `AMENDABLE`, or `SIDES` (codes of
    parties), to what they should be.

    Raises as `confirm`, and RefusedError for another field, for values that can't stand together, for sides after
    their status was recorded, and for the day of a deadline that was moved: that day is no reading any more, and
    `progress.extend_deadline` moves it.
    """
    strange = set(changes) - set(AMENDABLE) - set(SIDES)
    if strange or not changes:
        raise RefusedError(_("These can't be corrected: %(fields)s.") % {"fields": ", ".join(sorted(strange))})
    commitment = locked(commitment_id, version, by)
    if not {"due_on", "due_precision"}.isdisjoint(changes) and commitment.deadline_steps.exists():
        raise RefusedError(_("The last day was moved since it was read: move it again, do not correct the reading."))
    before = snapshot(commitment, [*DECIDED, *changes])
    sides = {name: codes for name, codes in changes.items() if name in SIDES}
    columns = {name: value for name, value in changes.items() if name not in SIDES}
    for field, value in columns.items():
        setattr(commitment, field, value)
    check(commitment, columns)
    for name, codes in sides.items():
        set_sides(commitment, name, codes)
    decided = _decide(commitment, Review.AMENDED, by, now, changed=list(columns), before=before)
    if "due_on" in before and before["due_on"] != decided.due_on:
        announce.deadline_changed([decided.pk], now)
    return decided


@transaction.atomic
def lead_with(text_id: int, *, now: dt.datetime, by: User | None = None) -> Text:
    """Let another current text of an instrument lead: its commitments now feed lists and follow-ups, not the old one's.

    Without `by` a command does it. Raises RefusedError where there is no such text, or it was replaced, and
    ForbiddenError where `by` may not review what the instrument's unit answers for.
    """
    text = Text.objects.select_related("instrument__unit").filter(pk=text_id, current=True).first()
    if text is None:
        raise RefusedError(_("There is no such text, or it was replaced."))
    if by:
        rights.demand(by, rights.Action.REVIEW, text.instrument)
    siblings = list(text.instrument.texts.select_for_update().order_by("pk").values_list("pk", flat=True))
    Text.objects.filter(instrument=text.instrument_id, leading=True).update(leading=False)
    Text.objects.filter(pk=text.pk).update(leading=True)
    touched = Commitment.objects.filter(text__in=siblings).values_list("pk", flat=True)
    standing.clear_of(list(touched), ministry_day(now), now)
    text.refresh_from_db(fields=["leading"])
    return text


def check(commitment: Commitment, columns: Iterable[str]) -> None:
    """Raise RefusedError, in words, where these columns can't stand, or not together."""
    others = {field.name for field in Commitment._meta.fields} - set(columns)
    try:
        commitment.clean_fields(exclude=others)
        commitment.validate_constraints()
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages)) from error


def snapshot(commitment: Commitment, names: Sequence[str]) -> dict[str, Any]:
    """What these columns and sides are now, as a review step keeps them."""
    return {
        name: _codes(commitment, name) if name in SIDES else getattr(commitment, name) for name in dict.fromkeys(names)
    }


def set_sides(commitment: Commitment, name: str, codes: Sequence[str]) -> None:
    """Let these parties be who must act, or who is asked. Raises RefusedError for a code that is not on record, and
    once a status was recorded: it was recorded of those who are there."""
    wanted = list(dict.fromkeys(codes))
    if wanted == _codes(commitment, name):
        return
    parties = Party.objects.in_bulk(wanted, field_name="code")
    if unknown := [code for code in wanted if code not in parties]:
        raise RefusedError(_("There is no party with the code %(code)s.") % {"code": ", ".join(unknown)})
    if name == "obligors" and (commitment.steps.exists() or commitment.submissions.exists()):
        raise RefusedError(_("A status was recorded of those who must act; they can't be changed any more."))
    places = [{"commitment": commitment, "party": parties[code], "position": n} for n, code in enumerate(wanted)]
    SIDES[name].objects.filter(commitment=commitment).delete()
    if name == "obligors":
        Obligor.objects.bulk_create(Obligor(**each, status=commitment.status) for each in places)
    else:
        Addressee.objects.bulk_create(Addressee(**each) for each in places)


def record(
    commitment: Commitment, act: ReviewAct, before: dict[str, Any], by: User, now: dt.datetime, **more: Any
) -> None:
    """Put a decision down with what it changed, so that it can be taken back (`undoing`)."""
    after = snapshot(commitment, [name for name in before if name != "looks"])
    ReviewStep.objects.create(
        commitment=commitment, act=act, before=before, after=after, version=commitment.version, by=by, at=now, **more
    )


def settle_looks(commitment: Commitment, by: User, now: dt.datetime) -> list[int]:
    """Whoever decides has looked: the ids of the second looks that this settles."""
    waiting = list(SecondLook.objects.open().filter(commitment=commitment).values_list("pk", flat=True))
    if waiting:
        SecondLook.objects.filter(pk__in=waiting).update(settled_at=now, settled_by=by)
    return waiting


def locked(commitment_id: int, version: int, by: User) -> Commitment:
    """The commitment, its row locked, for a decision by this user; raises StaleError and ForbiddenError."""
    commitment = lock(commitment_id, version)
    rights.demand(by, rights.Action.REVIEW, commitment)
    return commitment


def _codes(commitment: Commitment, name: str) -> list[str]:
    return list(
        SIDES[name].objects.filter(commitment=commitment).order_by("position").values_list("party__code", flat=True)
    )


def _decide(
    commitment: Commitment,
    decision: Review,
    by: User,
    now: dt.datetime,
    changed: list[str] | None = None,
    before: dict[str, Any] | None = None,
) -> Commitment:
    before = before or snapshot(commitment, DECIDED)
    standing_now, act = Review(commitment.review), ReviewAct(decision)
    looks = settle_looks(commitment, by, now)
    if looks and decision == Review.CONFIRMED and standing_now in ACCEPTED_REVIEWS:
        decision, act = standing_now, ReviewAct.LOOKED
    elif decision not in DECISIONS[standing_now]:
        raise RefusedError(
            _("A reading that is %(review)s can't become %(decision)s.")
            % {"review": standing_now.label, "decision": decision.label}
        )
    commitment.review, commitment.reviewed_by, commitment.reviewed_at = decision, by, now
    keep(commitment, ["review", "reviewed_by", "reviewed_at", *(changed or [])])
    record(commitment, act, {**before, "looks": looks} if looks else before, by, now)
    standing.clear_of([commitment.pk], ministry_day(now), now)
    return commitment
