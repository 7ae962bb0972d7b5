"""What a document is: language, kind, title, day and place of signature, by the cases in `cases/facts`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from clauses import facts
from clauses.folding import fold
from clauses.nodes import Kind, Outline
from clauses.outline import outline

CASES = Path(__file__).parent / "cases" / "facts"
LANGUAGES = ("en", "ru", "kk")


@dataclass(frozen=True)
class Case:
    title: str
    language: str
    text: str
    checks: dict[str, str]


def read_cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.txt")):
        for block in f"\n{path.read_text('utf-8')}".split("\n== ")[1:]:
            title, rest = block.split("\n", 1)
            text, checks = rest.split("\n----\n")
            rows = (line.split(":", 1) for line in checks.strip().splitlines())
            yield Case(title, path.stem[-2:], text, {key: value.strip() for key, value in rows})


@pytest.mark.parametrize("case", [*read_cases()], ids=lambda case: f"{case.language}: {case.title}")
def test_a_document_is_what_it_calls_itself(case: Case) -> None:
    folded, structure = fold(case.text), outline(case.text, case.language)
    day, place = facts.signing_of(folded, case.language, structure)
    have = {
        "language": facts.language_of(folded),
        "kind": facts.kind_of(folded, case.language, structure).value,
        "title": facts.title_of(case.text, case.language, structure),
        "signed": " ".join(filter(None, (str(day or ""), place))) or "none",
    }
    assert {key: have[key] for key in case.checks} == case.checks


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Azərbaycan Respublikasının Prezidenti və Türkiyə Respublikasının Prezidenti görüşdülər", "az"),
        ("Президентлер кездешип, Кыргыз Республикасынын демилгелерин талкуулашты жана келишим түзүштү", "ky"),
        ("Президент України підписав угоду про співпрацю між урядами двох держав та її виконання", "uk"),
        ("Le Gouvernement de la République française et le Gouvernement du Japon sont convenus de ce qui suit", "fr"),
        ("Стороны условились провести встречу в Астане", "ru"),
        ("Тараптар ынтымақтастықты дамытуға уағдаласты", "kk"),
        ("The Parties will meet in the autumn and agree on the plan", "en"),
    ],
)
def test_the_language_is_told_by_letters_and_small_words(text: str, language: str) -> None:
    assert facts.language_of(fold(text)) == language


@pytest.mark.parametrize("text", ["", " ", "12345", "…", "\n\n\n"])
def test_a_text_without_words_is_in_no_language(text: str) -> None:
    assert facts.language_of(fold(text)) == "und"


@pytest.mark.parametrize(
    "text", ["", " ", "12345", "Done at", "this 40th day of May, 2020", "ДОГОВОР", "31 июня 2020 года"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_any_text_has_a_kind_and_a_title(text: str, language: str) -> None:
    folded, none = fold(text), Outline((), ())
    for structure in (none, outline(text, language)):
        assert facts.kind_of(folded, language, structure) in Kind
        assert isinstance(facts.title_of(text, language, structure), str)
        assert facts.signing_of(folded, language, structure)[0] is None


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("QUITO, 3 September 2031 – Two ministers met.", "en", "2031-09-03"),
        ("Two ministers met\n\n12 March 2031, 17:30\n\nThey spoke.", "en", "2031-03-12"),
        ("date 2031-05-02 Two ministers met.", "en", None),
        ("date 2031-05-02", "en", "2031-05-02"),
        ("Published 3 February 2031 | From: the Ministry", "en", "2031-02-03"),
        ("Министры встретились\n15 ноября 2031, 19:42", "ru", "2031-11-15"),
        ("Опубликовано: 14.05.2031   Просмотров: 8", "ru", "2031-05-14"),
        ("ЕРЕВАН, 3 мая 2031 г. – Министры встретились", "ru", "2031-05-03"),
        ("23 қазан 2031, 18:05", "kk", "2031-10-23"),
        ("2031 жылғы 19 ақпан, Токио", "kk", "2031-02-19"),
        ("The Agreement of 3 May 2031, which the ministers signed, is in force.", "en", None),
        ("They met.", "en", None),
        ("32.13.2031", "ru", None),
    ],
)
def test_a_page_is_dated_by_its_first_or_last_lines(text: str, language: str, day: str | None) -> None:
    assert facts.dated_on(text, language) == (dt.date.fromisoformat(day) if day else None)
