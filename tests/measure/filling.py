"""Fills an empty database with an invented archive: 100,000 commitments and all that daily work leaves beside them.

By COPY, with the triggers as they are, so that the history is there too. The same numbers every time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, models, transaction
from psycopg import sql

from tests.measure.sentences import STOCKS, document
from tracker import followup
from tracker import models as kept

PROMISES = 50
"""In each text."""
UNITS, PEOPLE, PARTIES = 12, 60, 180
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
TODAY = NOW.date()
Row = dict[str, Any]

_REVIEWS = ("proposed",) * 3 + ("confirmed",) * 5 + ("amended",) + ("rejected",)
_STATUSES = ("not_started",) * 4 + ("in_progress",) * 3 + ("fulfilled",) * 3 + ("partly_fulfilled", "not_fulfilled")
_FORCES = ("obligation", "commitment", "commitment", "intention", "request")
_KINDS = ("joint_statement", "treaty", "mou", "action_plan", "readout")


def fill(commitments: int = 100_000) -> None:
    """Make so many counted commitments, and a fifth more in further texts of the same instruments."""
    with transaction.atomic():
        _fill(random.Random(4), commitments)  # noqa: S311  (the same numbers every time)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _fill(choice: random.Random, commitments: int) -> None:
    instruments = commitments // PROMISES
    _people(choice)
    _instruments(choice, instruments)
    texts = list(_texts(choice, instruments))
    copy(kept.Text, ({name: value for name, value in text.items() if name != "spans"} for text in texts))
    copy(kept.Clause, _clauses(texts))
    rows = list(_commitments(choice, texts))
    copy(kept.Commitment, rows)
    copy(kept.Obligor, _sides(choice, rows, most=2, status=True))
    copy(kept.Addressee, _sides(choice, rows[::4], most=1, status=False))
    _work(choice, rows)
    _uploads(choice, texts)
    _flags(rows)


def copy(model: type[models.Model], rows: Iterable[Row]) -> None:
    """Rows of a model by COPY; fields that a row leaves out have the model's default."""
    fields = model._meta.concrete_fields
    preset = {field.attname: field.get_db_prep_save(field.get_default(), connection) for field in fields}
    names = [name for name in preset if name != "id"]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(sql.Identifier(_column(model, name)) for name in names)
    )
    ready = list(rows)  # they may ask the database, which is busy while it copies
    with connection.cursor() as cursor, cursor.copy(statement) as out:
        for row in ready:
            out.write_row([row.get(name, preset[name]) for name in names])


def _column(model: type[models.Model], attname: str) -> str:
    return next(field.column for field in model._meta.concrete_fields if field.attname == attname)


def _ids(model: type[models.Model]) -> list[Any]:
    return list(model._base_manager.order_by("pk").values_list("pk", flat=True))


