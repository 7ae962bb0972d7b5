"""What a person marks in a text: a commitment that was missed, one that is two, two that are one.

Where a person drew the line, reading the text again does not move it (see `rereading`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from textwrap import shorten

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from tracker import review, rights, standing
from tracker.models import Clause, Commitment, Text
from tracker.models.days import ministry_day
from tracker.models.edits import RefusedError, keep
from tracker.models.rereadings import ReviewAct
from tracker.models.vocabulary import Force, Review
from tracker.unseen import UNSEEN

__all__ = ["RefusedError", "add", "clause_at", "merge", "place_of", "split"]

_SPAN = ("start", "end", "title", *review.DECIDED)
_LIKE = (
    *("force", "due_on", "due_text", "due_precision", "due_rule", "due_why", "starts_on", "recurrence"),
    *("awaiting_date", "inferred", "read_on", "made_on", "unit_id", "officer_id"),
)


@transaction.atomic
def add(text_id: int, *, start: int, end: int, words: str, by: User, now: dt.datetime) -> Commitment:
    """Mark `words`, which stand at `start:end` of a text, as a commitment that was missed; its force and its sides
    are then amended. Words that were rejected are taken back.

    Raises RefusedError where the words do not stand there (any more) or are marked already, and ForbiddenError where
    the instrument is with another unit: what is new in its texts is for the unit that answers for it.
    """
    text = _text(text_id)
    rights.demand(by, rights.Action.REVIEW, text.instrument)
    if _letters(text.body[start:end]) != _letters(words) or not _letters(words):
        raise RefusedError(_("These words do not stand there any more. Mark them again."))
    start, end = _trimmed(text.body, start, end)
    if held := Commitment.objects.filter(text=text, start=start, end=end).first():
        if held.review != Review.REJECTED:
            raise RefusedError(_("These words are marked already."))
        return review.confirm(held.pk, by=by, version=held.version, now=now)
    today = ministry_day(now)
    made = Commitment.objects.create(
        text=text,
        counted=text.leading,
        clause_id=clause_at(text, start, end),
        start=start,
        end=end,
        title=_title(text.body[start:end]),
        force=Force.COMMITMENT,
        read_on=today,
        made_on=text.instrument.signed_on or today,
        review=Review.CONFIRMED,
        reviewed_by=by,
        reviewed_at=now,
    )
    review.set_sides(made, "obligors", _makers(text))
    review.record(made, ReviewAct.ADDED, {"review": None}, by, now)
    return made


@transaction.atomic
def split(commitment_id: int, *, at: int, by: User, version: int, now: dt.datetime) -> tuple[Commitment, Commitment]:
    """Make two of one, the second beginning at the offset `at` of the text; both keep what was read of the one.

    Whoever answers for the commitment may, whosever the instrument is; the second one is then theirs as well. Raises
    StaleError, ForbiddenError, and RefusedError where `at` leaves one of them without words.
    """
    commitment = review.locked(commitment_id, version, by)
    text = _text(commitment.text_id)
    first = _trimmed(text.body, commitment.start, max(at, commitment.start))
    second = _trimmed(text.body, min(at, commitment.end), commitment.end)
    if not (first[0] < first[1] and second[0] < second[1]):
        raise RefusedError(_("Put the cursor between words of the commitment, where the second one begins."))
    there = [_free(text, span) for span in (first, second)]
    before = review.snapshot(commitment, _SPAN)
    if there[0]:
        raise RefusedError(_("These words are marked already."))
    if there[1]:
        rights.demand(by, rights.Action.REVIEW, there[1])
    _span(commitment, text, first, by, now)
    other = there[1] or Commitment(text=text, counted=commitment.counted)
    for name in _LIKE:
        setattr(other, name, getattr(commitment, name))
    _span(other, text, second, by, now)
    for name in review.SIDES:
        review.set_sides(other, name, review.snapshot(commitment, [name])[name])
    review.record(other, ReviewAct.ADDED, {"review": None}, by, now)
    review.record(commitment, ReviewAct.SPLIT, before, by, now, other=other, others_version=other.version)
    return commitment, other


@transaction.atomic
def merge(
    commitment_id: int, other_id: int, *, by: User, version: int, others_version: int, now: dt.datetime
) -> Commitment:
    """Make one of two that follow each other in a text: the first takes the words and sides of both, the second is
    rejected. Raises StaleError (of either), ForbiddenError where somebody else answers for one of the two, and
    RefusedError where something was recorded of the second.
    """
    commitment = review.locked(commitment_id, version, by)
    other = review.locked(other_id, others_version, by)
    text = _text(commitment.text_id)
    if other.text_id != text.pk or other.pk == commitment.pk:
        raise RefusedError(_("Only two commitments of one text can be made one."))
    if other.steps.exists() or other.submissions.exists():
        raise RefusedError(_("A status was recorded of the second one: nothing of it may be lost."))
    others_before = review.snapshot(other, review.DECIDED)
    before = review.snapshot(commitment, [*_SPAN, *review.SIDES])
    span = (min(commitment.start, other.start), max(commitment.end, other.end))
    if Commitment.objects.filter(text=text, start=span[0], end=span[1]).exclude(pk=commitment.pk).exists():
        raise RefusedError(_("These words are marked already."))
    theirs = review.snapshot(other, list(review.SIDES))
    for name in review.SIDES:
        review.set_sides(commitment, name, [*before[name], *theirs[name]])
    _span(commitment, text, span, by, now)
    other.review, other.reviewed_by, other.reviewed_at = Review.REJECTED, by, now
    keep(other, ["review", "reviewed_by", "reviewed_at"])
    review.record(
        commitment,
        ReviewAct.MERGED,
        before,
        by,
        now,
        other=other,
        others_before=others_before,
        others_version=other.version,
    )
    standing.clear_of([commitment.pk, other.pk], ministry_day(now), now)
    return commitment


def _text(text_id: int) -> Text:
    """The text, locked against being read again meanwhile; raises RefusedError."""
    known = Text.objects.select_related("instrument__unit").select_for_update(of=("self",))
    text = known.filter(pk=text_id, current=True).first()
    if text is None:
        raise RefusedError(_("There is no such text, or it was replaced."))
    return text


def _free(text: Text, span: tuple[int, int]) -> Commitment | None:
    """The rejected commitment that has this span, which may take it up again. Raises RefusedError for one in use."""
    held = Commitment.objects.filter(text=text, start=span[0], end=span[1]).first()
    if held and held.review != Review.REJECTED:
        raise RefusedError(_("These words are marked already."))
    return held


def _span(commitment: Commitment, text: Text, span: tuple[int, int], by: User, now: dt.datetime) -> None:
    """Give a commitment its words, as a person's decision, and write it."""
    commitment.start, commitment.end = span
    commitment.title = _title(text.body[span[0] : span[1]])
    commitment.clause_id = clause_at(text, *span)
    commitment.review, commitment.reviewed_by, commitment.reviewed_at = Review.AMENDED, by, now
    if commitment.pk is None:
        commitment.save()
        return
    commitment.version += 1
    commitment.save()
    standing.clear_of([commitment.pk], ministry_day(now), now)


