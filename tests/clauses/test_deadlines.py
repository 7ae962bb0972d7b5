"""What sets a time for an action, and what only looks like it, in three languages."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clauses.deadlines import find_deadlines
from clauses.folding import Folded, fold
from clauses.nodes import Deadline

CASES = Path(__file__).parent / "cases" / "deadlines"
Expected = list[tuple[str, str]]


def cases() -> Iterator[tuple[str, str, dt.date | None, Expected]]:
    """Each case of the case files: language, sentence, day of signature, what is expected."""
    for path in sorted(CASES.glob("*.txt")):
        signed_on: dt.date | None = None
        sentence: str | None = None
        expected: Expected = []
        for line in [*path.read_text("utf-8").splitlines(), ""]:
            if line.startswith("= "):
                name, _, value = line[2:].partition(" ")
                expected.append((name, value))
                continue
            if sentence and expected:
                yield path.stem[:2], sentence, signed_on, expected
            sentence, expected = None, []
            if line.startswith("signed "):
                day = line.removeprefix("signed ")
                signed_on = None if day == "none" else dt.date.fromisoformat(day)
            elif line and not line.startswith("#"):
                sentence = line


def told(text: str, deadline: Deadline) -> Iterator[tuple[str, str]]:
    """What a deadline says, in the words of the case files."""
    yield "words", text[deadline.start : deadline.end]
    if deadline.due:
        yield "due", deadline.due.isoformat()
    if deadline.precision:
        yield "precision", deadline.precision
    if deadline.starts:
        yield "starts", deadline.starts.isoformat()
    if deadline.rule:
        yield "rule", text[deadline.rule.start : deadline.rule.end]
    if deadline.recurrence:
        yield "every", deadline.recurrence


@pytest.mark.parametrize(("language", "text", "signed_on", "expected"), list(cases()))
def test_a_sentence_sets_the_times_that_a_desk_officer_reads_in_it(
    language: str, text: str, signed_on: dt.date | None, expected: Expected
) -> None:
    found = {each for deadline in find_deadlines(fold(text), language, signed_on) for each in told(text, deadline)}
    wanted = {each for each in expected if each[0] != "none"}
    assert wanted <= found
    decided = {name for name, _ in expected} | {"due", "rule", "every"}
    assert {each for each in found if each[0] in decided} <= wanted


def test_the_words_of_a_deadline_are_cut_from_the_source() -> None:
    text = "1.  The  Parties\u00a0shall\nsubmit the lists   by  1\u00a0July\n2024 ."
    (deadline,) = find_deadlines(fold(text), "en", None)
    assert text[deadline.start : deadline.end] == "by  1\u00a0July\n2024"


def test_hyphens_of_a_page_break_do_not_hide_a_time() -> None:
    text = "Стороны еже-годно обменива-ются сведениями и не позд- нее 1 мар-та 2026 года представляют отчёт."
    annual, day = find_deadlines(fold(text), "ru", None)
    assert (text[annual.start : annual.end], annual.recurrence) == ("еже-годно", "annual")
    assert (text[day.start : day.end], day.due) == ("не позд- нее 1 мар-та 2026 года", dt.date(2026, 3, 1))


def test_deadlines_stand_in_the_order_of_the_text_and_apart() -> None:
    text = (
        "The Parties will meet annually, will implement the Action Plan for 2025-2028 and shall, within 30 days of the "
        "entry into force of this Treaty, exchange lists by 1 October 2026."
    )
    found = find_deadlines(fold(text), "en", None)
    assert len(found) == 4
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))


def test_every_deadline_says_why_it_was_read_so() -> None:
    found = [deadline for language, text, day, _ in cases() for deadline in find_deadlines(fold(text), language, day)]
    assert found
    assert all(deadline.why for deadline in found)


def test_a_rule_lies_within_the_words_of_its_deadline() -> None:
    for language, text, day, _ in cases():
        for deadline in find_deadlines(fold(text), language, day):
            assert deadline.rule is None or deadline.start <= deadline.rule.start < deadline.rule.end <= deadline.end


@pytest.mark.parametrize("text", ["", " ", "2026", "by", "31 June 2026", "within 30 days", "by by 2026 2026-2025 by"])
def test_a_scrap_of_text_is_read_without_error(text: str) -> None:
    for language in ("en", "ru", "kk"):
        find_deadlines(fold(text), language, None)


def test_a_language_without_words_for_times_is_named() -> None:
    with pytest.raises(KeyError, match="'xx'"):
        find_deadlines(fold("by 2026"), "xx", None)


@pytest.mark.parametrize(
    "piece", ["by 1 July 2026 ", "within a year of ", "2026-", "не позднее чем через ", "жылғы 1 "]
)
def test_repeated_words_cost_no_more_than_their_length(piece: str) -> None:
    for language in ("en", "ru", "kk"):
        short, long = (_seconds(fold(piece * count), language) for count in (300, 3000))
        assert long < 30 * max(short, 0.002)


def _seconds(folded: Folded, language: str) -> float:
    best = float("inf")
    for _ in range(2):
        began = time.process_time()
        find_deadlines(folded, language, None)
        best = min(best, time.process_time() - began)
    return best


def test_the_day_of_a_page_gives_a_day_its_year_and_starts_no_period() -> None:
    page = dt.date(2031, 2, 3)
    said = "Peru will reply by 15 July and build a bridge within two years."
    day, period = find_deadlines(fold(said), "en", None, page)
    assert day.due == dt.date(2031, 7, 15)
    assert period.due is None
    assert period.rule is not None
