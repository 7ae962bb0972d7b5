"""Many items, unkind receivers, and relays that are killed while they send: what came of it."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from tests.tracker.owing import endpoint, many, officer
from tests.tracker.receiving import FAILURES, Receiver, Sink, receiver, sink
from tracker.models import OutboxItem
from tracker.models.vocabulary import OutboxKind, OutboxState
from tracker.outbox import mail, secrets

ROOT = Path(__file__).resolve().parents[2]
ENDPOINTS, PEOPLE = 6, 3


@dataclass(frozen=True)
class Plan:
    """A drill: how many items and kills, in which way they are sent, by how many processes at once."""

    items: int
    kills: int
    how: str = "relay"
    processes: int = 2
    failing: float = 0.3
    pace: float = 3000.0
    lease: float = 4.0
    seconds: float = 1.0
    between: tuple[float, float] = (0.3, 1.0)
    patience: float = 300.0
    seed: int = 1


@dataclass
class Figures:
    """What came of it. `raw` are deliveries beyond the first of each id; `unsigned` those whose signature is wrong."""

    items: int
    sent: int = 0
    lost: int = 0
    strange: int = 0
    raw: int = 0
    unsigned: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    killed_at_work: int = 0
    seconds: float = 0.0

    def line(self) -> str:
        """The figures on one line."""
        failed = " ".join(f"{mode}={number}" for mode, number in sorted(self.failed.items()))
        return (
            f"items={self.items} sent={self.sent} lost={self.lost} strange_ids={self.strange} repeats={self.raw} "
            f"bad_signatures={self.unsigned} kills={self.kills} (with a lease held: {self.killed_at_work}) "
            f"failed_tries: {failed} seconds={self.seconds:.0f}"
        )


def drill(plan: Plan, environment: Mapping[str, str]) -> Figures:
    """Owe the items, relay and kill until all are settled (or `patience` is over), and compare with what arrived."""

    def mode(path: str, event: str, seen: int) -> str:
        """About so many of the first tries fail, each in one of the ways, and now and then the second too."""
        chance = random.Random(f"{plan.seed} {event} {seen}")  # noqa: S311
        return chance.choice(FAILURES) if seen < 2 and chance.random() < plan.failing else "200"

    def refuse(address: str, tried: int) -> str | None:
        chance = random.Random(f"{plan.seed} {address} {tried}")  # noqa: S311
        return "451 later" if chance.random() < plan.failing else None

    with receiver(mode) as there, sink(refuse) as post:
        secret = _owed(plan, there)
        began = time.monotonic()
        figures = Figures(items=plan.items)
        asked = {"how": plan.how, "began": time.time(), "pace": plan.pace, "lease": plan.lease, "seconds": plan.seconds}
        with _relays(plan, environment, asked, post.port) as running:
            _kill_and_wait(plan, figures, running, there, began)
        figures.seconds = time.monotonic() - began
        _compare(figures, there, post, secret)
    return figures


def _owed(plan: Plan, there: Receiver) -> str:
    """The items of the drill, and the secret of their receivers."""
    secret = secrets.new()
    endpoints = [endpoint(there.url(f"/{number}"), secret=secret, name=str(number)) for number in range(ENDPOINTS)]
    many(plan.items, endpoints, [officer(f"officer{number}@mfa.example.kz") for number in range(PEOPLE)])
    return secret


class _Running:
    """Relays, each replaced when it is killed. They are forks of one process that has loaded everything: a new one is
    at work at once, so that a kill strikes work and not a start."""

    def __init__(self, command: list[str], environment: Mapping[str, str], number: int) -> None:
        self.nursery = subprocess.Popen(
            command,
            env=dict(environment),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.processes = [self._start() for _ in range(number)]

    def _start(self) -> int:
        assert self.nursery.stdin
        assert self.nursery.stdout
        self.nursery.stdin.write("one more\n")
        self.nursery.stdin.flush()
        return int(self.nursery.stdout.readline())

    def kill(self, place: int) -> None:
        """Kill one as nothing can be caught, and start another."""
        os.kill(self.processes[place], signal.SIGKILL)
        self.processes[place] = self._start()

    def end(self) -> None:
        """Kill all."""
        for pid in self.processes:
            os.kill(pid, signal.SIGKILL)
        self.nursery.kill()
        self.nursery.communicate()


@contextmanager
def _relays(plan: Plan, environment: Mapping[str, str], asked: dict[str, Any], mail_port: int) -> Iterator[_Running]:
    more = {
        "WEBHOOK_HOSTS": "127.0.0.1",
        "WEBHOOK_NETWORKS": "127.0.0.0/8",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "LOG_LEVEL": "CRITICAL",
    }
    command = [sys.executable, "-m", "tests.tracker.relaying", json.dumps(asked)]
    running = _Running(command, {**environment, **more}, plan.processes)
    try:
        yield running
    finally:
        running.end()


def _kill_and_wait(plan: Plan, figures: Figures, running: _Running, there: Receiver, began: float) -> None:
    """Kill one relay after another, but none before something was sent since the last kill: one that is only starting
    has nothing to lose. Then wait until everything is settled."""
    chance, arrived = random.Random(plan.seed), 0  # noqa: S311
    turns = itertools.cycle(range(plan.processes))
    waiting = OutboxItem.objects.filter(state=OutboxState.WAITING)
    while waiting.exists() and time.monotonic() - began < plan.patience:
        time.sleep(0.05)
        if figures.kills < plan.kills and len(there.got) > arrived:
            time.sleep(chance.uniform(*plan.between))
            before = _leased()
            running.kill(next(turns))
            arrived = len(there.got)
            figures.kills += 1
            time.sleep(0.05)
            figures.killed_at_work += bool(before & _leased())


def _leased() -> set[int]:
    """What somebody has claimed and not settled."""
    return set(OutboxItem.objects.filter(leased_until__isnull=False).values_list("pk", flat=True))


def _compare(figures: Figures, there: Receiver, post: Sink, secret: str) -> None:
    items = list(OutboxItem.objects.all())
    expected = {_id(item) for item in items}
    arrived = there.taken() + post.ids()
    figures.sent = sum(item.state == OutboxState.SENT for item in items)
    figures.lost = len(expected - set(arrived))
    figures.strange = len(set(arrived) - expected)
    figures.raw = sum(arrived.values()) - len(arrived)
    figures.unsigned = sum(not _verifies(secret, each.body, each.headers) for each in there.got)
    figures.failed = Counter(each.mode for each in there.got if each.mode != "200")
    figures.failed["mail_451"] = sum(post.tried.values()) - len(post.got)


def _id(item: OutboxItem) -> str:
    return mail.message_id(item) if item.kind == OutboxKind.MAIL else str(item.event)


def _verifies(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    verifier = Webhook(secret)
    try:
        verifier.verify(body, headers)
    except WebhookVerificationError as error:
        return "too old" in str(error) and _signed_then(verifier, body, headers)
    return True


def _signed_then(verifier: Webhook, body: bytes, headers: dict[str, str]) -> bool:
    """A drill may take longer than a signature is good for: whether it was right when it came."""
    at = dt.datetime.fromtimestamp(int(headers["webhook-timestamp"]), dt.UTC)
    return verifier.sign(headers["webhook-id"], at, body.decode()) in headers["webhook-signature"].split(" ")
