"""Redis taken away: `bin/drill redis`. It is stopped, restarted, flushed and made half-open while people work.

Visitors ask all the time for every page that may have to do with Redis; none may wait longer than two seconds. During
each fault and after it new work comes: a document to be read, a commitment that fell due yesterday, a mail to be sent.
All of it must be done within a minute of the fault's end, nothing lost, nothing doubled. Half-open is of two kinds:
Redis is frozen (SIGSTOP), and a line to it that swallows what is sent and closes nothing, so that the connections of
before the fault stay dead for good. The control publishes as Celery does by itself, without time-outs, to a frozen
Redis: it must hang for longer than the two seconds, or this drill proves nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from celery import Celery

from config.servers import redis as redis_part
from config.servers.parts import Part
from tests.drill.redis_mute import Line, line
from tests.drill.redis_visitor import Measured, Visitor
from tests.drill.redis_work import Work, Works
from tests.drill.rig import ROOT, Rig, rig
from tests.tracker.receiving import Sink, sink

REQUEST, RESUMED = 2.0, 60.0
"""Seconds: the longest that a request may take, and that work may take to go on after a fault's end."""

_PATIENCE = 180.0
_QUEUES = "sweep,ingest,outbox"
_PAGES = ("/healthz", "/", "/api/v1/commitments/", "/admin/tracker/sweep/operations/", "/admin/tracker/upload/")


@dataclass
class Outcome:
    """What came of it. `resumed` are the seconds after each fault's end until all new work was done, by kind of fault;
    `undone` is work that was never done, `doubled` what was done twice, `repeats` mails that came twice under one id.
    """

    measured: Measured
    calm: float = 0.0
    resumed: dict[str, list[float]] = field(default_factory=dict)
    undone: list[str] = field(default_factory=list)
    works: int = 0
    doubled: int = 0
    repeats: int = 0
    restarts: int = 0
    seconds: float = 0.0

    @property
    def faults(self) -> int:
        """How many there were."""
        return sum(map(len, self.resumed.values()))

    @property
    def slowest(self) -> float:
        """The longest resumption."""
        return max((seconds for each in self.resumed.values() for seconds in each), default=0.0)

    @property
    def right(self) -> bool:
        """Whether every bound was kept."""
        kept = self.slowest <= RESUMED and self.measured.worst <= REQUEST
        return kept and not (self.undone or self.doubled or self.measured.bad)

    def __str__(self) -> str:
        kinds = ", ".join(
            f"{len(each)} {kind} (at most {max(each):.1f} s, mean {sum(each) / len(each):.1f})"
            for kind, each in self.resumed.items()
        )
        requests = sum(self.measured.number.values())
        worst = max(self.measured.longest, key=lambda what: self.measured.longest[what])
        slow, bad = (sum(each.values()) for each in (self.measured.slow, self.measured.bad))
        return (
            f"{self.faults} faults: {kinds}; {self.works} pieces of work, {len(self.undone)} lost,"
            f" {self.doubled} doubled, {self.repeats} mails repeated under their id; work went on at most"
            f" {self.slowest:.1f} s after a fault's end\n{requests} requests, the longest {self.measured.worst:.2f} s"
            f" ({worst}; {self.calm:.2f} s before the first fault), {slow} over {REQUEST:.0f} s, {bad} failed;"
            f" {self.restarts} parts ended and were started again ({self.seconds:.0f} s in all)"
        )


