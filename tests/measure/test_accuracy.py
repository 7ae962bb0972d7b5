"""The parser's figures on the hand-labelled documents never drop below what is committed."""

from __future__ import annotations

import pytest

from tests.measure import accuracy

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not accuracy.GOLD.is_dir(), reason="skipped: ../shared not here"),
]


def test_no_figure_is_lower_than_the_committed_one() -> None:
    measured, before = accuracy.measure(), accuracy.kept()
    lower = accuracy.dropped(measured, before)
    assert not lower, "\n".join([*lower, *accuracy.changed(measured, before)])


def test_a_lower_figure_would_be_noticed() -> None:
    before = {"figures": {"all": {"document language": 1.0}}, "matched": ["x"]}
    worse = accuracy.Measured(figures={"all": {"document language": 0.9}}, labelled={"x": "a promise"})
    assert accuracy.dropped(worse, before) == ["all: document language was 1.0000, is 0.9000"]
    assert accuracy.changed(worse, before) == ["- a promise"]
