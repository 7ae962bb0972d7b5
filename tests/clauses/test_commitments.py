"""English and Russian sentences and what they promise: the cases in cases/commitments/{en,ru}-*.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from clauses.commitments import read_commitments
from clauses.deadlines import find_deadlines
from clauses.folding import fold
from clauses.nodes import Cast, Commitment, Kind, Outline, Role, Sentence, Unit
from clauses.parties import cast

CASES = Path(__file__).parent / "cases" / "commitments"
LANGUAGES = ("en", "ru")


@dataclass(frozen=True)
class Case:
    """A sentence, the items of the list that it opens, and the lines that tell what it does."""

    language: str
    kind: Kind
    parties: tuple[str, ...]
    lines: tuple[str, ...]
    expected: tuple[str, ...]


def cases() -> Iterator[object]:
    for path in sorted(p for language in LANGUAGES for p in CASES.glob(f"{language}-*.txt")):
        for block in path.read_text("utf-8").split("\n\n"):
            lines = [line for line in block.splitlines() if line and not line.startswith("#")]
            if lines:
                kind, *parties = lines[0].removeprefix("= ").split()
                said = tuple(line.removeprefix("- ") for line in lines[1:] if not line.startswith("> "))
                expected = tuple(line.removeprefix("> ") for line in lines if line.startswith("> "))
                case = Case(path.stem[:2], Kind(kind), tuple(parties), said, expected)
                yield pytest.param(case, id=f"{path.stem}: {said[0][:60]}")


def laid_out(case: Case) -> tuple[str, Outline]:
    """The text of a case and its outline: a paragraph, and the items that it opens."""
    units, at = [], 0
    for index, line in enumerate(case.lines):
        units.append(
            Unit(at, at + len(line), None, Role.OPERATIVE, "item" if index else "paragraph", 0 if index else None)
        )
        at += len(line) + 1
    return "\n".join(case.lines), Outline((), tuple(units))


def who(case: Case, text: str, outline: Outline) -> Cast:
    """The mentions as the reader of parties finds them, with the parties that the case names."""
    found = cast(fold(text), case.language, outline, case.kind)
    mentions = tuple(replace(m, codes=case.parties) if m.sort == "all" else m for m in found.mentions)
    return Cast(case.parties, mentions)


def read(case: Case) -> tuple[str, tuple[Commitment, ...], tuple[Sentence, ...]]:
    text, outline = laid_out(case)
    deadlines = find_deadlines(fold(text), case.language, None)
    found = read_commitments(fold(text), case.language, case.kind, outline, who(case, text, outline), deadlines)
    return text, *found


def agrees(expected: str, got: str) -> bool:
    return re.fullmatch(re.escape(expected).replace("…", ".*"), got) is not None


def sorted_parties(line: str) -> str:
    force, parties, words = line.split(" | ", 2)
    return f"{force} | {' '.join(sorted(parties.split()))} | {words}"


@pytest.mark.parametrize("case", list(cases()))
def test_a_sentence_promises_what_its_case_says(case: Case) -> None:
    text, commitments, sentences = read(case)
    got = [f"{c.force} | {' '.join(sorted(c.obligors))} | {text[c.start : c.end]}" for c in commitments]
    wanted = [sorted_parties(line) for line in case.expected if " | " in line]
    assert len(got) == len(wanted), got
    assert all(agrees(expected, one) for expected, one in zip(wanted, got, strict=True)), got
    acts = [line for line in case.expected if " | " not in line]
    assert not acts or sentences[0].act.value in acts, sentences[0]
