"""A worker that hears nothing any more ends itself, so that whoever keeps it alive starts one that does.

A worker can be there, answer a ping and take nothing, for hours (several faults of the transport after Redis restarted
did that, each mended, none the last: `bin/drill redis` meets one). The sign: doorbells lie in its queues all the time,
and it takes none, though it has nothing to do.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from celery import Celery
from celery.worker import state
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

LOOK_EVERY = 3.0
"""Seconds between two looks."""

DEAF = 8
"""Looks in a row at doorbells that nobody takes, after which a worker is deaf: one that hears takes them at once."""

TIME_TO_END = 5.0
"""Seconds for its end; it has no work in hand."""

_log = logging.getLogger(__name__)


@dataclass
class Hearing:
    """What a worker made of the doorbells so far. `in_vain` counts the last looks that found some
    lying there and nobody taking them."""

    taken: int = 0
    in_vain: int = 0

    def deaf(self, *, waiting: int, taken: int, busy: bool) -> bool:
        """One look: whether it has been deaf for too many. `taken` counts what it ever took, `busy` is whether it
        works now. Looks are counted and not seconds, so that a machine that slept wakes up to a fresh count."""
        idle_before_work = waiting > 0 and taken == self.taken and not busy
        self.taken, self.in_vain = taken, self.in_vain + 1 if idle_before_work else 0
        return self.in_vain >= DEAF


@dataclass
class _Watch:
    """The thread that looks, in the worker's first process."""

    redis: Redis
    keys: list[str]
    hearing: Hearing = field(default_factory=Hearing)

    def run(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            try:
                waiting = sum(int(self.redis.llen(key)) for key in self.keys)
            except RedisError:
                waiting = 0  # nobody hears anything while Redis is away
            busy = bool(state.reserved_requests or state.active_requests)
            taken = sum(state.total_count.values())
            if self.hearing.deaf(waiting=waiting, taken=taken, busy=busy):
                _log.critical("worker_is_deaf waiting=%s at=%s", waiting, _where())
                end_ourselves()
                return


def watch_over(app: Celery, start: Callable[[threading.Thread], None] = threading.Thread.start) -> None:
    """Watch the worker of this process from a thread, by a connection to Redis of its own."""
    options = app.conf.broker_transport_options
    redis = Redis.from_url(
        app.conf.broker_url,
        socket_connect_timeout=2,
        socket_timeout=2,
        retry=Retry(NoBackoff(), 0),
        client_name="pacta-watch",
    )
    keys = [options["global_keyprefix"] + name for name in app.amqp.queues.consume_from]
    start(threading.Thread(target=_Watch(redis, keys).run, name="hearing", daemon=True))


def _where() -> str:
    """What the worker's first thread is at: the trace by which such a fault can be found."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    return "".join(traceback.format_stack(frame))[-3000:] if frame else ""


def end_ourselves() -> None:
    """Ask to stop, as the supervisor would; whoever does not hear even that is killed."""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(TIME_TO_END)
    os.kill(os.getpid(), signal.SIGKILL)