def _trimmed(body: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    words = body[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def clause_at(text: Text, start: int, end: int) -> int | None:
    """The innermost clause around a span."""
    around = Clause.objects.filter(text=text, start__lte=start, end__gte=end)
    return around.order_by("-start", "end").values_list("pk", flat=True).first()


def _makers(text: Text) -> Sequence[str]:
    """Who makes the instrument: who must act until somebody says otherwise."""
    return list(text.instrument.standings.order_by("position").values_list("party__code", flat=True))


def place_of(words: str, text: Text, within: tuple[int, int] | None = None) -> tuple[int, int]:
    """Where words that somebody copied from a text first stand in it, whatever the white space between them.

    Raises RefusedError where they do not.
    """
    start, end = within or (0, len(text.body))
    copied = [re.escape(word) for word in UNSEEN.sub("", words).split()]
    found = re.compile(r"\s+".join(copied)).search(text.body, start, end) if copied else None
    if found is None:
        raise RefusedError(_("These words do not stand in the text. Copy them from it."))
    return found.span()


def _letters(words: str) -> str:
    """The words without white space and without what can't be seen: what a person saw and marked."""
    return "".join(UNSEEN.sub("", words).split())


def _title(words: str) -> str:
    return shorten(words, 200, placeholder=" …") or words[:200]
