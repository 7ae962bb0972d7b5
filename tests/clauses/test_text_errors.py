"""Every fault of a document has a code, a sentence and a remedy, and is raised with the values that these name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from clauses.text import _REFUSED, UnreadableError
from clauses.text.errors import FAULTS, PLACES, needed_for

ROOT = Path(__file__).resolve().parents[2]
BY_TABLE = {code for _, code in _REFUSED} | {"takes_time", "breaks_reader", "pdf_encrypted", "pdf_damaged"}
"""Codes that are raised by a name and not by themselves."""


def raised() -> Iterator[tuple[str, frozenset[str]]]:
    """Each code that the sources raise, with the names of the values that it is raised with."""
    for source in [*(ROOT / "clauses").rglob("*.py"), ROOT / "tracker" / "ingest" / "child.py"]:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "UnreadableError":
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    yield str(code.value), frozenset(word.arg for word in node.keywords if word.arg)


def test_each_fault_is_raised_somewhere_and_no_other() -> None:
    assert {code for code, _ in raised()} | BY_TABLE == set(FAULTS)


def test_each_fault_is_raised_with_what_its_sentence_names() -> None:
    for code, values in raised():
        assert needed_for(code) <= values <= needed_for(code) | set(PLACES) | {"name"}, code


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_says_why_and_what_to_do(code: str) -> None:
    error = UnreadableError(code, **dict.fromkeys(needed_for(code), 7))
    assert str(error) == f"{error.reason}. {error.remedy}"
    assert "%" not in str(error)
    assert error.remedy.endswith(".")
    assert not error.reason.endswith(".")


def test_a_fault_names_its_file_where_it_has_a_name() -> None:
    assert UnreadableError("empty").reason == "The file is empty"
    assert UnreadableError("empty", name="100% empty.pdf").reason == "The file '100% empty.pdf' is empty"


def test_a_fault_tells_its_place() -> None:
    error = UnreadableError("part_damaged", part="word/styles.xml")
    assert error.place == "word/styles.xml"
    assert str(error).startswith("A part of the document is damaged (word/styles.xml). Open it in")
    assert UnreadableError("ocr_failed", page=3).place == "page 3"
    assert UnreadableError("empty").place is None


def test_a_fault_that_there_is_not_is_none() -> None:
    with pytest.raises(KeyError):
        UnreadableError("haunted")
