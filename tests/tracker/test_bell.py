"""Who is served never waits for Redis: a ring is handed to a thread, and one that nobody hears is dropped."""

from __future__ import annotations

import threading
import time

from kombu.exceptions import OperationalError

from tracker.bell import Bell


def _behind() -> Bell:
    bell = Bell()
    bell.behind()
    return bell


def _until(true: object) -> bool:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.01)
    return False


def test_a_worker_rings_by_itself_and_is_told_when_nobody_hears() -> None:
    heard: list[int] = []
    assert Bell().ring(lambda: heard.append(1))
    assert heard == [1]

    def nobody() -> None:
        raise OperationalError

    assert not Bell().ring(nobody)


def test_the_web_server_goes_on_while_a_ring_hangs() -> None:
    bell, let_go, heard = _behind(), threading.Event(), list[int]()
    began = time.monotonic()
    assert bell.ring(lambda: let_go.wait(10))
    assert bell.ring(lambda: heard.append(1))
    assert time.monotonic() - began < 1
    assert heard == []
    let_go.set()
    assert _until(lambda: heard == [1])


def test_what_waits_behind_a_ring_that_failed_is_left_to_the_next_sweep() -> None:
    bell, let_go, heard = _behind(), threading.Event(), list[int]()

    def hangs_and_fails() -> None:
        let_go.wait(10)
        raise OperationalError

    bell.ring(hangs_and_fails)
    bell.ring(lambda: heard.append(1))
    let_go.set()
    assert _until(bell._waiting.empty)
    bell.ring(lambda: heard.append(2))
    assert _until(lambda: heard != [])
    assert heard == [2]


def test_no_more_rings_wait_than_there_is_room_for() -> None:
    bell, let_go = _behind(), threading.Event()
    bell.ring(lambda: let_go.wait(10))
    assert not all(bell.ring(lambda: None) for _ in range(2000))
    let_go.set()
