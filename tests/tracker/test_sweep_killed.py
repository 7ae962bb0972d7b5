"""The sweep while its parts are killed, in small; `bin/drill sweep` does the same at its full size."""

from __future__ import annotations

from tests.drill.sweep import Faults, control, run


def test_whatever_is_killed_every_flag_is_raised_once() -> None:
    outcome = run(1_300, Faults(workers=3, beats=1, databases=1, brokers=1), seed=7)
    assert outcome.expected == 1_000
    assert outcome.right, str(outcome)
    assert outcome.seconds_after < 120


def test_looking_first_and_writing_then_would_double_them() -> None:
    assert control(2_000) > 0
