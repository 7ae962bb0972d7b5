"""Doing what a plan says, in one transaction, or refusing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tracker import rights, standing
from tracker.ingest import rows
from tracker.models import Addressee, Clause, Commitment, Obligor, Rereading, SecondLook, Text
from tracker.models.days import ministry_day
from tracker.models.edits import RefusedError
from tracker.models.rereadings import LookReason
from tracker.models.vocabulary import ACCEPTED_REVIEWS, Review
from tracker.outbox import announce
from tracker.rereading.planning import Fate, Line, Plan, plan

_FOR_NOW = 1_000_000_000
"""Spans are parked so far behind the text while they move, for no two may be the same at any moment."""

_KEPT_COLUMNS = ("read_on", "made_on")  # its clocks run on


@transaction.atomic
def apply(planned: Plan, *, now: dt.datetime, by: User | None = None, standing_of_text: str = "") -> Rereading:
    """Do what a plan says, in one transaction. Without `by` a command does it.

    Raises RefusedError where anything has changed since the plan was made, or it can't be done, and ForbiddenError.
    """
    text = Text.objects.select_related("instrument__unit").select_for_update(of=("self",)).get(pk=planned.text.pk)
    if by:
        rights.demand(by, rights.Action.REVIEW, text.instrument)
    list(Commitment.objects.filter(text=text).order_by("pk").select_for_update().values_list("pk"))
    fresh = plan(text, planned.found, today=ministry_day(now))
    if fresh.fingerprint != planned.fingerprint:
        raise RefusedError(_("Something was changed since this was shown. Look at what would change now."))
    _refuse_what_can_not_be(fresh)
    before = text.parser_version
    target = _renewed(fresh, now) if fresh.in_place else _replaced(fresh, now, by, standing_of_text)
    clauses = rows.store_clauses(fresh.found, target)
    days = {line.row.pk: line.row.due_on for line in fresh.lines if line.row}
    _settle(fresh, target, clauses)
    moved = [line.row.pk for line in fresh.lines if line.row and line.row.due_on != days.get(line.row.pk)]
    announce.deadline_changed(moved, now)
    done = _recorded(fresh, target, before, by, now)
    touched = [line.row.pk for line in fresh.lines if line.row and line.row.pk]
    standing.clear_of(touched, ministry_day(now), now)
    return done


def _refuse_what_can_not_be(planned: Plan) -> None:
    text, language = planned.text, planned.found.parsed.language
    if not text.current:
        raise RefusedError(_("There is no such text, or it was replaced."))
    if language != text.language:
        raise RefusedError(
            _("The new text is in another language (%(language)s). Add it as another text of the instrument.")
            % {"language": language}
        )
    homeless = [line for line in planned.of(Fate.LOST) if line.decided]
    if planned.in_place and homeless:
        raise RefusedError(
            _("Words that were decided on would have no place in the text any more: %(words)s")
            % {"words": "; ".join(line.before for line in homeless)}
        )


def _renewed(planned: Plan, now: dt.datetime) -> Text:
    """The same text with its new reading; its clauses make room."""
    text = planned.text
    Clause.objects.filter(text=text).delete()
    for name, value in rows.text_columns(planned.found, now).items():
        setattr(text, name, value)
    text.save(update_fields=list(rows.text_columns(planned.found, now)))
    return text


def _replaced(planned: Plan, now: dt.datetime, by: User | None, standing_of_text: str) -> Text:
    """A new text in the place of the old one, which stays on record."""
    old, leading = planned.text, planned.text.leading
    Text.objects.filter(pk=old.pk).update(current=False, leading=False)
    worth = standing_of_text or old.standing
    return rows.store_text(planned.found, old.instrument, now, by, standing=worth, leading=leading)


def _settle(planned: Plan, target: Text, clauses: list[Clause]) -> None:
    """Write every fate: rows move, change, come and go."""
    gone = [line.row.pk for line in planned.of(Fate.LOST) if line.row and not line.decided]
    Commitment.objects.filter(pk__in=gone).delete()
    staying = [line for line in planned.lines if line.row and line.span]
    ids = [line.row.pk for line in staying if line.row]
    Commitment.objects.filter(pk__in=ids).update(start=F("start") + _FOR_NOW, end=F("end") + _FOR_NOW)
    codes = [
        code for line in planned.lines if line.reading for code in (*line.reading.obligors, *line.reading.addressees)
    ]
    parties = rows.known_parties(dict.fromkeys(codes))
    changed = [line.row for line in staying if line.row and _rewritten(line, target, clauses)]
    columns = {name for line in planned.lines if line.reading for name in line.reading.columns}
    columns = columns - set(_KEPT_COLUMNS) | {
        "start",
        "end",
        "cue_start",
        "cue_end",
        "text",
        "counted",
        "clause",
        "version",
    }
    Commitment.objects.bulk_update(changed, sorted(columns), batch_size=500)
    follow = [(line.row, line.reading) for line in staying if line.row and line.reading and not line.decided]
    for model in (Obligor, Addressee):
        model.objects.filter(commitment__in=[row.pk for row, _reading in follow]).delete()
    rows.store_sides(follow, parties)
    rows.store_readings([line.reading for line in planned.of(Fate.GAINED) if line.reading], target, clauses, parties)


def _rewritten(line: Line, target: Text, clauses: list[Clause]) -> bool:
    """Bring a row to where its line says. Its version is raised where anything that a page shows is another now."""
    row, reading = line.row, line.reading
    if row is None or line.span is None:
        return False
    names = ("start", "end", "text_id") if line.decided or reading is None else ("text_id", *reading.columns)
    before = [getattr(row, name) for name in names if name not in _KEPT_COLUMNS]
    if reading and not line.decided:
        for name, value in reading.columns.items():
            if name not in _KEPT_COLUMNS:
                setattr(row, name, value)
    elif reading or line.fate != Fate.KEPT:
        cue = reading.columns if reading else {"cue_start": None, "cue_end": None}
        row.cue_start, row.cue_end = cue["cue_start"], cue["cue_end"]
    row.start, row.end = line.span
    row.text, row.counted = target, target.leading
    row.clause = _innermost(clauses, *line.span)
    if before != [getattr(row, name) for name in names if name not in _KEPT_COLUMNS]:
        row.version += 1
    return True


def _innermost(clauses: Sequence[Clause], start: int, end: int) -> Clause | None:
    around = [each for each in clauses if each.start <= start and end <= each.end]
    return max(around, key=lambda each: (each.start, -each.end), default=None)


def _recorded(planned: Plan, target: Text, before: str, by: User | None, now: dt.datetime) -> Rereading:
    """Put down what was done, and ask for second looks at what staff had decided."""
    told = [line for line in planned.lines if line.fate != Fate.KEPT]
    done = Rereading.objects.create(
        text=target,
        replaced=None if planned.in_place else planned.text,
        parser_before=before,
        parser_version=target.parser_version,
        by=by,
        at=now,
        what={
            fate.value: [
                {"id": line.row.pk if line.row else None, "before": line.before, "after": line.after}
                for line in told
                if line.fate == fate
            ]
            for fate in Fate
        },
        **planned.counts,
    )
    looks = [(line, reason) for line in planned.lines if line.row and (reason := _look(line))]
    SecondLook.objects.bulk_create(
        [
            SecondLook(commitment=line.row, rereading=done, reason=reason, words_before=line.before)
            for line, reason in looks
        ],
        ignore_conflicts=True,  # one that waits already says enough
    )
    return done


def _look(line: Line) -> LookReason | None:
    """Why a person should look again at what was decided, if so.

    What a person found, the parser need not find; and nobody is asked twice about the same loss.
    """
    row: Any = line.row
    if not line.decided or row.review not in (*ACCEPTED_REVIEWS, Review.PROPOSED):
        return None
    if line.fate == Fate.CHANGED:
        return LookReason.CHANGED
    missing = line.fate == Fate.LOST or (line.reading is None and bool(row.parser_version))
    return LookReason.LOST if missing and not row.was_lost else None
