"""What staff may do on the page of a commitment: each act has its form, calls its step and says what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracker import assignment, filing, progress, review
from tracker.admin import steps
from tracker.models import Commitment

Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its name in addresses, its form, and the step. The step is given the commitment's number, what was
    entered (with the version seen), who acts and when; it answers with a sentence for that person."""

    name: str
    form: type[steps.StepForm]
    do: Callable[[int, Given, User, dt.datetime], str]


def _confirm(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    review.confirm(pk, **given, by=by, now=now)
    return _("The reading is confirmed.")


def _reject(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    review.reject(pk, **given, by=by, now=now)
    return _("The reading is rejected. It stays on record and leaves every list.")


def _status(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    files = [progress.File(file.name or "", file.read()) for file in given.pop("evidence_files")]
    evidence = [given.pop("evidence"), *files]
    told = progress.record_status(pk, **given, evidence=evidence, by=by, now=now)
    return _waits(told) or _("Recorded. The commitment is now: %(status)s.") % {"status": told.get_status_display()}


def _extension(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    told = progress.extend_deadline(pk, **given, by=by, now=now)
    day = date_format(told.due_on, "DATE_FORMAT") if told.due_on else "–"
    return _waits(told) or _("The last day is now %(day)s; the old one is kept.") % {"day": day}


def _waits(told: Commitment) -> str:
    waiting = told.submissions.pending().exists()
    return _("Submitted. It takes effect when a second person has accepted it.") if waiting else ""


def _title(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    filing.rename(pk, **given, by=by)
    return _("The title is changed.")


def _themes(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    filing.set_themes(pk, **given, by=by)
    return _("The themes are set.")


def _relation(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    filing.relate(pk, **given, by=by, now=now)
    return _("The two commitments are related.")


def _end_relation(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    filing.unrelate(pk, **given, by=by)
    return _("The relation is taken back.")


def _note(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    filing.add_note(pk, words=given["words"], by=by, now=now)
    return _("The note is kept.")


def _charge(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    assignment.assign(pk, **given, by=by)
    return _("The unit and the officer are set.")


def _accept(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    progress.accept(given.pop("submission_id"), **given, by=by, now=now)
    return _("Accepted: it is on record now.")


def _send_back(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    progress.send_back(given.pop("submission_id"), **given, by=by, now=now)
    return _("Sent back to its author.")


def _withdraw(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    progress.withdraw(given.pop("submission_id"), **given, by=by, now=now)
    return _("Withdrawn; nothing has changed.")


ACTS = (
    Act("confirm", steps.DecisionForm, _confirm),
    Act("reject", steps.DecisionForm, _reject),
    Act("status", steps.StatusForm, _status),
    Act("extend", steps.ExtensionForm, _extension),
    Act("title", steps.TitleForm, _title),
    Act("themes", steps.ThemesForm, _themes),
    Act("relate", steps.RelationForm, _relation),
    Act("unrelate", steps.EndRelationForm, _end_relation),
    Act("note", steps.NoteForm, _note),
    Act("charge", steps.ChargeForm, _charge),
    Act("accept", steps.SubmissionForm, _accept),
    Act("send_back", steps.SendBackForm, _send_back),
    Act("withdraw", steps.SubmissionForm, _withdraw),
)
