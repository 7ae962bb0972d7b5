"""The people and the records of the faces' tests: Aigerim and Dauren of one unit, Bolat of another, and a reader."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import itertools
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.utils import timezone

from tracker.models import (
    Addressee,
    Clause,
    Commitment,
    FollowUp,
    FollowUpRule,
    Instrument,
    InstrumentParty,
    Obligor,
    Party,
    Person,
    Text,
    TextSource,
    Unit,
)
from tracker.models.vocabulary import Force, Kind, Reason, Review, Status

PASSWORD = "a long sentence to remember"
_numbers = itertools.count(1)


@functools.cache
def _hashed() -> str:
    return make_password(PASSWORD)


def unit(code: str) -> Unit:
    """A unit, made once."""
    return Unit.objects.get_or_create(code=code, defaults={"name_en": code.title()})[0]


def person(
    name: str,
    role: str = "desk_officer",
    unit_code: str | None = "asia",
    *,
    staff: bool = True,
    language: str = "en",
    **named: str,
) -> User:
    """A user with a role in a unit; `named` are the user's first and last name."""
    user = User.objects.create(username=name, password=_hashed(), is_staff=staff, **named)
    Person.objects.create(user=user, role=role, unit=unit(unit_code) if unit_code else None, language=language)
    return user


def party(code: str) -> Party:
    """A state, made once."""
    return Party.objects.get_or_create(code=code, defaults={"name_en": code.title(), "sort": "state"})[0]


def instrument(body: str, *, parties: tuple[str, ...] = ("KAZ", "UZB"), unit_code: str | None = None) -> Text:
    """An instrument with one leading text."""
    now = timezone.now()
    kept = Instrument.objects.create(
        title=f"Joint statement {next(_numbers)}",
        kind=Kind.JOINT_STATEMENT,
        signed_on=dt.date(2025, 3, 1),
        stored_at=now,
        unit=unit(unit_code) if unit_code else None,
    )
    for position, code in enumerate(parties):
        InstrumentParty.objects.create(instrument=kept, party=party(code), position=position)
    sha = hashlib.sha256(f"{body}{kept.pk}".encode()).hexdigest()
    text = Text.objects.create(
        instrument=kept,
        language="en",
        leading=True,
        body=body,
        media_type="text/plain",
        file_name="мәлімдеме.txt",
        sha256=sha,
        body_sha256=sha,
        parser_version="1",
        coverage=1,
        read_at=now,
    )
    TextSource.objects.create(text=text, content=body.encode())
    return text


def commitment(text: Text, quote: str, obligors: tuple[str, ...] = ("KAZ",), **changes: Any) -> Commitment:
    """A commitment whose words are `quote`, where they first stand in the text."""
    start = text.body.index(quote)
    fields: dict[str, Any] = {
        "start": start,
        "end": start + len(quote),
        "counted": True,
        "title": quote[:200],
        "force": Force.COMMITMENT,
        "read_on": dt.date(2025, 3, 2),
        "made_on": dt.date(2025, 3, 1),
        "status": Status.NOT_STARTED,
        "review": Review.PROPOSED,
        "why": "will",
        **changes,
    }
    if fields.get("due_on"):
        fields.setdefault("due_precision", "day")
    addressees = fields.pop("addressees", ())
    made = Commitment.objects.create(text=text, **fields)
    for position, code in enumerate(obligors):
        Obligor.objects.create(commitment=made, party=party(code), position=position, status=made.status)
    for position, code in enumerate(addressees):
        Addressee.objects.create(commitment=made, party=party(code), position=position)
    return made


def clause(text: Text, label: str, words: str, position: int = 0) -> Clause:
    """A numbered clause that begins with its label."""
    start = text.body.index(words)
    return Clause.objects.create(
        text=text, position=position, label=label, path=label, role="operative", start=start, end=start + len(words)
    )


def flag(about: Commitment, reason: Reason = Reason.OVERDUE) -> FollowUp:
    """An open follow-up."""
    return FollowUp.objects.create(
        commitment=about,
        rule=FollowUpRule.objects.filter(reason=reason).first(),
        reason=reason,
        occasion=dt.date(2025, 1, 1),
        raised_on=dt.date(2025, 1, 2),
        raised_at=timezone.now(),
    )


def many(number: int, unit_code: str | None = None) -> list[Commitment]:
    """So many commitments over ten instruments, each due on its day, with two obligors, an addressee and a flag."""
    made = []
    for group in range(0, number, max(1, number // 10)):
        lines = [
            f"{n}. The Parties will open line {n} of the corridor." for n in range(group, group + max(1, number // 10))
        ]
        text = instrument("\n\n".join(lines), unit_code=unit_code)
        for place, line in enumerate(lines):
            held = clause(text, line.split(".")[0], line, place)
            day = dt.date(2025, 1, 1) + dt.timedelta(days=place)
            made.append(
                commitment(
                    text, line[line.index("The") : -1], ("KAZ", "UZB"), clause=held, due_on=day, addressees=("AZE",)
                )
            )
            flag(made[-1])
    return made
