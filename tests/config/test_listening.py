"""A worker that hears nothing ends itself; one that has nothing to hear, or is at work, does not."""

from __future__ import annotations

from config.listening import DEAF, Hearing


def _looks(hearing: Hearing, number: int, *, waiting: int = 1, taken: int = 0, busy: bool = False) -> bool:
    return any(hearing.deaf(waiting=waiting, taken=taken, busy=busy) for _ in range(number))


def test_doorbells_that_nobody_takes_look_after_look_mean_that_it_is_deaf() -> None:
    hearing = Hearing()
    assert not _looks(hearing, DEAF - 1)
    assert _looks(hearing, 1)


def test_where_nothing_waits_nothing_is_to_be_heard() -> None:
    assert not _looks(Hearing(), 10 * DEAF, waiting=0)


def test_a_worker_that_is_at_work_is_not_deaf() -> None:
    assert not _looks(Hearing(), 10 * DEAF, busy=True)


def test_a_worker_that_has_taken_one_begins_anew() -> None:
    hearing = Hearing()
    for taken in range(10):
        assert not _looks(hearing, DEAF - 1, taken=taken)
