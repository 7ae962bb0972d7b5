"""Folding is for matching only: it never loses the way back to the source."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clauses.folding import fold

WORDS = st.text(alphabet="аәбсіkKaİёЁ \n\t-–«»\u00ad\u200b\u202eXx1.", max_size=80)


@given(WORDS)
def test_every_place_has_one_way_there_and_back(text: str) -> None:
    folded = fold(text)
    assert [folded.at(folded.source(place)) for place in range(len(folded.text))] == list(range(len(folded.text)))


@given(WORDS)
def test_both_views_have_the_same_length(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.cased) <= len(text)


@given(WORDS)
def test_every_offset_of_the_source_has_a_place(text: str) -> None:
    folded = fold(text)
    assert all(0 <= folded.at(offset) <= len(folded.text) for offset in range(len(text) + 1))


def test_a_span_is_sliced_from_the_source_as_it_was_printed() -> None:
    text = "The  Parties\n“will” co­operate"
    folded = fold(text)
    start = folded.text.index('"will" cooperate')
    assert text[slice(*folded.span(start, len(folded.text)))] == "“will” co­operate"


def test_a_word_broken_at_a_line_end_is_read_whole() -> None:
    assert fold("не позд-\nнее чем").text == "не позднее чем"


def test_letters_that_look_alike_are_read_in_the_alphabet_of_their_word() -> None:
    assert fold("Үкiметi").text == "үкіметі"  # Latin i in a Cyrillic word
    assert fold("Kаzakhstan").text == "kazakhstan"  # Cyrillic а in a Latin word


def test_invisible_characters_do_not_split_a_word() -> None:
    assert fold("Uzbek\u200bistan \u202eKazakhstan").text == "uzbekistan kazakhstan"
