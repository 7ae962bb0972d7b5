"""The time of a promise where its words do not hold it: the whole texts of cases/times/*.txt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clauses import parse

CASES = Path(__file__).parent / "cases" / "times"


def cases() -> Iterator[object]:
    for path in sorted(CASES.glob("*.txt")):
        for block in path.read_text("utf-8").split("====\n"):
            lines = [line for line in block.splitlines() if line and not line.startswith("#")]
            text = [line for line in lines if line[:2] not in ("> ", "! ")]
            expected = [line[2:].split(" | ") for line in lines if line[:2] in ("> ", "! ")]
            yield pytest.param("\n".join(text), expected, id=f"{path.stem}: {block.strip().splitlines()[0][:70]}")


@pytest.mark.parametrize(("text", "expected"), list(cases()))
def test_a_promise_is_due_when_its_surroundings_say(text: str, expected: list[list[str]]) -> None:
    read = parse(text)
    got = [(str(each.due).lower(), " ".join(read.words(each).split())) for each in read.commitments]
    assert len(got) == len(expected), got
    assert all(due == day and words in said for (due, words), (day, said) in zip(expected, got, strict=True)), got
