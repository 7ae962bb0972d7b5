"""Whatever the bytes, `parse` reads them or raises UnreadableError, and soon. `bin/drill fuzz` tries many more."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clauses import UnreadableError, parse
from tests.clauses.mutating import FORMATS, mutated, unpacked_size

SECONDS_FOR_100_KB = 1.0


@pytest.fixture(autouse=True)
def _without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clauses.text.pdf.read_picture", lambda *_: "")


@pytest.mark.parametrize("kind", FORMATS)
@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(number=st.integers(0, 2**32))
def test_only_one_error_ever_leaves_the_parser_and_soon(kind: str, number: int) -> None:
    data = mutated(kind, number)
    began = time.process_time()
    with contextlib.suppress(UnreadableError):
        assert parse(data, name=f"a.{kind}").text.strip()
    assert time.process_time() - began < SECONDS_FOR_100_KB * max(1.0, unpacked_size(kind, data) / 100_000)


@settings(max_examples=300, deadline=None, derandomize=True)
@example("\ud800")
@example("İ" * 100)
@given(st.text(max_size=2000))
def test_any_string_is_read_or_refused(text: str) -> None:
    try:
        found = parse(text)
    except UnreadableError:
        return
    assert len(found.text) == len(text)
