"""A status is recorded: with a day, a note, and evidence where it is a verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from tracker import rights, standing
from tracker.models import Commitment, Evidence, Instrument, Obligor, Relation, StatusStep, Submission
from tracker.models.days import ministry_day
from tracker.models.edits import RefusedError, keep, lock
from tracker.models.vocabulary import (
    EXCUSED_STATUSES,
    JUDGED_STATUSES,
    RelationKind,
    Review,
    Status,
    SubmissionKind,
)
from tracker.outbox import announce
from tracker.progress import proof, waiting
from tracker.progress.moves import next_statuses, rolled_up


@dataclass(frozen=True, slots=True)
class Report:
    """What a person says became of a promise; `obligor` is the id of the one side that it is about."""

    to: str
    on: dt.date
    note: str
    obligor: int | None = None
    by_instrument: Instrument | None = None
    by_commitment: Commitment | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """What a step and a submission both keep of it."""
        return {"on": self.on, "note": self.note.strip(), "by_instrument": self.by_instrument} | {
            "by_commitment": self.by_commitment
        }


@transaction.atomic
def record_status(
    commitment_id: int,
    *,
    to: str,
    on: dt.date,
    note: str,
    by: User,
    version: int,
    now: dt.datetime,
    evidence: proof.Given = "",
    evidence_until: dt.date | None = None,
    obligor: int | None = None,
    by_instrument: Instrument | None = None,
    by_commitment: Commitment | None = None,
) -> Commitment:
    """Record that on a day the status became `to`, or stayed and there is news; answers the commitment as it is now.

    `obligor` is the id of the one obligor that it is about; without it the step speaks for all who were not excused.
    `evidence` is a web address, a `File`, or several; fulfilled, partly fulfilled and not fulfilled need some. Where it
    expires, `evidence_until` is its last day.
    `by_instrument` and `by_commitment` name what waived or superseded it: superseded needs one of them; waived may
    have neither (a promise can be let go by word of mouth), and then the note is all there is.

    Follow-ups that no longer hold are closed in the same transaction: who has acted is left alone. Where the unit
    wants a second person, nothing changes but the version, and the step waits as a `Submission`. Raises StaleError
    where `version` is not the current one, ForbiddenError where `by` may not, and RefusedError for a move that is not
    in `TRANSITIONS`, a day to come, an empty note, missing or unfit evidence, evidence that had expired by that day, a
    rejected reading, or while another step waits for acceptance.
    """
    report = Report(to, on, note, obligor, by_instrument, by_commitment)
    pieces = proof.checked(evidence)
    proof.check_the_last_day(evidence_until, on, pieces)
    _check_the_entry(report, bool(pieces), ministry_day(now))
    commitment = lock(commitment_id, version)
    rights.demand(by, rights.Action.RECORD, commitment)
    _check_the_causes(commitment, report, by)
    waiting.refuse_while_one_waits(commitment)
    sides, side, before = _checked_move(commitment, report)
    if waiting.needs_a_second_person(commitment):
        columns = {"kind": SubmissionKind.STATUS, "to_status": to, "obligor": side, **report.columns}
        proof.keep(pieces, evidence_until, submission=waiting.submit(commitment, by=by, now=now, **columns))
        return commitment
    was = commitment.status
    step = _carry_out(commitment, report, sides, side, before, by=by, now=now)
    proof.keep(pieces, evidence_until, step=step)
    _settle(commitment, was, now)
    return commitment


def carry_out_submitted(commitment: Commitment, submission: Submission, now: dt.datetime) -> None:
    """Let a submitted status take effect on a locked commitment, in its author's name; raises RefusedError where the
    move is not possible any more."""
    report = Report(
        submission.to_status,
        submission.on or ministry_day(now),
        submission.note,
        submission.obligor_id,
        submission.by_instrument,
        submission.by_commitment,
    )
    sides, side, before = _checked_move(commitment, report)
    was = commitment.status
    step = _carry_out(commitment, report, sides, side, before, by=submission.by, now=now, submission=submission)
    Evidence.objects.filter(submission=submission).update(step=step)
    _settle(commitment, was, now)


def _carry_out(
    commitment: Commitment,
    report: Report,
    sides: Sequence[Obligor],
    side: Obligor | None,
    before: str,
    *,
    by: User,
    now: dt.datetime,
    submission: Submission | None = None,
) -> StatusStep:
    """Put the step on record and move the status; its evidence is kept next, and then `_settle` writes the rest."""
    _move(sides, side, Status(report.to))
    after = rolled_up(each.status for each in sides) if sides else Status(report.to)
    if after != commitment.status:
        commitment.status, commitment.status_on = after, report.on
    commitment.last_evidence_on = max(report.on, commitment.last_evidence_on or report.on)
    step = StatusStep.objects.create(
        commitment=commitment,
        obligor=side,
        from_status=before,
        to_status=report.to,
        by=by,
        at=now,
        submission=submission,
        **report.columns,
    )
    if report.to == Status.SUPERSEDED and report.by_commitment:
        _relate(report.by_commitment, commitment, by, now)
    return step


def _settle(commitment: Commitment, was: str, now: dt.datetime) -> None:
    """Write what follows from a step and its evidence, close the follow-ups that no longer hold, and tell receivers
    where the status is another than it was."""
    commitment.evidence_until = proof.valid_until(commitment)
    keep(commitment, ["status", "status_on", "last_evidence_on", "evidence_until"])
    if commitment.status != was:
        announce.status_changed({commitment.pk: was}, now)
    standing.clear_of([commitment.pk], ministry_day(now), now)


def _check_the_entry(report: Report, evidenced: bool, today: dt.date) -> None:
    if report.to not in Status.values:
        raise RefusedError(_("There is no status %(status)s.") % {"status": report.to})
    if report.on > today:
        raise RefusedError(_("The day of a step can't lie ahead."))
    if not report.note.strip():
        raise RefusedError(_("Say in a note what happened."))
    if report.to in JUDGED_STATUSES and not evidenced:
        raise RefusedError(_("Give evidence, a file or a link: the status says how the promise ended."))
    if report.to == Status.SUPERSEDED and not (report.by_instrument or report.by_commitment):
        raise RefusedError(_("Name the instrument or the commitment that superseded it."))


def _check_the_causes(commitment: Commitment, report: Report, by: User) -> None:
    if report.by_commitment and report.by_commitment.pk == commitment.pk:
        raise RefusedError(_("A commitment can't take its own place."))
    if report.by_commitment and not rights.may(by, rights.Action.SEE, report.by_commitment):
        raise RefusedError(_("There is no such commitment."))
    if report.by_instrument and not rights.instruments(by).filter(pk=report.by_instrument.pk).exists():
        raise RefusedError(_("There is no such instrument."))


def _checked_move(commitment: Commitment, report: Report) -> tuple[list[Obligor], Obligor | None, str]:
    """The sides, the one that it is about, and what the status was; raises RefusedError where it can't be."""
    if commitment.review == Review.REJECTED:
        raise RefusedError(_("The reading was rejected, so there is no promise to report on."))
    sides = list(commitment.obligors.all())
    side = _named(sides, report.obligor)
    before = side.status if side else commitment.status
    if Status(report.to) not in next_statuses(before):
        raise RefusedError(
            _("A promise that is %(before)s can't become %(to)s.")
            % {"before": Status(before).label, "to": Status(report.to).label}
        )
    return sides, side, before


def _named(sides: Sequence[Obligor], obligor: int | None) -> Obligor | None:
    if obligor is None:
        return None
    for side in sides:
        if side.pk == obligor:
            return side
    raise RefusedError(_("That party is not an obligor of this commitment."))


def _move(sides: Sequence[Obligor], side: Obligor | None, to: Status) -> None:
    """Set the status of one side, or of all; those excused earlier stay so, unless nobody else is left."""
    moving = [side] if side else list(sides)
    if not side and to not in EXCUSED_STATUSES:
        moving = [each for each in sides if each.status not in EXCUSED_STATUSES] or moving
    for each in moving:
        each.status = to
    Obligor.objects.bulk_update(moving, ["status"])


def _relate(successor: Commitment, commitment: Commitment, by: User, now: dt.datetime) -> None:
    """What took its place supersedes it, also where related commitments are shown."""
    relation = Relation(source=successor, kind=RelationKind.SUPERSEDES, target=commitment, by=by, at=now)
    Relation.objects.bulk_create([relation], ignore_conflicts=True)
