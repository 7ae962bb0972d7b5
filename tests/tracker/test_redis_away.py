"""Redis taken away while people work, in small; `bin/drill redis` does the same 85 times."""

from __future__ import annotations

from collections import Counter

from tests.drill.redis_away import REQUEST, RESUMED, control, run


def test_whatever_becomes_of_redis_nobody_waits_and_work_goes_on() -> None:
    outcome = run(Counter(("flushed", "frozen", "mute")), longest=4, seed=3)
    assert outcome.faults == 3
    assert outcome.right, f"{outcome}\n{outcome.undone} {outcome.measured.bad}"
    assert outcome.slowest <= RESUMED


def test_publishing_without_time_outs_would_hang_a_request() -> None:
    assert control() > REQUEST
