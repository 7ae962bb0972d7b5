"""The structure of texts: clauses, roles and units. Cases are plain text files in cases/outline.

A case names a language, gives a text, and lists its units in order, one a line: the path of the clause around the unit
("-" where it stands by itself), its role and sort, its first and last words, and the end of the words that open it.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clauses.nodes import Outline, Role
from clauses.outline import outline

CASES = sorted((Path(__file__).parent / "cases" / "outline").glob("*.txt"))
SHARED = Path(__file__).resolve().parents[3] / "shared"

_PIECES = st.sampled_from(
    [
        *("\n", "\n\n", " ", "\t", "\u200b", "\r\n", "\f", "#", "•", "-", "–", "1.", "1.1", "2.", "2)", "(a)", "(b)"),
        *("(i)", "i.", "I.", "II.", "A.", "B.", "Article 1", "ARTICLE II", "Статья 2", "5-бап", "§ 3", "Chapter One"),
        *("Annex I", "The Parties shall:", "agree.", "word", "слово;", "Done at Zenda", "have agreed as follows:"),
        *("Протокол", "2022-2026"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(_PIECES, max_size=60).map(" ".join), st.lists(_PIECES, max_size=60).map("".join)
)


def shown(text: str, found: Outline) -> str:
    """The units of an outline as the cases write them."""
    return "\n".join(_line(text, found, index) for index in range(len(found.units)))


def _line(text: str, found: Outline, index: int) -> str:
    unit = found.units[index]
    clause = found.clauses[unit.clause] if unit.clause is not None else None
    words = text[unit.start : unit.end].split()
    short = " ".join(words) if len(words) <= 9 else f"{' '.join(words[:6])} … {' '.join(words[-2:])}"
    opening = "" if unit.opening is None else " < " + _end(text, found, unit.opening)
    return f"{(clause and clause.path) or '-'} | {unit.role} {unit.sort} | {short}{opening}"


def _end(text: str, found: Outline, index: int) -> str:
    return " ".join(text[found.units[index].start : found.units[index].end].split()[-2:])


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_text_has_the_units_that_its_case_lists(path: Path) -> None:
    head, rest = path.read_text("utf-8").split("--- text\n", 1)
    text, units = rest.split("--- units\n", 1)
    found = outline(text, head.removeprefix("language:").strip())
    assert shown(text, found) == units.strip()


def test_a_clause_covers_its_label_its_words_and_its_sub_clauses() -> None:
    text = "Article 1\n\n1. The Parties:\n(a) build;\n(b) mend.\n\nThey pay.\n\nArticle 2\n\nEnd.  \n"
    article, point = outline(text, "en").clauses[:2]
    assert text[article.start : article.end] == text[: text.index("\n\nArticle 2")]
    assert text[point.start : point.end].endswith("They pay.")


def test_a_label_is_printed_without_the_punctuation_that_sets_it_off() -> None:
    text = "Article  1. Words.\n\n1. One.\n\n2) Two.\n\n(a) Three.\n"
    assert [clause.label for clause in outline(text, "en").clauses] == ["Article 1", "1", "2)", "(a)"]


def test_a_clause_ends_with_its_last_word() -> None:
    text = "1. One.   \n\n   2. Two.\u200b \n\n"
    assert [text[clause.start : clause.end] for clause in outline(text, "en").clauses] == ["1. One.", "2. Two."]


def test_a_text_without_numbers_has_a_clause_for_each_paragraph() -> None:
    found = outline("The sides met today.\n\nThey will meet again.\n", "en")
    assert [(clause.label, clause.path, clause.role) for clause in found.clauses] == [(None, None, Role.OPERATIVE)] * 2


def test_an_empty_text_has_no_clauses() -> None:
    assert outline(" \n\n\t", "en") == Outline((), ())


def test_a_language_without_data_is_refused() -> None:
    with pytest.raises(KeyError):
        outline("1. Een.", "nl")


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(["en", "ru", "kk"]))
def test_every_word_lies_in_one_unit_or_label(text: str, language: str) -> None:
    found = outline(text, language)
    free = set(range(len(text)))
    last = 0
    for unit in found.units:
        assert last <= unit.start < unit.end
        assert not text[unit.start].isspace()
        assert not text[unit.end - 1].isspace()
        last = unit.end
        free -= set(range(unit.start, unit.end))
    for clause in found.clauses:
        if clause.label:
            free -= set(range(clause.start, clause.start + len(clause.label) + 12))
    assert not [text[at] for at in free if text[at].isalpha()]


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(["en", "ru", "kk"]))
def test_clauses_nest_and_stand_in_order(text: str, language: str) -> None:
    found = outline(text, language)
    for index, clause in enumerate(found.clauses):
        assert (clause.label is None) == (clause.path is None)
        assert index == 0 or found.clauses[index - 1].start <= clause.start
        if clause.parent is not None:
            around = found.clauses[clause.parent]
            assert clause.parent < index
            assert around.start <= clause.start < clause.end <= around.end
    for unit in found.units:
        assert unit.clause is not None
        assert found.clauses[unit.clause].start <= unit.start < unit.end <= found.clauses[unit.clause].end
        assert unit.opening is None or found.units[unit.opening].end <= unit.start


@pytest.mark.usefixtures("quiet_memory")
@pytest.mark.parametrize(
    "piece",
    [
        "1. The Parties shall: (a) build;\n",
        "(" * 50,
        "1.",
        "Article 1 ",
        "- ",
        "a > b | c / ",
        "I.\n",
        "  1. x\n     ",
        "\n\n",
    ],
)
def test_reading_takes_time_in_proportion_to_length(piece: str) -> None:
    def spent(text: str) -> float:
        begun = time.process_time()
        outline(text, "en")
        return time.process_time() - begun

    short = piece * (20_000 // len(piece))
    outline(short, "en")
    assert min(spent(short * 10) for _ in range(4)) < 25 * max(spent(short), 0.01)


@pytest.mark.corpus
@pytest.mark.skipif(not SHARED.is_dir(), reason="skipped: ../shared not here")
def test_the_first_statement_has_thirteen_numbered_clauses() -> None:
    text = next((SHARED / "seeds").glob("002_*.txt")).read_text("utf-8")
    assert [clause.label for clause in outline(text, "en").clauses if clause.label] == [str(n) for n in range(1, 14)]
