"""Why a document could not be read is told in the language of whoever asks, also long after it was read."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from clauses import UnreadableError
from clauses.text.errors import FAULTS
from clauses.text.errors import PLACES as STOPPED
from tracker.ingest import child
from tracker.ingest.faults import KEEPING, PLACES, READING, Fault, told, told_anew


def test_every_fault_of_the_parser_has_its_sentence_word_for_word() -> None:
    with translation.override("en"):
        ours = {code: (str(reason), str(remedy)) for code, (reason, remedy) in READING.items()}
        places = {value: str(words) for value, words in PLACES.items()}
    assert ours == {code: tuple(fault) for code, fault in FAULTS.items()}
    assert places == STOPPED
    assert not KEEPING.keys() & FAULTS.keys()


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_every_fault_can_be_told_in_every_language(language: str) -> None:
    with translation.override(language):
        for code in FAULTS:
            names = set(re.findall(r"%\((\w+)\)", "".join(FAULTS[code]))) - {"file"}
            words = told(Fault(code, {**dict.fromkeys(names, 7), "name": "a.pdf", "page": 3}))
            assert "%" not in words
            assert words.endswith(".")
        for code in KEEPING:
            assert told(Fault(code, {"name": "a.pdf", "error": "X", "n": 3}))


def test_a_fault_is_told_with_its_file_and_place() -> None:
    error = UnreadableError("takes_time", name="loop.pdf")
    assert told(Fault.of(error)).startswith("The file “loop.pdf” takes too long to read. Check that")
    assert told(Fault("ocr_failed", {"page": 3})).startswith("tesseract could not read a page (page 3). Install")


def test_what_was_kept_without_a_fault_is_shown_as_it_is() -> None:
    assert told_anew(None, "Words of last year.") == "Words of last year."


@pytest.mark.parametrize("kept", [{}, {"code": "haunted", "values": {}}, {"code": "pdf_pages", "values": {}}, [1], 7])
def test_a_fault_that_is_not_understood_leaves_the_words_told_first(kept: object) -> None:
    assert told_anew(kept, "Words of next year.") == "Words of next year."


def test_a_fault_is_kept_without_what_the_database_does_not_hold() -> None:
    assert Fault("part_damaged", {"part": "a\x00b\ud800"}).kept() == {
        "code": "part_damaged",
        "values": {"part": "a\ufffdb\ufffd"},
    }


@pytest.mark.parametrize(
    "answer",
    [b'{"unreadable": ["haunted", {}]}', b'{"unreadable": ["pdf_pages", {}]}', b'{"unreadable": ["empty", "x", "y"]}'],
)
def test_a_refusal_that_makes_no_sense_is_a_fault_of_the_parser(answer: bytes) -> None:
    with pytest.raises(child.ParserFailedError, match="no sense"):
        child._instrument(answer, "a.pdf")


def test_a_refusal_bears_only_what_its_sentence_names_and_no_more_than_a_line() -> None:
    answer = b'{"unreadable": ["part_damaged", {"part": "%s", "name": "other.pdf", "more": 1}]}' % (b"x" * 1000)
    with pytest.raises(UnreadableError) as refused:
        child._instrument(answer, "a.docx")
    assert refused.value.values == {"part": "x" * 300, "name": "a.docx"}
