"""Every reason that the parser gives is a sentence of one table, so that it can be told in any language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from clauses import parse
from clauses.grammar.kazakh_cues import TABLES
from clauses.grammar.lexicon import Entry, _entries
from clauses.languages import words
from clauses.nodes import Act, Instrument, Precision, Recurrence
from clauses.reasons import TEMPLATES, Reason, recognised

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LABELLED = sorted((HERE / "labelled").glob("*.txt"))
CASES = sorted((HERE / "cases").rglob("*.txt"))


def reasons(read: Instrument) -> Iterator[str]:
    for commitment in read.commitments:
        yield commitment.why
        yield from (deadline.why for deadline in commitment.deadlines)
    yield from (deadline.why for deadline in read.deadlines)


def is_known(why: str) -> bool:
    """Whether a reason is in the table, and what it is a point of too."""
    found = recognised(why)
    return found is not None and ("reason" not in found.values or is_known(found.values["reason"]))


@pytest.mark.parametrize("path", LABELLED, ids=lambda path: path.stem)
def test_every_reason_in_a_labelled_document_is_in_the_table(path: Path) -> None:
    given = set(reasons(parse(path.read_bytes(), name=path.name)))
    assert given
    assert [why for why in given if not is_known(why)] == []


def test_every_reason_in_the_cases_is_in_the_table() -> None:
    given = {why for path in CASES for why in reasons(parse(path.read_bytes(), name=path.name))}
    assert len(given) > 50
    assert [why for why in given if not is_known(why)] == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_phrase_that_promises_gives_a_reason_of_its_own_frame(language: str) -> None:
    for entry in _promising(language):
        assert recognised(f"{entry.phrase} ({entry.frame})") == Reason(entry.frame, {"cue": entry.phrase})
        assert recognised(f"{entry.phrase} (opening)") == Reason("opening", {"cue": entry.phrase})


def test_every_kazakh_phrase_gives_a_reason() -> None:
    for phrase in (phrase for table in TABLES for phrase in words("kk", "cues")[table]["phrases"]):
        assert recognised(f"cue: {phrase}") == Reason("cue", {"cue": phrase})
        assert recognised(f"point of a list; cue: {phrase}") == Reason("point", {"reason": f"cue: {phrase}"})


@pytest.mark.parametrize("frame", ["by", "before", "in", "for", "from"])
@pytest.mark.parametrize("precision", Precision)
def test_a_deadline_says_in_what_way_its_words_fix_the_day(frame: str, precision: Precision) -> None:
    assert recognised(f"{frame} a {precision}") == Reason(frame, {"precision": precision})


@pytest.mark.parametrize("recurrence", Recurrence)
def test_a_recurrence_says_how_often(recurrence: Recurrence) -> None:
    assert recognised(f"how often: {recurrence}") == Reason("recurrence", {"recurrence": recurrence})


@pytest.mark.parametrize("source", sorted((ROOT / "clauses" / "deadlines").glob("*.py")), ids=lambda path: path.stem)
def test_every_reason_written_for_a_deadline_is_in_the_table(source: Path) -> None:
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        named = (
            [node.arg] if isinstance(node, ast.keyword) else [ast.unparse(to) for to in getattr(node, "targets", [])]
        )
        value = getattr(node, "value", None)
        if "why" in named and isinstance(value, ast.Constant):
            assert recognised(str(value.value)), value.value


@pytest.mark.parametrize("code", TEMPLATES)
def test_each_sentence_of_the_table_is_told_from_the_others(code: str) -> None:
    values = {
        "cue": "shall",
        "reason": "shall (modal)",
        "precision": "year",
        "recurrence": "annual",
        "encoding": "cp1251",
        "number": "3",
        "pages": "12",
    }
    found = recognised(TEMPLATES[code] % values)
    assert found is not None
    assert found.code == code
    assert found.values == {name: value for name, value in values.items() if f"%({name})s" in TEMPLATES[code]}


@pytest.mark.parametrize("why", ["", "by a fortnight", "because", "shall (somehow)", "(modal)"])
def test_what_is_no_reason_of_ours_is_not_taken_for_one(why: str) -> None:
    assert recognised(why) is None


def _promising(language: str) -> Iterator[Entry]:
    """The phrases of a language that may promise something."""
    return (entry for entry in _entries(words(language, "cues")) if entry.act is Act.COMMITMENT)