class Drill:
    """An installation whose line to Redis can be cut, the people who use it, and the work that comes."""

    def __init__(self, broken: Rig, cut: Line, post: Sink, port: int, password: str, ids: dict[str, int]) -> None:
        self.rig, self.line, self.post = broken, cut, post
        self.measured = Measured()
        self.works = Works(broken, ids)
        self.direct = redis_url_of(broken, cut)
        self._visitors = [Visitor(port, password, self.measured, REQUEST) for _ in range(3)]
        self._stop, self._numbers, self.restarts = threading.Event(), count(1), 0

    @contextmanager
    def visited(self) -> Iterator[None]:
        """Two people go from page to page all the while; a third is asked for single things."""
        for each in self._visitors:
            if not (each.sign_in() and each.take_token()):
                raise RuntimeError("nobody can sign in")
        threads = [threading.Thread(target=self._walk, args=(each,)) for each in self._visitors[1:]]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _walk(self, visitor: Visitor) -> None:
        while not self._stop.is_set():
            visitor.sign_in()
            for page in _PAGES:
                visitor.read(page)
                self._stop.wait(0.05)
            name = f"walk-{next(self._numbers)}.txt"
            if visitor.upload(name, self.works.document(name)) == 302:
                self.works.brought.append(name)
            if pk := self.works.to_record():
                visitor.record(pk, dt.datetime.now(dt.UTC).date().isoformat())
            self._stop.wait(1)

    def bring(self) -> list[Work]:
        """New work of each sort."""
        return self.works.bring(self._visitors[0])

    def await_all(self, works: list[Work], since: float) -> tuple[float, list[Work]]:
        """Seconds from a moment until all were done, and those that were not; parts that end are started again."""
        left = works
        while left and time.monotonic() - since < _PATIENCE:
            time.sleep(0.1)
            left = [each for each in left if not self.works.done(each)]
            self.revive()
        return time.monotonic() - since, left

    def revive(self) -> None:
        """Start again what ended, as the supervisor of an installation does."""
        parts: list[Part] = [*self.rig.workers, *self.rig.beats, *self.rig.webs]
        for part in parts:
            if not part.running():
                part.kill()
                part.start()
                self.restarts += 1


def redis_url_of(broken: Rig, cut: Line) -> str:
    """The address of Redis itself, past the line."""
    return broken.environment["REDIS_URL"].replace(f":{cut.port}/", f":{broken.environment['REDIS_PORT']}/")


def _stopped(drill: Drill, seconds: float) -> None:
    drill.rig.broker.stop()
    time.sleep(seconds)
    drill.rig.broker.start()
    _await_redis(drill)


def _restarted(drill: Drill, seconds: float) -> None:
    drill.rig.restart(drill.rig.broker)
    _await_redis(drill)


def _flushed(drill: Drill, seconds: float) -> None:
    from redis import Redis

    with Redis.from_url(drill.direct) as redis:
        redis.flushall()


def _frozen(drill: Drill, seconds: float) -> None:
    process = drill.rig.broker.process
    assert process
    process.send_signal(signal.SIGSTOP)
    time.sleep(seconds)
    process.send_signal(signal.SIGCONT)


def _mute(drill: Drill, seconds: float) -> None:
    drill.line.mute()
    time.sleep(seconds)
    drill.line.heal()


def _await_redis(drill: Drill) -> None:
    port = int(drill.rig.environment["REDIS_PORT"])
    password = drill.direct.split(":", 2)[2].split("@")[0]
    drill.rig.broker.wait_until(lambda: redis_part._answers(port, password), seconds=30)


FAULTS: dict[str, Callable[[Drill, float], None]] = {
    "stopped": _stopped,
    "restarted": _restarted,
    "flushed": _flushed,
    "frozen": _frozen,
    "mute": _mute,
}


def run(faults: Counter[str], *, longest: float = 7.0, calm: float = 5.0, seed: int = 1) -> Outcome:
    """Let these faults strike in some order, each for two seconds to `longest`, after so many calm ones, and measure.

    How long requests take in the calm is told apart: on a machine with other work, that is what it costs.
    """
    chance, began = random.Random(seed), time.monotonic()  # noqa: S311  (no secret)
    plan = list(faults.elements())
    chance.shuffle(plan)
    with _installation() as drill:
        with drill.visited():
            outcome = Outcome(drill.measured)
            _, undone = drill.await_all(drill.bring(), time.monotonic())
            time.sleep(calm)
            outcome.undone += [f"before any fault: {each}" for each in undone]
            outcome.calm = drill.measured.begin_anew()
            for kind in plan:
                _try(drill, kind, chance.uniform(2, longest), outcome)
        _, undone = drill.await_all(drill.works.brought_in(), time.monotonic())
        outcome.undone += map(str, undone)
        outcome.works, outcome.restarts = drill.works.number, drill.restarts
        outcome.doubled = drill.works.doubled()
        outcome.repeats = sum(drill.post.ids().values()) - len(drill.post.ids())
    outcome.seconds = time.monotonic() - began
    return outcome


