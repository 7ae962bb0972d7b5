"""Silent stops that are really made, in small; `bin/drill stops` tries all of them."""

from __future__ import annotations

from tests.drill.stops import run


def test_a_stop_is_told_with_its_cause_and_all_is_well_after_the_cure() -> None:
    outcome = run(("worker deaf", "PostgreSQL read-only"), quiet=3)
    assert outcome.right, str(outcome)
    assert len(outcome.told) == 2