def _people(choice: random.Random) -> None:
    names = ({"name_en": f"Unit {n}", "name_kk": f"Бөлім {n}", "name_ru": f"Отдел {n}"} for n in range(UNITS))
    copy(kept.Unit, ({"code": f"unit-{n}", **name} for n, name in enumerate(names)))
    joined = {"password": "!", "is_staff": True, "is_active": True, "date_joined": NOW}
    copy(User, ({"username": f"officer{n}", "last_name": f"Officer {n}", **joined} for n in range(PEOPLE)))
    units = _ids(kept.Unit)
    copy(
        kept.Person, ({"user_id": user, "unit_id": choice.choice(units), "role": "desk_officer"} for user in _ids(User))
    )
    codes = (chr(65 + n // 26) + chr(65 + n % 26) + "X" for n in range(PARTIES))
    copy(
        kept.Party,
        ({"code": code, "sort": "state", "name_en": code, "name_kk": code, "name_ru": code} for code in codes),
    )


def _instruments(choice: random.Random, number: int) -> None:
    units, parties = _ids(kept.Unit), _ids(kept.Party)
    copy(kept.Instrument, (_instrument(choice, n, units) for n in range(number)))
    copy(
        kept.InstrumentParty,
        (
            {"instrument_id": one, "party_id": party, "role": "signatory", "position": place}
            for one in _ids(kept.Instrument)
            for place, party in enumerate(choice.sample(parties, 2 + (choice.random() < 0.1) * 4))
        ),
    )


def _instrument(choice: random.Random, number: int, units: list[int]) -> Row:
    stock = choice.choice(list(STOCKS.values()))
    return {
        "title": choice.choice(stock.titles).format(f"{choice.choice(stock.objects)} {number}"),
        "kind": choice.choice(_KINDS),
        "legal_nature": "political_commitment",
        "signed_on": TODAY - dt.timedelta(days=choice.randrange(6000)),
        "signed_at": choice.choice(("Astana", "Baku", "Tashkent", "")),
        "unit_id": choice.choice([*units, None]),
        "stored_at": NOW,
    }


def _texts(choice: random.Random, instruments: int) -> Iterator[Row]:
    languages = list(STOCKS)
    for place, instrument in enumerate(_ids(kept.Instrument)):
        for further in range(2 if place % 5 == 0 else 1):
            language = languages[(place + further) % 3]
            body, spans = document(STOCKS[language], choice, PROMISES, TODAY.year - 3)
            digest = hashlib.sha256(body.encode()).hexdigest()
            yield {
                "instrument_id": instrument,
                "language": language,
                "leading": not further,
                "body": body,
                "media_type": "text/plain",
                "file_name": f"statement-{instrument}-{language}.txt",
                "sha256": digest,
                "body_sha256": digest,
                "parser_version": "1",
                "coverage": 1.0,
                "read_at": NOW - dt.timedelta(minutes=instrument),
                "spans": spans,
            }


def _clauses(texts: list[Row]) -> Iterator[Row]:
    for text, pk in zip(texts, _ids(kept.Text), strict=True):
        text["id"] = pk
        for number, (start, end) in enumerate(text["spans"], 1):
            named = {"label": f"{number}.", "path": str(number), "role": "operative"}
            yield {"text_id": pk, "position": number, "start": start, "end": end, **named}


def _commitments(choice: random.Random, texts: list[Row]) -> Iterator[Row]:
    units, people, users = _ids(kept.Unit), _ids(kept.Person), _ids(User)
    clauses = iter(_ids(kept.Clause))
    for text in texts:
        for start, end in text["spans"]:
            due = TODAY + dt.timedelta(days=choice.randrange(-1500, 1500)) if choice.random() < 0.6 else None
            review, status = choice.choice(_REVIEWS), choice.choice(_STATUSES)
            words = text["body"][start:end]
            yield {
                "text_id": text["id"],
                "clause_id": next(clauses),
                "counted": text["leading"],
                "start": start,
                "end": end,
                "title": words[:80],
                "force": choice.choice(_FORCES),
                "due_on": due,
                "due_text": words[-20:],
                "due_precision": "day" if due else "",
                "awaiting_date": due is None and choice.random() < 0.2,
                "why": "will",
                "read_on": TODAY - dt.timedelta(days=choice.randrange(400)),
                "review": review,
                "reviewed_by_id": None if review == "proposed" else choice.choice(users),
                "reviewed_at": None if review == "proposed" else NOW,
                "status": status,
                "status_on": None if status == "not_started" else TODAY - dt.timedelta(days=choice.randrange(900)),
                "made_on": TODAY - dt.timedelta(days=choice.randrange(1500)),
                "last_evidence_on": TODAY - dt.timedelta(days=choice.randrange(900)) if choice.random() < 0.3 else None,
                "unit_id": choice.choice(units) if choice.random() < 0.3 else None,
                "officer_id": choice.choice(people) if choice.random() < 0.4 else None,
            }


def _sides(choice: random.Random, rows: list[Row], *, most: int, status: bool) -> Iterator[Row]:
    parties = _ids(kept.Party)
    for row, pk in zip(rows, _commitment_ids(len(rows)), strict=True):
        row["id"] = pk
        for place, party in enumerate(choice.sample(parties, choice.randint(1, most))):
            side = {"commitment_id": pk, "party_id": party, "position": place}
            yield {**side, "status": row["status"]} if status else side


def _commitment_ids(wanted: int) -> list[int]:
    ids = _ids(kept.Commitment)
    return ids[:: len(ids) // wanted]


def _work(choice: random.Random, rows: list[Row]) -> None:
    """What staff have left: status steps with evidence, extensions, reviews, notes, themes, submissions, hand-overs."""
    users, people, themes = _ids(User), _ids(kept.Person), _ids(kept.Theme)
    begun = [row for row in rows if row["status"] != "not_started"]
    copy(kept.StatusStep, (_status_step(choice, row, users) for row in begun))
    steps = _ids(kept.StatusStep)
    copy(kept.Evidence, ({"step_id": step, "link": f"https://example.org/news/{step}"} for step in steps))
    copy(kept.DeadlineStep, (_deadline_step(choice, row, users) for row in rows[::10] if row["due_on"]))
    copy(kept.ReviewStep, (_review_step(row) for row in rows if row["review"] != "proposed"))
    copy(kept.Note, ({"commitment_id": r["id"], "words": "Asked", "by_id": users[0], "at": NOW} for r in rows[::8]))
    filed = ((row["id"], theme) for row in rows for theme in choice.sample(themes, choice.randint(1, 2)))
    copy(kept.CommitmentTheme, ({"commitment_id": pk, "theme_id": theme} for pk, theme in filed))
    copy(kept.Submission, (_submission(choice, row, users, people) for row in rows[::12]))
    pairs = [(one, other) for one, other in zip(people[::2], people[1::2], strict=False)]
    said = {"reason": "moved", "by_id": users[0], "at": NOW, "submissions": 0}
    copy(kept.HandOver, ({"from_person_id": one, "to_person_id": other, **said} for one, other in pairs * 5))
    given = (
        {"handover_id": pk, "commitment_id": rows[(pk * 211 + n) % len(rows)]["id"]}
        for pk in _ids(kept.HandOver)
        for n in range(200)
    )
    copy(kept.HandOver.commitments.through, given)


def _status_step(choice: random.Random, row: Row, users: list[int]) -> Row:
    said = {"from_status": "not_started", "to_status": row["status"], "note": "Reported", "at": NOW}
    return {"commitment_id": row["id"], "on": row["status_on"], "by_id": choice.choice(users), **said}


def _deadline_step(choice: random.Random, row: Row, users: list[int]) -> Row:
    moved = {"from_day": row["due_on"] - dt.timedelta(days=90), "from_precision": "day", "to_day": row["due_on"]}
    return {"commitment_id": row["id"], "reason": "Asked for", "by_id": choice.choice(users), "at": NOW, **moved}


def _review_step(row: Row) -> Row:
    values = {"before": json.dumps({"review": "proposed"}), "after": json.dumps({"review": row["review"]})}
    empty = {"others_before": "{}", "by_id": row["reviewed_by_id"], "at": NOW}
    return {"commitment_id": row["id"], "act": row["review"], "version": 1, **values, **empty}


def _submission(choice: random.Random, row: Row, users: list[int], people: list[int]) -> Row:
    author, other = choice.sample(users, 2)
    said = {"commitment_id": row["id"], "kind": "status", "note": "Done", "by_id": author, "to_status": "in_progress"}
    decided = {"state": "accepted", "decided_by_id": other, "decided_at": NOW} if choice.random() < 0.8 else {}
    at = NOW - dt.timedelta(minutes=choice.randrange(500_000))
    return {**said, "at": at, "on": TODAY, "asked_id": choice.choice(people), **decided}


def _uploads(choice: random.Random, texts: list[Row]) -> None:
    users = _ids(User)
    rows = (
        {
            "name": text["file_name"],
            "size": len(text["body"]),
            "sha256": text["sha256"],
            "content": text["body"].encode(),
            "by_id": choice.choice(users),
            "at": NOW,
            "state": "done",
            "ending": "stored",
            "text_id": text["id"],
        }
        for text in texts
    )
    copy(kept.Upload, rows)


def _flags(rows: list[Row]) -> None:
    """What the sweep raises today, flags of the past, and the runs of the sweep in ninety days."""
    followup.sweep(TODAY, NOW)
    closed = {"state": "closed", "closed_at": NOW, "closed_because": "evidence", "reason": "quiet"}
    closed["rule_id"] = kept.FollowUpRule.objects.get(reason="quiet").pk
    past = {"occasion": "2019-01-01", "raised_on": TODAY - dt.timedelta(days=300), "raised_at": NOW, **closed}
    copy(kept.FollowUp, ({"commitment_id": row["id"], **past} for row in rows[::2]))
    minutes = (NOW - dt.timedelta(minutes=n) for n in range(129_600))
    numbers = {"on": TODAY, "raised": 0, "cleared": 0}
    copy(kept.Sweep, ({"started_at": at, "finished_at": at, **numbers} for at in minutes))
