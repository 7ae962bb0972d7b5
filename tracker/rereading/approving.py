"""Approving what a new reading of a text would change: shown first, done as shown or not at all."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from tracker import ingest, intake, rights
from tracker.models import Rereading, Text, Upload
from tracker.models.days import ministry_day
from tracker.models.edits import RefusedError
from tracker.models.uploads import UploadEnding, UploadState
from tracker.rereading.applying import apply
from tracker.rereading.planning import Plan, plan


def planned(upload_id: int, *, now: dt.datetime) -> Plan:
    """What the reading of an upload would change in the text that it replaces. Raises RefusedError where none waits."""
    upload = Upload.objects.select_related("replaces__instrument__unit").filter(pk=upload_id).first()
    if upload is None or upload.state != UploadState.ASKS or not upload.reading or not upload.replaces:
        raise RefusedError(_("There is nothing to approve."))
    return _plan(upload, upload.replaces, now)


@transaction.atomic
def approve(upload_id: int, fingerprint: str, *, by: User, now: dt.datetime) -> Rereading:
    """Do what `planned` showed with this fingerprint. Raises RefusedError where that is not what would be done now."""
    rights.demand(by, rights.Action.REVIEW)
    whole = Upload.objects.select_for_update(of=("self",)).select_related("replaces__instrument__unit")
    upload = whole.filter(pk=upload_id, state=UploadState.ASKS).first()
    if upload is None or not upload.reading or not upload.replaces:
        raise RefusedError(_("There is nothing to approve."))
    shown = _plan(upload, upload.replaces, now)
    if shown.fingerprint != fingerprint:
        raise RefusedError(_("Something was changed since this was shown. Look at what would change now."))
    done = apply(shown, now=now, by=by, standing_of_text="" if shown.in_place else upload.standing)
    intake.settle(upload, UploadEnding.REREAD, done.text, now)
    return done


def _plan(upload: Upload, text: Text, now: dt.datetime) -> Plan:
    found = ingest.unpack(bytes(upload.reading or b""), bytes(upload.content or b""))
    return plan(text, found, today=ministry_day(now))
