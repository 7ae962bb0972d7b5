"""Kazakh sentences and what they do: the cases in cases/commitments/kk-*.txt, and the rules behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from clauses.folding import fold
from clauses.grammar.cue_last import read
from clauses.grammar.kazakh_cues import TABLES
from clauses.grammar.kazakh_words import case_of, plain_form
from clauses.grammar.reading import Passage, Reading
from clauses.languages import words
from clauses.nodes import Act, Kind, Mention, Role, Span

CASES = Path(__file__).parent / "cases" / "commitments"
_MARKED = re.compile(r"\[(?P<sort>\w+)(?: (?P<codes>[A-Z ]+))?\|(?P<words>[^]]*)\]")


@dataclass(frozen=True)
class Case:
    """A sentence with its mentions marked, the words that open its list, and the lines that tell what it does."""

    kind: Kind
    opening: str
    sentence: str
    expected: tuple[str, ...]


def cases() -> Iterator[object]:
    for path in sorted(CASES.glob("kk-*.txt")):
        for block in path.read_text("utf-8").split("\n\n"):
            lines = [line for line in block.splitlines() if line and not line.startswith("#")]
            if lines:
                kind, _, opening = lines[0].removeprefix("= ").partition(" | ")
                expected = tuple(line.removeprefix("> ") for line in lines[2:])
                yield pytest.param(Case(Kind(kind), opening, lines[1], expected), id=f"{path.stem}: {lines[1][:60]}")


def unmarked(marked: str, offset: int) -> tuple[str, list[Mention]]:
    """The words without their marks, and the mentions with offsets that start from `offset`."""
    words, mentions, last = "", [], 0
    for found in _MARKED.finditer(marked):
        words += marked[last : found.start()]
        start = offset + len(words)
        words += found["words"]
        codes = tuple((found["codes"] or "").split())
        mentions.append(Mention(start, offset + len(words), codes, found["sort"]))
        last = found.end()
    return words + marked[last:], mentions


def passage(case: Case) -> tuple[str, Passage]:
    opening, mentions = unmarked(case.opening, 0)
    start = len(opening) + 1 if opening else 0
    sentence, own = unmarked(case.sentence, start)
    text = f"{opening}\n{sentence}" if opening else sentence
    return text, Passage(
        fold(text),
        start,
        len(text),
        "kk",
        case.kind,
        Role.OPERATIVE,
        (*mentions, *own),
        Span(0, len(opening)) if opening else None,
    )


def told(text: str, reading: Reading) -> str:
    if reading.force is None:
        return str(reading.act)
    actors = " ".join(code for actor in reading.actors for code in (actor.codes or (actor.sort,))) or "-"
    return f"{reading.force} | {actors} | {text[reading.start : reading.end]}"


def agrees(expected: str, got: str) -> bool:
    return re.fullmatch(re.escape(expected).replace("…", ".*"), got) is not None


@pytest.mark.parametrize("case", list(cases()))
def test_a_kazakh_sentence_does_what_its_case_says(case: Case) -> None:
    text, given = passage(case)
    got = [told(text, reading) for reading in read(given)]
    assert len(got) >= len(case.expected), got
    for expected in case.expected:
        assert any(agrees(expected, one) for one in got), (expected, got)
    promised = [one for one in got if " | " in one]
    assert len(promised) == sum(" | " in line for line in case.expected), got


def read_plain(sentence: str, kind: Kind = Kind.JOINT_STATEMENT, role: Role = Role.OPERATIVE) -> list[Reading]:
    return read(Passage(fold(sentence), 0, len(sentence), "kk", kind, role, ()))


def test_latin_letters_in_kazakh_words_change_nothing() -> None:
    kazakh = "Тараптар бірлескен комиссия құруға келісті."
    mixed = kazakh.replace("і", "i")
    assert [(one.start, one.end, one.force) for one in read_plain(kazakh)] == [
        (one.start, one.end, one.force) for one in read_plain(mixed)
    ]


def test_a_line_break_inside_a_promise_stays_in_its_words() -> None:
    sentence = "Тараптар көпір\nсалуға   келісті."
    (reading,) = read_plain(sentence)
    assert sentence[reading.start : reading.end] == sentence[:-1]


def test_the_words_that_close_a_list_promise_nothing_by_themselves() -> None:
    for closing in ("уағдаласты.", "міндеттенеді."):
        (reading,) = read_plain(closing)
        assert reading.act is Act.HEADING


def test_the_words_after_a_list_rule_its_points() -> None:
    text = "Тараптар: а. көпір салуға; б. арна қазуға; в. бөгет тұрғызуға міндеттенеді."
    start, end = text.index("арна"), text.index(" в.")
    (reading,) = read(Passage(fold(text), start, end, "kk", Kind.TREATY, Role.OPERATIVE, (), Span(0, 9)))
    assert (reading.force, text[reading.start : reading.end]) == ("obligation", "арна қазуға")


def test_the_cues_hold_no_latin_letters_and_name_only_known_classes() -> None:
    data = words("kk", "cues")
    known = {"…", *(f"{{{name}}}" for name in (*data["classes"], *data["endings"]))}
    for table in TABLES:
        for word in " ".join(data[table]["phrases"]).split():
            assert word in known or re.fullmatch(r"[а-яәіңғүұқөһ-]+", word), (table, word)


def test_boilerplate_and_the_preamble_of_a_treaty_promise_nothing() -> None:
    sentence = "Тараптар көпір салуға ниет білдіре отырып,"
    assert read_plain(sentence, role=Role.BOILERPLATE)[0].act is Act.BOILERPLATE
    assert read_plain(sentence, Kind.TREATY, Role.PREAMBLE)[0].act is Act.RECITAL


def test_every_sentence_gets_at_least_one_reading() -> None:
    for sentence in ("Астана қаласы", "—", "…", "Қазақстан, Түркия", "2025 жыл"):
        assert read_plain(sentence)


@pytest.mark.parametrize(
    ("word", "tense", "passive"),
    [
        ("құрады", "present", False),
        ("құрайды", "present", False),
        ("дамытады", "present", False),
        ("тоқтатады", "present", False),
        ("таниды", "present", False),
        ("береді", "present", False),
        ("өткізіледі", "present", True),
        ("жасалады", "present", True),
        ("белгілейді", "present", False),
        ("ілгерілетеміз", "present", False),
        ("талқылады", "past", False),
        ("мәлімдеді", "past", False),
        ("құттықтады", "past", False),
        ("жоспарлады", "past", False),
        ("келісті", "past", False),
        ("бекітілсін", "order", True),
        ("етсін", "order", False),
        ("қосылмақ", "aim", False),
        ("жүргізілуде", "doing", True),
    ],
)
def test_the_end_of_a_verb_tells_its_tense(word: str, tense: str, passive: bool) -> None:
    form = plain_form(word)
    assert form is not None
    assert form.tense == tense
    assert tense == "aim" or form.passive is passive


@pytest.mark.parametrize(
    "word", ["аймақ", "сауда", "комиссия", "дамытуды", "тараптарды", "президенті", "үкіметі", "жауап"]
)
def test_a_noun_is_not_taken_for_a_verb(word: str) -> None:
    assert plain_form(word) is None


@pytest.mark.parametrize(
    ("word", "case"),
    [
        ("тараптар", "nominative"),
        ("президенті", "nominative"),
        ("үкіметі", "nominative"),
        ("өзбекстан", "nominative"),
        ("тараптардың", "genitive"),
        ("президентін", "accusative"),
        ("тараптарды", "accusative"),
        ("қазақстанға", "dative"),
        ("министріне", "dative"),
        ("түркияда", "locative"),
        ("тарапымен", "with"),
    ],
)
def test_the_end_of_a_name_tells_its_case(word: str, case: str) -> None:
    assert case_of(word) == case


def test_reading_takes_time_in_proportion_to_the_sentence() -> None:
    """A sentence of many commas and quotes is read in one go, however long: no quadratic search."""
    sentence = "Тараптар " + ", ".join(['"кедергі" (шарт) жасауды'] * 3000) + " жалғастырады."
    assert read_plain(sentence)[-1].force is not None
