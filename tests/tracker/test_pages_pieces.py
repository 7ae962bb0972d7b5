"""How a text is cut into pieces: nothing of it is lost, and nothing stands where it does not belong."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from tracker.pieces import UNSEEN, paragraphs


@dataclass(frozen=True)
class Mark:
    """Something to highlight."""

    pk: int
    start: int
    end: int


@dataclass(frozen=True)
class Unit:
    """A clause."""

    label: str
    role: str
    start: int
    end: int


def _words(shown) -> str:
    return "\n".join("".join(piece.words for piece in paragraph.pieces) for paragraph in shown)


@given(
    st.text(alphabet="ab <&\n\u200b\u202e", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=5),
)
def test_every_word_is_shown_once_whatever_the_marks(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [Mark(n, start, start + length) for n, (start, length) in enumerate(spans)]
    lines = [line for line in text.split("\n") if line.strip()]
    assert _words(paragraphs(text, marks, [])) == "\n".join(lines)


@given(st.text(alphabet="ab \n\u200b", max_size=60), st.integers(0, 60), st.integers(1, 20))
def test_a_mark_covers_its_own_characters_and_no_other(text: str, start: int, length: int) -> None:
    mark = Mark(7, start, start + length)
    marked = "".join(p.words for line in paragraphs(text, [mark], []) for p in line.pieces if p.mark)
    # Lines that hold nothing but white space are gaps, marked or not.
    at, expected = 0, ""
    for line in text.split("\n"):
        if line.strip():
            expected += line[max(0, start - at) : max(0, start + length - at)]
        at += len(line) + 1
    assert marked == expected


def test_marks_may_lie_in_marks_and_the_inner_one_is_shown() -> None:
    (line,) = paragraphs("abcdef", [Mark(1, 0, 6), Mark(2, 2, 4)], [])
    assert [(piece.words, piece.mark.pk) for piece in line.pieces if piece.mark] == [("ab", 1), ("cd", 2), ("ef", 1)]
    assert [[mark.pk for mark in piece.opens] for piece in line.pieces] == [[1], [2], []]


def test_a_mark_over_two_lines_opens_once() -> None:
    shown = paragraphs("one two\nthree four", [Mark(1, 4, 13)], [])
    assert [piece.words for line in shown for piece in line.pieces if piece.mark] == ["two", "three"]
    assert sum(len(piece.opens) for line in shown for piece in line.pieces) == 1


def test_labels_and_roles_come_from_the_clauses() -> None:
    text = "1. First\n(a) inner\nback to top"
    units = [Unit("1", "operative", 0, 19), Unit("(a)", "operative", 9, 19), Unit("", "boilerplate", 20, 31)]
    shown = paragraphs(text, [], units)
    assert [piece.words for line in shown for piece in line.pieces if piece.label] == ["1", "(a)"]
    assert [(line.role, line.depth) for line in shown] == [("operative", 0), ("operative", 1), ("boilerplate", 0)]


def test_words_after_a_nested_list_are_shown_at_the_depth_of_the_clause_they_belong_to() -> None:
    text = "1. The Parties shall:\n(a) repair:\n(i) the canal;\n(b) mark its banks;\nand share the cost.\n2. They met."
    end = text.index("\n2.")
    a, i, b = (text.index(label) for label in ("(a)", "(i)", "(b)"))
    units = [
        Unit("1", "operative", 0, end),
        Unit("(a)", "operative", a, b - 1),
        Unit("(i)", "operative", i, b - 1),
        Unit("(b)", "operative", b, text.index("\nand")),
        Unit("2", "operative", end + 1, len(text)),
    ]
    assert [line.depth for line in paragraphs(text, [], units)] == [0, 1, 2, 1, 0, 0]
    assert _words(paragraphs(text, [], units)) == text


def test_every_bidirectional_control_counts_as_unseen() -> None:
    for code in [0x200B, 0x200E, 0x200F, 0x061C, 0xFEFF, 0x00AD, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]:
        assert UNSEEN.fullmatch(chr(code)), hex(code)
    assert not UNSEEN.search("Қазақстан мен Өзбекстан, 2026\t–")
