"""The one mail of a day to a person, written with the ledger of what it tells."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from tracker.models import Digest, OutboxItem, Person
from tracker.models.days import ministry_day
from tracker.models.vocabulary import OutboxKind
from tracker.reminding import days, owed
from tracker.reminding.letter import letter

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """How many people were written to, and the ids of those whose mail could not be written; the next run tries
    these again."""

    mails: int = 0
    failed: tuple[int, ...] = ()


def send_digests(now: dt.datetime) -> Sent:
    """Write a mail into the outbox for everybody who is owed something, is at work at this moment and has had no mail
    today. One transaction a person: the ledger, the day's mail and the outbox have it all, or nothing of it.

    May run twice, at the same time, or late: the unique keys keep a person from being told twice, and what one run
    leaves the next one finds. A mail that can't be written does not keep others from theirs.
    """
    on = ministry_day(now)
    mails, failed = 0, []
    for person, followups in owed.owed_to(days.units_at_work(now), on).items():
        try:
            mails += _send(person, followups, on, now)
        except Exception:  # noqa: BLE001  (whatever it is, the others get theirs)
            _log.exception("digest_failed person=%s", person)
            failed.append(person)
    return Sent(mails, tuple(failed))


@transaction.atomic
def _send(person_id: int, followups: Sequence[int], on: dt.date, now: dt.datetime) -> bool:
    """Tell one person; whether there was anything left to tell."""
    digest = owed.tell(person_id, followups, on)
    if digest is None:
        transaction.set_rollback(True)
        return False
    person = Person.objects.select_related("user").get(pk=person_id)
    mail = OutboxItem.objects.create(
        kind=OutboxKind.MAIL,
        event_type="digest",
        person=person,
        body=letter(person, digest, on),
        made_at=now,
        next_try_at=now,
    )
    Digest.objects.filter(pk=digest).update(mail=mail)
    return True
