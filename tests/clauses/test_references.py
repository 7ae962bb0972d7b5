"""Citations of other instruments and of places in this one are spans with a target."""

from __future__ import annotations

import pytest

from clauses.folding import fold
from clauses.nodes import Clause, Outline, Role
from clauses.references import find_references

NOTHING = Outline((), ())


def cited(text: str, language: str, outline: Outline = NOTHING) -> list[str]:
    return [text[found.start : found.end] for found in find_references(fold(text), language, outline)]


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "In line with the Treaty on Mutual Aid of 4 May 1998, they met.", "Treaty on Mutual Aid of 4 May 1998"),
        ("en", "under the Protocol signed in June 2011", "Protocol signed in June 2011"),
        ("ru", "на основе Договора о дружбе от 4 мая 1998 года", "Договора о дружбе от 4 мая 1998 года"),
        ("kk", "1998 жылғы 4 мамырдағы Достық туралы шартқа сәйкес", "1998 жылғы 4 мамырдағы Достық туралы шартқа"),
    ],
)
def test_an_instrument_is_cited_with_its_date(language: str, text: str, words: str) -> None:
    assert words in cited(text, language)


def test_a_title_does_not_run_over_the_end_of_its_sentence() -> None:
    assert cited("The Treaty stands. It was born in 1998, of 4 May 1998.", "en") == []


def test_a_place_in_this_instrument_has_its_path_as_target() -> None:
    text = "Article 5\nBread.\nArticle 6\nAs Article 5 of this Agreement says."
    outline = Outline((Clause("Article 5", "Article 5", None, Role.OPERATIVE, 0, 16),), ())
    targets = [found.target for found in find_references(fold(text), "en", outline) if found.start > 20]
    assert targets == ["Article 5"]


def test_a_label_is_not_a_citation_of_itself() -> None:
    outline = Outline((Clause("Article 5", "Article 5", None, Role.OPERATIVE, 0, 16),), ())
    assert find_references(fold("Article 5\nBread."), "en", outline) == ()
