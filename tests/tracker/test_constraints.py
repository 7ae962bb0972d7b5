"""What must be true of every row, whoever writes it: the database refuses the rest, raw SQL included."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from clauses import nodes
from tests.tracker.makers import (
    NOW,
    TODAY,
    make_commitment,
    make_followup,
    make_instrument,
    make_party,
    make_text,
    make_user,
)
from tracker.models import Clause, Commitment, InstrumentParty, Obligor, Party, StatusStep, Text, vocabulary

pytestmark = pytest.mark.django_db


def refused(statement: str, *parameters: Any) -> str:
    """Run raw SQL that must be refused; the name of the constraint that did."""
    with pytest.raises(IntegrityError) as error:
        _run(statement, parameters)
    cause: Any = error.value.__cause__
    return str(cause.diag.constraint_name)


@transaction.atomic
def _run(statement: str, parameters: tuple[Any, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("force = 'promise'", "commitment_force_known"),
        ("review = 'approved'", "commitment_review_known"),
        ("status = 'done', status_on = '2026-01-01'", "commitment_status_known"),
        ("recurrence = 'weekly'", "commitment_recurrence_known"),
        ("due_on = '2026-12-31', due_precision = 'decade'", "commitment_due_precision_known"),
        ("due_on = '2026-12-31'", "commitment_precision_with_day"),
        ("due_precision = 'year'", "commitment_precision_with_day"),
        ("due_on = '2026-12-31', due_precision = 'day', awaiting_date = true", "commitment_awaits_no_known_day"),
        ("due_on = '2026-01-01', due_precision = 'day', starts_on = '2026-01-02'", "commitment_starts_before_due"),
        ('"end" = start', "commitment_spans_words"),
        ("cue_start = 3", "commitment_cue_is_a_span"),
        ("cue_start = 3, cue_end = 3", "commitment_cue_is_a_span"),
        ("review = 'confirmed'", "commitment_reviewed_by_somebody"),
        ("reviewed_at = now()", "commitment_reviewed_by_somebody"),
        ("status = 'fulfilled'", "commitment_status_has_a_day"),
        ("version = 0", "commitment_version_counts"),
        ("title = ''", "commitment_title_filled"),
        ("counted = false", "commitment_counted_as_text_leads"),
    ],
)
def test_a_commitment_that_can_not_be_is_refused(change: str, constraint: str) -> None:
    commitment = make_commitment()
    assert refused(f"UPDATE tracker_commitment SET {change} WHERE id = %s", commitment.pk) == constraint  # noqa: S608


def test_the_same_words_are_one_commitment() -> None:
    commitment = make_commitment()
    with pytest.raises(IntegrityError, match="commitment_span_once"):
        make_commitment(text=commitment.text, start=commitment.start, end=commitment.end)


def test_a_clause_is_of_the_text_of_its_parent_and_of_its_commitments() -> None:
    ours, theirs = make_text(), make_text()
    place = {"role": "operative", "position": 0, "start": 0, "end": 9}
    clause, foreign = Clause.objects.create(text=ours, **place), Clause.objects.create(text=theirs, **place)
    commitment = make_commitment(text=ours)
    move = "UPDATE tracker_clause SET parent_id = %s WHERE id = %s"
    assert refused(move, foreign.pk, clause.pk) == "clause_parent_in_same_text"
    assert refused(move, clause.pk, clause.pk) == "clause_not_its_own_parent"
    move = "UPDATE tracker_commitment SET clause_id = %s WHERE id = %s"
    assert refused(move, foreign.pk, commitment.pk) == "commitment_clause_in_same_text"


def test_an_instrument_has_one_leading_text_and_one_current_text_a_language() -> None:
    text = make_text()
    with pytest.raises(IntegrityError, match="text_one_leads"), transaction.atomic():
        make_text(text.instrument, language="kk")
    with pytest.raises(IntegrityError, match="text_one_a_language"), transaction.atomic():
        make_text(text.instrument, leading=False)
    make_text(text.instrument, leading=False, current=False)
    with pytest.raises(IntegrityError, match="text_leading_is_current"), transaction.atomic():
        Text.objects.filter(pk=text.pk).update(current=False)


def test_the_same_bytes_are_one_text() -> None:
    with pytest.raises(IntegrityError, match="sha256"):
        make_text(sha256=make_text().sha256)


def test_commitments_count_with_the_text_that_leads() -> None:
    english = make_text()
    kazakh = make_text(english.instrument, language="kk", leading=False)
    first, second = make_commitment(text=english), make_commitment(text=kazakh)
    Text.objects.filter(pk=english.pk).update(leading=False)
    Text.objects.filter(pk=kazakh.pk).update(leading=True)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.counted, second.counted) == (False, True)


def test_a_party_acts_once_in_a_commitment_and_has_a_role_once_in_an_instrument() -> None:
    commitment = make_commitment(obligors=("KAZ",))
    with pytest.raises(IntegrityError, match="obligor_once"), transaction.atomic():
        Obligor.objects.create(commitment=commitment, party=make_party("KAZ"), position=5)
    standing = {"instrument": make_instrument(), "party": make_party("KAZ")}
    InstrumentParty.objects.create(position=0, **standing)
    with pytest.raises(IntegrityError, match="instrumentparty_once_a_role"), transaction.atomic():
        InstrumentParty.objects.create(position=1, **standing)


def test_a_state_has_a_three_letter_code() -> None:
    with pytest.raises(IntegrityError, match="party_state_has_alpha_3"):
        Party.objects.create(code="Kazakhstan", sort="state", name_en="Kazakhstan")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'closed'", "followup_closed_for_a_reason"),
        ("closed_because = 'status'", "followup_closed_for_a_reason"),
        ("closed_at = now()", "followup_closed_for_a_reason"),
        ("reason = 'late'", "followup_reason_known"),
        ("closed_because = 'tired', state = 'closed', closed_at = now()", "followup_closed_because_known"),
        ("acknowledged_at = now()", "followup_acknowledged_by_somebody"),
    ],
)
def test_a_follow_up_that_can_not_be_is_refused(change: str, constraint: str) -> None:
    followup = make_followup(make_commitment())
    assert refused(f"UPDATE tracker_followup SET {change} WHERE id = %s", followup.pk) == constraint  # noqa: S608


def test_a_follow_up_is_unique_for_its_occasion_and_while_open_for_its_rule() -> None:
    commitment = make_commitment()
    make_followup(commitment, occasion="2026-01-01")
    with pytest.raises(IntegrityError, match="followup_one_open_a_rule"), transaction.atomic():
        make_followup(commitment, occasion="2026-01-02")
    closed = {"state": "closed", "closed_at": NOW, "closed_because": "status"}
    with pytest.raises(IntegrityError, match="followup_occasion_once"), transaction.atomic():
        make_followup(commitment, occasion="2026-01-01", **closed)


def test_a_step_names_an_obligor_of_its_own_commitment_and_a_web_address() -> None:
    commitment, other = make_commitment(obligors=("KAZ",)), make_commitment(obligors=("KAZ",))
    step = StatusStep.objects.create(
        commitment=commitment, from_status="not_started", to_status="waived", on=TODAY, note="-", by=make_user(), at=NOW
    )
    foreign = other.obligors.get().pk
    move = "UPDATE tracker_statusstep SET obligor_id = %s WHERE id = %s"
    assert refused(move, foreign, step.pk) == "statusstep_obligor_of_same_commitment"
    link = "INSERT INTO tracker_evidence (step_id, link, file_name) VALUES (%s, %s, '')"
    assert refused(link, step.pk, "javascript:alert(1)") == "evidence_link_is_a_web_address"


def test_a_user_who_decided_something_is_not_deleted() -> None:
    commitment = make_commitment(review="confirmed")
    with pytest.raises(ProtectedError):
        commitment.reviewed_by.delete()


def test_the_tracker_and_the_parser_use_the_same_words() -> None:
    pairs = [
        (vocabulary.Kind, nodes.Kind),
        (vocabulary.ClauseRole, nodes.Role),
        (vocabulary.Force, nodes.Force),
        (vocabulary.Precision, nodes.Precision),
        (vocabulary.Recurrence, nodes.Recurrence),
    ]
    for ours, parsers in pairs:
        assert ours.values == [word.value for word in parsers]


def test_the_quote_is_sliced_from_the_text_by_python_and_by_the_database_alike() -> None:
    text = make_text(body="𝟙. Тараптар Әзербайжанда — «сауда үйін» ашады. Құжат\r\nсоңы")
    commitment = make_commitment(text=text, start=3, end=30)
    listed = Commitment.objects.with_quote().get()
    assert listed.words == commitment.quote == text.body[3:30]


def test_a_day_is_a_day() -> None:
    commitment = make_commitment(due_on=dt.date(2024, 2, 29))
    commitment.refresh_from_db()
    assert commitment.due_on == dt.date(2024, 2, 29)
