"""Makes rows for tests: each maker fills in what a test does not care about."""

from __future__ import annotations

import datetime as dt
import hashlib
from itertools import count
from typing import Any

from django.contrib.auth.models import User

from tracker.models import Commitment, FollowUp, FollowUpRule, Instrument, Obligor, Party, Person, Text, Unit
from tracker.models.vocabulary import (
    Force,
    Kind,
    PartySort,
    PersonRole,
    Precision,
    Reason,
    Review,
    Status,
)

NOW = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 21)
YESTERDAY = TODAY - dt.timedelta(days=1)

_numbers = count(1)


def make_unit(code: str = "") -> Unit:
    code = code or f"unit-{next(_numbers)}"
    return Unit.objects.create(code=code, name_en=code.title())


def make_user(role: str = PersonRole.DESK_OFFICER, unit: Unit | None = None, **fields: Any) -> User:
    user = User.objects.create_user(username=f"user{next(_numbers)}", **fields)
    Person.objects.create(user=user, role=role, unit=unit)
    return user


def make_party(code: str) -> Party:
    sort = PartySort.STATE if len(code) == 3 and code.isupper() else PartySort.ORGANISATION
    return Party.objects.get_or_create(code=code, defaults={"sort": sort, "name_en": code})[0]


def make_instrument(**fields: Any) -> Instrument:
    """An instrument without texts."""
    return Instrument.objects.create(
        **{"title": "Joint Statement", "kind": Kind.JOINT_STATEMENT, "signed_on": None, "stored_at": NOW, **fields}
    )


def make_text(instrument: Instrument | None = None, **fields: Any) -> Text:
    """A text; it leads, unless told otherwise."""
    sha = hashlib.sha256(str(next(_numbers)).encode()).hexdigest()
    return Text.objects.create(
        **{
            "instrument": instrument or make_instrument(),
            "language": "en",
            "leading": True,
            "body": "The Parties will open a joint trade house in Baku by the end of 2026. " * 10,
            "media_type": "text/plain",
            "sha256": sha,
            "body_sha256": sha,
            "parser_version": "1",
            "coverage": 1.0,
            "read_at": NOW,
            **fields,
        }
    )


def make_commitment(*, obligors: tuple[str, ...] = (), text: Text | None = None, **fields: Any) -> Commitment:
    """A commitment in a text of its own: a proposed reading made today, of a promise not started, without a day."""
    text = text or make_text()
    start = next(_numbers) % 300 if text.commitments.exists() else 0
    if fields.get("review", Review.PROPOSED) != Review.PROPOSED:
        fields.setdefault("reviewed_by", make_user())
        fields.setdefault("reviewed_at", NOW)
    if fields.get("status", Status.NOT_STARTED) != Status.NOT_STARTED:
        fields.setdefault("status_on", TODAY)
    if fields.get("due_on"):
        fields.setdefault("due_precision", Precision.DAY)
    commitment = Commitment.objects.create(
        **{
            "text": text,
            "counted": text.leading,
            "start": start,
            "end": start + 60,
            "title": "Open a joint trade house",
            "force": Force.COMMITMENT,
            "read_on": TODAY,
            "made_on": TODAY,
            **fields,
        }
    )
    for position, code in enumerate(obligors):
        Obligor.objects.create(
            commitment=commitment, party=make_party(code), position=position, status=commitment.status
        )
    return commitment


def make_followup(commitment: Commitment, reason: str = Reason.OVERDUE, **fields: Any) -> FollowUp:
    """An open follow-up."""
    return FollowUp.objects.create(
        **{
            "commitment": commitment,
            "rule": FollowUpRule.objects.filter(reason=reason).first(),
            "reason": reason,
            "occasion": commitment.due_on or commitment.made_on,
            "raised_on": TODAY,
            "raised_at": NOW,
            **fields,
        }
    )
