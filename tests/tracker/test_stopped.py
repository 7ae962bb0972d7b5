"""Where to look when nothing is done any more: each cause has a sentence of its own."""

from __future__ import annotations

from collections import Counter

import pytest
from redis import Redis

from tracker import broker
from tracker.broker import BEAT, WORKER, Look
from tracker.stopped import cause

BOTH = Counter({BEAT: 1, WORKER: 2})


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (Look("connection refused"), "Redis does not answer (connection refused)"),
        (Look(connected=Counter({WORKER: 2})), "Beat is not connected"),
        (Look(lengths={"sweep": 7}, connected=Counter({BEAT: 1})), "No worker is connected to Redis, and 7 rings wait"),
        (Look(connected=Counter()), "Neither beat nor a worker"),
        (Look(lengths={"sweep": 7}, connected=BOTH), "no worker takes them"),
        (Look(lengths={"sweep": 7}), "no worker takes them"),
        (Look(connected=BOTH, idle={BEAT: 400}), "Beat has rung nobody for 400 s"),
        (Look(lengths={"sweep": 0}), "Look at both logs"),
        (Look(lengths={"sweep": 1}, connected=BOTH, idle={BEAT: 2}), "read the worker's log"),
    ],
)
def test_every_cause_is_told_in_other_words(seen: Look, words: str) -> None:
    assert words in cause(seen, "sweep")


def test_redis_is_asked_who_is_there_and_what_waits(settings) -> None:
    with Redis.from_url(settings.REDIS_URL, client_name=WORKER) as redis:
        redis.rpush("pacta:outbox", "ring", "ring")
        try:
            seen = broker.look()
        finally:
            redis.delete("pacta:outbox")
    assert seen.fault == ""
    assert seen.lengths["outbox"] == 2
    assert seen.connected is not None
    assert seen.connected[WORKER] == 1


def test_a_redis_that_is_not_there_is_told_and_nothing_fails(settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert "refused" in broker.look().fault


def test_a_wrong_password_is_told(settings) -> None:
    settings.REDIS_URL = settings.REDIS_URL.replace("://:", "://:not")
    assert "refuses the password" in broker.look().fault
