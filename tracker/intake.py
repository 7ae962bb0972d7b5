"""Bringing documents in: an upload is kept at once, read in the background, and asks where only a person can tell.

PostgreSQL holds what is still to be read; a message to a worker is a doorbell that may be lost, doubled or late.
Whoever reads holds the upload's lock (`ingest.holding`): a reader that is killed lets go of it, and the next ring finds
the upload free. Two may read at once all the same, where a reader lost its connection and lives on; the latest claim is
the only one that may say what came of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from enum import StrEnum

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from tracker import ingest, rights
from tracker.ingest import Ending, holding
from tracker.ingest.faults import Fault, told
from tracker.models import Instrument, Text, Upload
from tracker.models.edits import RefusedError
from tracker.models.uploads import ATTEMPTS, LEASE, MOST_ATTEMPTS, UploadEnding, UploadQuerySet, UploadState
from tracker.models.vocabulary import TextStanding

__all__ = [
    "LARGEST",
    "Choice",
    "RefusedError",
    "answer",
    "bring",
    "read",
    "read_again",
    "retry",
    "settle",
    "uploads",
    "waiting",
]

LARGEST = 25_000_000
"""Bytes of one upload; a treaty with its annexes has a few million."""

_AT_ONCE = 1000
_log = logging.getLogger(__name__)
_ENDINGS = {
    Ending.STORED: UploadEnding.STORED,
    Ending.ATTACHED: UploadEnding.ATTACHED,
    Ending.KNOWN: UploadEnding.KNOWN,
}


class Choice(StrEnum):
    """What a person may answer where the same words are on record."""

    KEEP = "keep"  # the text that is here; nothing is added
    APART = "apart"  # another instrument that has the same words
    REPLACE = "replace"  # these bytes are the better source of that text: shows what would change


def uploads(user: AbstractBaseUser | AnonymousUser) -> UploadQuerySet:
    """The uploads that a user may know of: their own, those of their unit, and all for those who see all."""
    known = Upload.objects.for_lists()
    if rights.sees_all(user):
        return known
    if not rights.may(user, rights.Action.INGEST):
        return known.none()
    person = rights.person_of(user)
    unit = person.unit_id if person else None
    return known.filter(Q(by=user.pk) | Q(by__person__unit=unit, by__person__unit__isnull=False))


def bring(
    data: bytes,
    name: str,
    *,
    by: User,
    now: dt.datetime,
    instrument: Instrument | None = None,
    replaces: Text | None = None,
    standing: TextStanding = TextStanding.PRESS_COPY,
    signed_on: dt.date | None = None,
) -> Upload:
    """Keep a document as it came; it is read later. The same bytes as a text on record are done at once.

    `instrument` says whose text it is, `replaces` which text it is a better version of. Raises ForbiddenError, and
    RefusedError for one that is too large.
    """
    rights.demand(by, rights.Action.INGEST, instrument)
    if replaces:
        rights.demand(by, rights.Action.REVIEW, replaces.instrument)
    if len(data) > LARGEST:
        raise RefusedError(_("The file is larger than %(megabytes)s MB.") % {"megabytes": LARGEST // 1_000_000})
    sha256 = hashlib.sha256(data).hexdigest()
    upload = Upload(
        name=name.replace("\x00", "")[-255:] or sha256[:12],
        content=data,
        size=len(data),
        sha256=sha256,
        by=by,
        at=now,
        language=(translation.get_language() or "en")[:2],
        instrument=instrument,
        replaces=replaces,
        standing=standing,
        signed_on=signed_on,
    )
    if replaces is None and (known := ingest.known_text(sha256)):
        settle(upload, UploadEnding.KNOWN, known, now)
    else:
        upload.save()
    return upload


def read_again(text: Text, *, by: User, now: dt.datetime) -> Upload:
    """Have the bytes of a text read once more, for a better parser. The outcome is shown before anything is saved."""
    data = bytes(text.source.content)
    return bring(data, str(text), by=by, now=now, replaces=text, standing=TextStanding(text.standing))


def waiting() -> list[int]:
    """The ids of uploads to be read, the oldest first: what a lost message would have announced. Those that are being
    read are among them; whoever comes sees by the lock whether their reader lives."""
    return list(Upload.objects.moving().values_list("pk", flat=True)[:_AT_ONCE])


def read(upload_id: int, *, now: dt.datetime) -> Upload | None:
    """Read one upload, in its author's language; None where there is nothing to do, somebody else does it, or it broke
    off and is left to the next ring. Raises DatabaseError where PostgreSQL went away; it is left then too."""
    with holding.held(upload_id) as alone:
        upload = _claim(upload_id, now, alone=alone)
        if upload is None or not upload.is_moving:
            return upload
        with translation.override(upload.language):
            return _read(upload, now)


def _read(upload: Upload, now: dt.datetime) -> Upload | None:
    try:
        if not upload.replaces_id and (known := ingest.known_text(upload.sha256)):
            return _find_known(upload, known, now)
        found = ingest.examine(bytes(upload.content or b""), upload.name, signed_on=upload.signed_on)
        return _take_in(upload, found, now)
    except ingest.RefusedError as error:
        if error.may_pass and not _is_to_blame(upload, now):
            _log.warning("upload_left_to_the_next", extra={"upload": upload.pk, "why": str(error)})
            return None
        return _fail(upload, str(error), error.fault, now)
    except RefusedError as error:
        return _fail(upload, str(error), None, now)


@transaction.atomic
def retry(upload_id: int, *, by: User, now: dt.datetime) -> Upload:
    """Let an upload that could not be read be read again. Raises RefusedError, and ForbiddenError."""
    upload = _mine(upload_id, by, UploadState.FAILED)
    upload.state, upload.attempts, upload.ended_at = UploadState.WAITING, 0, None
    upload.error, upload.fault = "", None
    upload.save(update_fields=["state", "attempts", "ended_at", "error", "fault"])
    return upload


@transaction.atomic
def answer(upload_id: int, choice: Choice, *, by: User, now: dt.datetime) -> Upload:
    """Say what to do with an upload that asks. Raises RefusedError, and ForbiddenError.

    After REPLACE it goes on asking, until what would change is approved (`rereading.apply`) or the text is kept.
    """
    upload = _mine(upload_id, by, UploadState.ASKS)
    if choice == Choice.KEEP:
        settle(upload, UploadEnding.KEPT, upload.replaces or upload.text, now)
        return upload
    if choice == Choice.REPLACE and upload.text:
        rights.demand(by, rights.Action.REVIEW, upload.text.instrument)
        upload.replaces = upload.text
    elif choice == Choice.APART and not upload.replaces_id:
        upload.apart, upload.state, upload.attempts = True, UploadState.WAITING, 0
    else:
        raise RefusedError(_("This can't be answered so."))
    upload.save()
    return upload


def settle(upload: Upload, ending: UploadEnding, text: Text | None, now: dt.datetime) -> None:
    """End a (locked) upload, saying how, and save it; its bytes go where the text holds the very same ones."""
    upload.state, upload.ending, upload.text, upload.ended_at = UploadState.DONE, ending, text, now
    upload.error, upload.fault, upload.reading = "", None, None
    if text and text.sha256 == upload.sha256:
        upload.content = None
    upload.save()


@transaction.atomic
def _claim(upload_id: int, now: dt.datetime, *, alone: bool) -> Upload | None:
    """The upload, taken for reading; whoever comes second gets None. What broke down every reader is stopped here.

    `alone` says that we hold its lock: whoever began to read it before is dead.
    """
    free = Upload.objects.moving().select_for_update(skip_locked=True, of=("self",))
    upload = free.filter(pk=upload_id).first()
    if upload is None or not (alone or _is_overdue(upload, now)):
        return None
    if _is_to_blame(upload, now):
        with translation.override(upload.language):
            fault = Fault("broke_off", {"n": upload.attempts})
            return _failed(upload, told(fault), fault, now)
    upload.state, upload.attempts, upload.started_at = UploadState.READING, upload.attempts + 1, now
    upload.save(update_fields=["state", "attempts", "started_at"])
    return upload


def _is_overdue(upload: Upload, now: dt.datetime) -> bool:
    """Whether its reader has had its time, if it is still there at all."""
    return bool(upload.state == UploadState.READING and upload.started_at and upload.started_at < now - LEASE)


def _is_to_blame(upload: Upload, now: dt.datetime) -> bool:
    """Whether the document is what breaks its readings: it has broken enough of them, and it alone of late."""
    if not ATTEMPTS <= upload.attempts < MOST_ATTEMPTS:
        return upload.attempts >= MOST_ATTEMPTS
    return not Upload.objects.broken_off_since(now - LEASE).exclude(pk=upload.pk).exists()


@transaction.atomic
def _find_known(upload: Upload, known: Text, now: dt.datetime) -> Upload | None:
    """Its very bytes have come to be on record since it was brought in."""
    if not _still_ours(upload):
        return None
    settle(upload, UploadEnding.KNOWN, known, now)
    return upload


@transaction.atomic
def _take_in(upload: Upload, found: ingest.Found, now: dt.datetime) -> Upload | None:
    """Store what was found and say so, in one transaction, unless another reader took the upload over meanwhile."""
    if not _still_ours(upload):
        return None
    if upload.replaces_id:
        other = ingest.known_text(found.sha256)
        if other and other.pk != upload.replaces_id:
            raise RefusedError(_("These bytes are on record as another text (%(text)s).") % {"text": other})
        return _ask(upload, upload.replaces, found, now)
    outcome = ingest.keep(
        found,
        now=now,
        by=upload.by,
        instrument=upload.instrument,
        standing=TextStanding(upload.standing or TextStanding.PRESS_COPY),
        apart=upload.apart,
    )
    if outcome.ending == Ending.SAME_WORDS:
        return _ask(upload, outcome.text, found, now)
    settle(upload, _ENDINGS[outcome.ending], outcome.text, now)
    return upload


def _ask(upload: Upload, text: Text | None, found: ingest.Found, now: dt.datetime) -> Upload:
    upload.state, upload.text, upload.ended_at = UploadState.ASKS, text, now
    upload.reading = ingest.pack(found)
    upload.save()
    return upload


@transaction.atomic
def _fail(upload: Upload, error: str, fault: Fault | None, now: dt.datetime) -> Upload | None:
    return _failed(upload, error, fault, now) if _still_ours(upload) else None


def _failed(upload: Upload, error: str, fault: Fault | None, now: dt.datetime) -> Upload:
    upload.state, upload.error, upload.ended_at = UploadState.FAILED, error, now
    upload.fault = fault.kept() if fault else None
    upload.save(update_fields=["state", "error", "fault", "ended_at"])
    return upload


def _still_ours(upload: Upload) -> bool:
    """Whether this attempt is still the one that counts; the row is locked until the transaction ends."""
    same = Upload.objects.filter(
        pk=upload.pk, state=UploadState.READING, attempts=upload.attempts, started_at=upload.started_at
    )
    return same.select_for_update().values_list("pk", flat=True).first() is not None


def _mine(upload_id: int, by: User, state: UploadState) -> Upload:
    rights.demand(by, rights.Action.INGEST)
    if not uploads(by).filter(pk=upload_id).exists():
        raise RefusedError(_("There is no such upload."))
    whole = Upload.objects.select_related("text__instrument__unit", "replaces__instrument__unit")
    upload = whole.select_for_update(of=("self",)).get(pk=upload_id)
    if upload.state != state:
        raise RefusedError(_("It is %(state)s now.") % {"state": UploadState(upload.state).label})
    return upload
