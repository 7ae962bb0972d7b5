"""What the tests of reminders share: people who can be written to, days of work, and what was told to whom."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

from tests.tracker.makers import make_commitment, make_user
from tracker import followup, reminding
from tracker.models import Commitment, FollowUpRule, OutboxItem, Person, Reminder, Unit
from tracker.models.vocabulary import PersonRole, Reason

MONDAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
TUESDAY, WEDNESDAY = MONDAY + DAY, MONDAY + 2 * DAY


def at(on: dt.date, hour: int = 10, minute: int = 0) -> dt.datetime:
    """A moment on the ministry's clock."""
    return dt.datetime.combine(on, dt.time(hour, minute), ZoneInfo("Asia/Almaty"))


def somebody(role: str = PersonRole.DESK_OFFICER, unit: Unit | None = None, **fields: Any) -> Person:
    """A person with an address."""
    language = fields.pop("language", "en")
    user = make_user(role, unit, **{"email": "somebody@example.org", **fields})
    Person.objects.filter(user=user).update(language=language)
    user.person.refresh_from_db()
    return user.person


def promise(officer: Person | None = None, **fields: Any) -> Commitment:
    """A commitment of the officer's unit, looked after by the officer; not waiting for review."""
    fields = {"unit": officer.unit if officer else None, "review": "confirmed", **fields}
    return make_commitment(officer=officer, **fields)


def only(reason: Reason, *days: int, **changes: Any) -> FollowUpRule:
    """Let there be one rule: of this reason, with these days."""
    FollowUpRule.objects.exclude(reason=reason).update(enabled=False)
    rule = FollowUpRule.objects.get(reason=reason)
    for name, value in {"days": list(days), **changes}.items():
        setattr(rule, name, value)
    rule.save()
    return rule


def a_day(on: dt.date, hour: int = 10) -> int:
    """What the machine does on a day at an hour: sweep and remind; how many mails it wrote."""
    followup.sweep(on, at(on, hour))
    sent = reminding.remind(at(on, hour))
    assert not sent.failed
    return sent.mails


def told(person: Person | None = None) -> list[tuple[dt.date, int | None, int]]:
    """The ledger, of a person or of all: (day, offset, rung), as it was written."""
    rows = Reminder.objects.order_by("pk")
    rows = rows.filter(recipient=person) if person else rows
    return list(rows.values_list("digest__on", "offset", "level"))


def mails(person: Person | None = None) -> list[OutboxItem]:
    """The mails in the outbox, of a person or of all, the oldest first."""
    rows = OutboxItem.objects.filter(kind="mail").order_by("pk")
    return list(rows.filter(person=person) if person else rows)


def doubled() -> list[Any]:
    """What is in the ledger, or among a day's mails, more than once."""
    entries = Counter(Reminder.objects.values_list("followup", "recipient", "offset", "level", "after_pause"))
    days = Counter(OutboxItem.objects.filter(kind="mail").values_list("person", "made_at__date"))
    return [key for counted in (entries, days) for key, number in counted.items() if number > 1]
