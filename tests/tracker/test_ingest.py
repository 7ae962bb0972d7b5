"""A document is wholly in or wholly out, once, whoever else brings it at the same time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError

from clauses import PARSER_VERSION, UnreadableError, nodes
from tests.tracker.at_once import in_threads
from tests.tracker.makers import NOW, TODAY, make_user
from tests.tracker.readings import ENGLISH, commitment, reading
from tracker.ingest import Ending, Outcome, RefusedError, ingest
from tracker.models import Addressee, Clause, Commitment, Instrument, Obligor, Party, Text, TextSource

pytestmark = pytest.mark.django_db


def take(data: bytes = b"english", name: str = "statement.txt", **fields: Any) -> Outcome:
    return ingest(data, name, **{"now": NOW, **fields})


def rows() -> dict[str, int]:
    kept = (Instrument, Text, TextSource, Clause, Commitment, Obligor, Addressee)
    return {model.__name__: model.objects.count() for model in kept}


def test_everything_found_in_a_document_is_kept(parsed: Any) -> None:
    officer = make_user()
    text = take(b"english", "dir/Joint statement.txt", by=officer).text
    assert (text.body, bytes(text.source.content), text.file_name) == (ENGLISH, b"english", "Joint statement.txt")
    assert (text.parser_version, text.read_at, text.read_by, text.leading) == (PARSER_VERSION, NOW, officer, True)
    instrument = text.instrument
    assert (instrument.kind, instrument.legal_nature) == ("joint_statement", "political_commitment")
    assert (instrument.signed_on, instrument.signed_at) == (dt.date(2025, 5, 14), "Almaty")
    assert [(each.party.code, each.role) for each in instrument.standings.all()] == [
        ("KAZ", "signatory"),
        ("GEO", "signatory"),
    ]
    first, inner, second = text.clauses.all()
    assert (first.parent, inner.parent, second.parent) == (None, first, None)
    assert (inner.label, inner.path, inner.words) == ("(a)", "1(a)", "(a) Georgia will host it. ")


def test_a_commitment_is_kept_with_its_words_parties_day_and_reason(parsed: Any) -> None:
    first, second, third = take().text.commitments.order_by("start")
    assert first.quote == "The Parties will open a trade house b"
    assert (first.clause.path, first.force, first.review, first.status) == (
        "1",
        "commitment",
        "proposed",
        "not_started",
    )
    assert (first.due_on, first.due_precision, first.due_text) == (dt.date(2026, 12, 31), "year", "2026")
    assert (first.starts_on, first.made_on, first.read_on) == (dt.date(2026, 6, 1), dt.date(2026, 6, 1), TODAY)
    assert (first.why, first.due_why, first.counted) == ("will + verb", "end of a year", True)
    assert [side.party.code for side in first.obligors.all()] == ["KAZ", "GEO"]
    assert [side.party.code for side in second.obligors.all()] == ["GEO"]
    assert (second.due_on, second.due_precision, second.made_on) == (None, "", dt.date(2025, 5, 14))
    assert [side.party.code for side in third.addressees.all()] == ["WB"]


def test_a_party_has_its_names_in_three_languages(parsed: Any) -> None:
    take()
    party = Party.objects.get(code="KAZ")
    assert (party.sort, party.name_en, party.name_kk, party.name_ru) == (
        "state",
        "Kazakhstan",
        "Қазақстан",
        "Казахстан",
    )
    assert Party.objects.get(code="WB").sort == "organisation"


def test_the_same_bytes_twice_add_nothing(parsed: Any) -> None:
    first = take()
    before = rows()
    again = take(name="renamed.txt")
    assert (first.ending, again.ending) == (Ending.STORED, Ending.KNOWN)
    assert (again.text, rows()) == (first.text, before)


def test_the_same_words_in_other_bytes_add_nothing(parsed: Any) -> None:
    first = take()
    parsed(reading(ENGLISH.replace(" will ", "\r\n  will ")))
    again = take(b"other line breaks")
    assert (again.ending, again.text) == (Ending.SAME_WORDS, first.text)


@pytest.mark.parametrize("error", [UnreadableError("no_text", name="scan.pdf"), RecursionError("deep")])
def test_what_can_not_be_read_is_refused_with_its_name_and_leaves_nothing(parsed: Any, error: Exception) -> None:
    parsed(error)
    with pytest.raises(RefusedError, match=r"scan\.pdf"):
        take(name="scan.pdf")
    assert set(rows().values()) == {0}


def test_a_document_without_text_is_refused(parsed: Any) -> None:
    for text in (" \n", "a\x00b"):
        parsed(_empty(text))
        with pytest.raises(RefusedError, match="no text"):
            take()


def _empty(text: str) -> nodes.Instrument:
    return replace(reading(), text=text, clauses=(), commitments=(), sentences=(), deadlines=())


def test_a_document_is_wholly_in_or_wholly_out(parsed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(Addressee.objects, "bulk_create", fail)
    with pytest.raises(RefusedError, match="disk is full"):
        take()
    assert set(rows().values()) == {0}


def test_words_too_long_for_their_column_are_refused_and_not_cut(parsed: Any) -> None:
    clause = replace(reading().clauses[0], label="1" * 101)
    parsed(replace(reading(), clauses=(clause,), commitments=()))
    with pytest.raises(RefusedError, match="could not be stored"):
        take()
    assert set(rows().values()) == {0}


@pytest.mark.parametrize("number", [1, 200])
def test_a_document_takes_the_same_number_of_queries_at_any_length(
    parsed: Any, number: int, django_assert_num_queries: Any
) -> None:
    take()  # its parties are on record now
    many = tuple(commitment(20 + index, 60 + index, 0, addressees=("WB",)) for index in range(number))
    text = ENGLISH + " Once more." * 100
    parsed(replace(reading(), text=text, commitments=many, signed_on=None))
    with django_assert_num_queries(16):
        take(b"long")


def test_two_findings_of_the_same_words_are_one_commitment(parsed: Any) -> None:
    parsed(replace(reading(), commitments=(commitment(20, 60, 0, obligors=("KAZ",)), commitment(20, 60, 0))))
    kept = take().text.commitments.get()
    assert [side.party.code for side in kept.obligors.all()] == ["KAZ"]


@pytest.mark.django_db(transaction=True)
def test_of_workers_with_the_same_bytes_one_stores_and_the_others_find_it(parsed: Any) -> None:
    done = in_threads([take] * 6)
    assert sorted(each.ending for each in done) == [*[Ending.KNOWN] * 5, Ending.STORED]
    assert len({each.text.pk for each in done}) == 1
    assert rows() == {
        "Instrument": 1,
        "Text": 1,
        "TextSource": 1,
        "Clause": 3,
        "Commitment": 3,
        "Obligor": 5,
        "Addressee": 1,
    }


def test_another_language_joins_its_instrument_and_its_commitments_do_not_count_twice(parsed: Any) -> None:
    english = take()
    parsed(reading(ENGLISH.replace("Joint", "Бірлескен"), language="kk", signed_at="Алматы"))
    kazakh = take(b"kazakh")
    assert (kazakh.ending, kazakh.instrument, kazakh.text.leading) == (Ending.ATTACHED, english.instrument, False)
    assert Commitment.objects.count() == 6
    assert Commitment.objects.counted().count() == 3


@pytest.mark.parametrize(
    "other",
    [
        {"signed_on": dt.date(2025, 5, 15)},
        {"kind": nodes.Kind.ACTION_PLAN},
        {"parties": ("KAZ", "AZE")},
        {"language": "en"},
        {"clauses": reading().clauses[:2]},
    ],
)
def test_a_text_that_may_be_of_another_instrument_starts_one(parsed: Any, other: dict[str, Any]) -> None:
    take()
    changed = {"language": "kk", "commitments": (), **other}
    parsed(reading(ENGLISH.replace("Joint", "Бірлескен"), **changed))
    assert take(b"other").ending == Ending.STORED


def test_a_text_without_a_day_is_joined_only_by_hand(parsed: Any) -> None:
    parsed(reading(signed_on=None))
    english = take()
    parsed(reading(ENGLISH + " Соңы.", language="kk", signed_on=None))
    kazakh = take(b"kazakh", instrument=english.instrument)
    assert (kazakh.ending, kazakh.instrument) == (Ending.ATTACHED, english.instrument)
    parsed(reading(ENGLISH + " Тағы.", language="kk", signed_on=None))
    with pytest.raises(RefusedError, match="already has a text in this language"):
        take(b"again", instrument=english.instrument)


@pytest.mark.parametrize(
    ("words", "language", "awaits"),
    [
        ("The date of the talks will be agreed by the embassies.", "en", True),
        ("The Parties will speedily complete the negotiations.", "en", False),
        ("Сроки визита будут согласованы по дипломатическим каналам.", "ru", True),
        ("Сапардың мерзімдері дипломатиялық арналар арқылы келісіледі.", "kk", True),
        ("Стороны продолжат сотрудничество.", "ru", False),
        ("Тараптар ынтымақтастықты жалғастырады.", "kk", False),
        ("The dates will be agreed.", "az", False),
    ],
)
def test_a_date_to_be_agreed_is_awaited_and_speed_is_not(parsed: Any, words: str, language: str, awaits: bool) -> None:
    whole = nodes.Sentence(0, len(words), None, nodes.Act.COMMITMENT)
    found = (commitment(0, 10, None),)
    parsed(replace(_empty(words), language=language, commitments=found, sentences=(whole,)))
    assert take().text.commitments.get().awaiting_date is awaits


def test_a_deadline_that_counts_from_an_event_awaits_its_date(parsed: Any) -> None:
    rule = nodes.Deadline(30, 40, rule=nodes.Span(30, 40), why="length of time from an event")
    parsed(replace(reading(), commitments=(commitment(20, 60, 0, deadlines=(rule,)),)))
    kept = take().text.commitments.get()
    assert (kept.awaiting_date, kept.due_rule, kept.due_on) == (True, ENGLISH[30:40], None)


def test_coverage_is_the_share_of_the_words_that_were_understood(parsed: Any) -> None:
    half = (nodes.Sentence(0, 4, None, nodes.Act.RECITAL), nodes.Sentence(5, 9, None, nodes.Act.UNCLEAR))
    parsed(replace(_empty("aaaa bbbb"), sentences=half))
    assert take().text.coverage == 0.5


def test_the_media_type_is_told_by_the_bytes(parsed: Any) -> None:
    assert take(b"<!DOCTYPE html><html><body><p>1. Text</p></body></html>", "a.jpg").text.media_type == "text/html"


def test_a_real_statement_goes_through_the_real_parser() -> None:
    statement = (
        "JOINT STATEMENT\n\nThe President of the Republic of Kazakhstan and the President of Georgia "
        "(hereinafter referred to as the Parties) have agreed as follows:\n\n"
        "1. The Parties will open a direct ferry service by 1 March 2027.\n\nTbilisi, 3 June 2026\n"
    )
    outcome = take(statement.encode())
    kept = outcome.text.commitments.get()
    assert (outcome.instrument.signed_on, kept.due_on) == (dt.date(2026, 6, 3), dt.date(2027, 3, 1))
    assert [side.party.code for side in kept.obligors.all()] == ["KAZ", "GEO"]
