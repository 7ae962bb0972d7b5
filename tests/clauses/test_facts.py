"""What a document is: language, kind, title, day and place of signature, by the cases in `cases/facts`."""

from __future__ import annotations

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