def _try(drill: Drill, kind: str, seconds: float, outcome: Outcome) -> None:
    """One fault: work comes while it lasts and when it is over."""
    during: list[Work] = []
    timer = threading.Timer(min(1.0, seconds / 2), lambda: during.extend(drill.bring()))
    timer.start()
    FAULTS[kind](drill, seconds)
    ended = time.monotonic()
    timer.join()
    took, undone = drill.await_all([*during, *drill.bring()], ended)
    outcome.resumed.setdefault(kind, []).append(took)
    outcome.undone += [f"{kind}: {each}" for each in undone]
    if undone or took > RESUMED / 2:
        print(f"  {kind} for {seconds:.1f} s: work went on after {took:.1f} s; not done: {undone}", flush=True)


@contextmanager
def _installation() -> Iterator[Drill]:
    """Web server, worker, beat, PostgreSQL, Redis behind a line, and a mail server."""
    plain = "100000/minute"
    with (
        sink() as post,
        rig(
            SWEEP_SECONDS="5",
            MINISTRY_TIME_ZONE="UTC",
            EMAIL_URL=f"smtp://127.0.0.1:{post.port}",
            API_RATE=plain,
            API_RATE_ANONYMOUS=plain,
            LOG_LEVEL="WARNING",
        ) as broken,
    ):
        port = int(broken.environment["REDIS_URL"].rpartition(":")[2].partition("/")[0])
        with line(port) as cut:
            broken.environment["REDIS_PORT"] = str(port)
            broken.environment["REDIS_URL"] = broken.environment["REDIS_URL"].replace(f":{port}/", f":{cut.port}/")
            password = secrets.token_urlsafe(16)
            ids = people(broken, password)
            broken.start_worker(_QUEUES)
            broken.start_beat()
            yield Drill(broken, cut, post, broken.start_web(), password, ids)


def people(broken: Rig, password: str) -> dict[str, int]:
    """The administrator of the drill and a text; their ids."""
    import json

    command = [sys.executable, "-m", "tests.drill.redis_people", password]
    environment = {**broken.environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
    made = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    ids: dict[str, int] = json.loads(made.stdout.strip().splitlines()[-1])
    return ids


def control(at_least: float = REQUEST + 1) -> float:
    """Seconds for which publishing without time-outs hangs while Redis is frozen; it is let go after `at_least`."""
    with rig() as plain:
        process = plain.broker.process
        assert process
        careless = Celery(broker=plain.environment["REDIS_URL"], set_as_current=False)
        careless.send_task("anything")  # connected, as a web server that has served is
        process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        request = threading.Thread(target=careless.send_task, args=("anything",))
        request.start()
        request.join(at_least)
        process.send_signal(signal.SIGCONT)
        request.join()
        return time.monotonic() - began


def main() -> None:
    """The whole drill, and its control."""
    parser = argparse.ArgumentParser(prog="bin/drill redis", description=__doc__)
    parser.add_argument("--faults", type=int, default=85)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    os.environ["LOG_LEVEL"] = "WARNING"
    kinds = ("stopped", "restarted", "flushed", "half-open")
    share = {kind: wanted.faults // 4 + (place < wanted.faults % 4) for place, kind in enumerate(reversed(kinds))}
    half = share.pop("half-open")
    outcome = run(Counter({**share, "frozen": half // 2, "mute": half - half // 2}), calm=30, seed=wanted.seed)
    print(outcome)
    for what, seconds in sorted(outcome.measured.longest.items(), key=lambda each: -each[1]):
        print(f"  {what}: {outcome.measured.number[what]} times, at most {seconds:.2f} s")
    for each in [*outcome.undone, *map(str, outcome.measured.bad.items())]:
        print(f"  {each}")
    hung = control()
    print(f"control, publishing without time-outs to a frozen Redis: hung for {hung:.1f} s")
    raise SystemExit(0 if outcome.right and hung > REQUEST else 1)


if __name__ == "__main__":
    main()
