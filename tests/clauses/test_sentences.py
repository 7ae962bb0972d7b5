"""Where sentences end, in English, Russian and Kazakh."""

from __future__ import annotations

import pytest

from clauses.folding import fold
from clauses.sentences import split


def parts(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in split(fold(text), 0, len(text), language)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["Mr. A. Brown met Ms. Lee at No. 5, Main St. in Paris.", "They agreed to meet again."]),
        ("en", ["The talks were held in the U.S. capital in Jan. 2026.", "We thank our hosts."]),
        ("en", ["This was agreed with the U.S.", "The Sides will return to it."]),
        ("en", ["See Art. 5 and paras. 2 and 3.", "“Peace is possible.”", "Is it not?", "Yes!"]),
        ("en", ["They will do the following: plan; build; open.", "(This is a note.)"]),
        ("ru", ["Встреча прошла в г. Актобе 3 марта 1999 г. в здании акимата.", "Стороны согласились."]),
        ("ru", ["Подписано в 2001 г.", "Стороны довольны."]),
        ("ru", ["Согласно ст. 5 и п. 2, т.е. в срок, А. С. Ким и Б.Омаров прибыли.", "Спасибо."]),
        ("ru", ["Объём составил 3,5 млрд. долларов и вырос.", "Он растёт."]),
        ("kk", ["Кездесу 2019 ж. мамырда өтті.", "Тараптар келісті."]),
    ],
)
def test_abbreviations_and_initials_end_no_sentence(language: str, sentences: list[str]) -> None:
    assert parts(" ".join(sentences), language) == sentences


def test_a_stop_glued_to_the_next_sentence_ends_one() -> None:
    assert parts("Each party sets up a committee.The members are named.", "en") == [
        "Each party sets up a committee.",
        "The members are named.",
    ]


def test_only_the_stretch_asked_for_is_split() -> None:
    text = "One here. Two there. Three."
    assert [text[a:b] for a, b in split(fold(text), 10, 20, "en")] == ["Two there."]


def test_line_breaks_and_double_spaces_do_not_move_a_sentence() -> None:
    assert parts("One  line\nbroken.\n\n  Next   one.", "en") == ["One  line\nbroken.", "Next   one."]
