"""The intake under fire: `bin/drill ingest`. Documents are read while workers and PostgreSQL are killed.

Afterwards every document must be on record once, with the words, clauses and commitments that a quiet parse of the
same bytes finds, and with its bytes; nothing partial, nothing that belongs to nothing, nothing given up. Then documents
are uploaded through the web server, each by many people at the same moment: each must be on record once. The controls
store without the one transaction, and look first and store then: both must fail, or this drill proves nothing.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.drill.ingest_comparing import Kept, expected, on_record, orphans
from tests.drill.ingest_documents import POISON, write
from tests.drill.ingest_uploading import Officers, Together, together
from tests.drill.rig import ROOT, Rig, rig, wait_until

# Where the sessions come from that read just now, those first that are at storing.
_READERS = """
SELECT a.client_port, s.pid IS NOT NULL FROM pg_locks l JOIN pg_stat_activity a USING (pid)
LEFT JOIN pg_locks s ON s.pid = l.pid AND s.locktype = 'advisory' AND s.objid = 7301002 AND s.objsubid = 1 AND s.granted
WHERE l.locktype = 'advisory' AND l.classid = 7301003 AND l.objsubid = 2 AND l.granted
ORDER BY s.pid IS NULL, random() LIMIT 1"""
_MOVING = "SELECT count(*) FROM tracker_upload WHERE state IN ('waiting', 'reading')"
_DONE = "SELECT count(*) FROM tracker_upload WHERE state = 'done'"
_BROKEN_OFF = "SELECT coalesce(sum(attempts - 1), 0) FROM tracker_upload WHERE attempts > 1"
# From the beginning of a reading that broke off to the beginning of the next.
_LONGEST = """
SELECT coalesce(extract(epoch FROM max((after->>'started_at')::timestamptz - (before->>'started_at')::timestamptz)), 0)
FROM audit.entry WHERE model = 'tracker.upload' AND before->>'state' IS NULL AND before->>'started_at' IS NOT NULL"""
_CARELESS = "tests.drill.ingest_careless"


@dataclass(frozen=True)
class Faults:
    """How often each is killed."""

    workers: int
    databases: int


@dataclass(frozen=True)
class Outcome:
    """What the drill counted."""

    documents: int
    whole: int
    partial: int
    missing: int
    surplus: int
    orphans: int
    given_up: int
    kills: int
    storing: int
    broken_off: int
    longest: float
    seconds_after: float
    seconds: float

    @property
    def right(self) -> bool:
        """Whether every document is wholly there, once, and nothing else is."""
        wrong = self.partial or self.missing or self.surplus or self.orphans or self.given_up
        return self.whole == self.documents and not wrong

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.storing} of them into a store, {self.broken_off} readings broken off:"
            f" of {self.documents} documents {self.whole} whole, {self.partial} partial, {self.missing} missing,"
            f" {self.surplus} too many, {self.orphans} orphans, {self.given_up} given up; a broken reading was begun"
            f" anew after {self.longest:.0f} s at most; complete {self.seconds_after:.0f} s after the last fault"
            f" ({self.seconds:.0f} s in all)"
        )


class Place:
    """An installation to break, the people who bring documents in, and its two workers."""

    def __init__(self, broken: Rig, officers: Officers) -> None:
        self.rig, self.officers, self._stages = broken, officers, 0

    def begin(self, documents: int, careless: str = "") -> list[Path]:
        """Forget what is on record, let other workers begin, and write so many documents."""
        for worker in self.rig.workers:
            worker.kill()
        self.rig.workers.clear()
        with self.rig.connect() as session:
            session.execute("TRUNCATE tracker_instrument, tracker_upload CASCADE")
        self.rig.environment["CARELESS"] = careless
        for _ in range(2):
            self.rig.start_worker("sweep,ingest", app=_CARELESS if careless else "config")
        self._stages += 1
        return write(self.rig.place / f"documents-{self._stages}", documents)

    def settle(self) -> float:
        """Wait until everything is read; after how many seconds it was."""
        began = time.monotonic()
        wait_until(lambda: not self.rig.query(_MOVING), 900, every=0.5)
        return time.monotonic() - began


@contextmanager
def place(people: int, ring: int = 60) -> Iterator[Place]:
    """An installation with so many people, whose sweep rings each `ring` seconds for what is to be read (60 as the
    product does). A process of the product brings documents in for the first of the people."""
    with rig(SWEEP_SECONDS=str(ring)) as broken:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.drill.ingest_bringing"],
            cwd=ROOT,
            env=broken.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            broken.start_beat()
            yield Place(broken, Officers(process, people))
        finally:
            process.kill()
            process.communicate()


def run(where: Place, documents: int, faults: Faults, seed: int = 1, *, careless: bool = False) -> Outcome:
    """Let so many documents come while the faults strike, and compare; `careless` is the control."""
    chance, began = random.Random(seed), time.monotonic()  # noqa: S311  (no secret)
    files = where.begin(documents, "unwhole" if careless else "")
    plan = ["worker"] * faults.workers + ["database"] * faults.databases
    chance.shuffle(plan)
    portion, striker = -(-documents // (len(plan) + 1)), _Striker(where.rig, chance)
    for turn, fault in enumerate([*plan, ""]):
        where.officers.bring(files[turn * portion : (turn + 1) * portion])
        if fault:
            striker.strike(fault)
    after = where.settle()
    return _counted(where.rig, expected(files), striker, after, time.monotonic() - began)


def upload(where: Place, documents: int, *, careless: bool = False) -> Together:
    """Upload so many documents through the web server, each by everybody at once; `careless` is the control."""
    files = where.begin(documents, "unlocked" if careless else "")
    if careless:
        with where.rig.connect() as session:
            session.execute("ALTER TABLE tracker_text DROP CONSTRAINT tracker_text_sha256_key")
    return together(where.rig, where.officers, files, where.settle)


def poisoned(where: Place, documents: int) -> list[tuple[str, str, int]]:
    """Let so many documents come, the first of which kills every worker that reads it; of each its state, why it was
    not read, and how often its reading was begun."""
    files = where.begin(documents, "poisoned")
    files[0] = files[0].rename(files[0].with_name(POISON))
    where.officers.bring(files)
    where.settle()
    with where.rig.connect() as session:
        return session.execute(
            "SELECT state, coalesce(fault->>'code', ''), attempts FROM tracker_upload ORDER BY id"
        ).fetchall()


class _Striker:
    """Kills at some moment of a reading; every other time at a store, where one comes soon."""

    def __init__(self, broken: Rig, chance: random.Random) -> None:
        self._rig, self._chance, self._done = broken, chance, 0
        self.kills = self.storing = 0

    def strike(self, fault: str) -> None:
        """Kill what the fault names, but not before a reading has ended since the last time: what is only starting has
        nothing to lose."""
        wait_until(lambda: self._rig.query(_DONE) > self._done or self._idle(), 60, every=0.02)
        self._done = self._rig.query(_DONE)
        time.sleep(self._chance.uniform(0, 0.3))
        port, storing = self._reader(at_store=self._chance.random() < 0.5)
        self.kills += 1
        self.storing += storing
        if fault == "database":
            self._rig.restart(self._rig.database)
        # One time in ten the whole worker, else the process that reads: another is there at once.
        elif self._chance.random() < 0.1 or not self._rig.kill_session(port):
            self._rig.restart(self._chance.choice(self._rig.workers))

    def _reader(self, *, at_store: bool) -> tuple[int, bool]:
        """Where somebody who reads comes from, and whether he is storing; (0, False) where nobody does."""
        found = (0, False)
        with self._rig.connect() as session:

            def seen() -> bool:
                nonlocal found
                found = session.execute(_READERS).fetchone() or (0, False)
                return found[1] if at_store else found[0] > 0

            wait_until(lambda: seen() or self._idle(), 1 if at_store else 60, every=0.002)
        return found

    def _idle(self) -> bool:
        return not self._rig.query(_MOVING)


def _counted(broken: Rig, wanted: dict[str, Kept], struck: _Striker, after: float, seconds: float) -> Outcome:
    with broken.connect() as session:
        found, left = on_record(session), orphans(session)
    times = Counter(sha256 for sha256, _ in found)
    return Outcome(
        documents=len(wanted),
        whole=sum(wanted.get(sha256) == kept for sha256, kept in found),
        partial=sum(sha256 in wanted and wanted[sha256] != kept for sha256, kept in found),
        missing=len(wanted.keys() - times.keys()),
        surplus=int(broken.query("SELECT count(*) FROM tracker_instrument")) - len(wanted.keys() & times.keys()),
        orphans=left,
        given_up=int(broken.query("SELECT count(*) FROM tracker_upload WHERE state <> 'done'")),
        kills=struck.kills,
        storing=struck.storing,
        broken_off=int(broken.query(_BROKEN_OFF)),
        longest=float(broken.query(_LONGEST)),
        seconds_after=after,
        seconds=seconds,
    )


def main() -> None:
    """The whole drill, and its controls."""
    parser = argparse.ArgumentParser(prog="bin/drill ingest", description=__doc__)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--workers", type=int, default=100)
    parser.add_argument("--databases", type=int, default=20)
    parser.add_argument("--uploaded", type=int, default=100, help="documents that many people upload at once")
    parser.add_argument("--times", type=int, default=50, help="how many people do")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}", flush=True)
    with place(people=wanted.times) as where:
        outcome = run(where, wanted.documents, Faults(wanted.workers, wanted.databases), wanted.seed)
        print(outcome, flush=True)
        once = upload(where, wanted.uploaded)
        print(once, flush=True)
        stopped = poisoned(where, 20)
        print(f"a document that kills every worker: {stopped[0]}; the others: {sorted(set(stopped[1:]))}", flush=True)
        careless = run(where, 60, Faults(12, 0), wanted.seed, careless=True)
        print(f"control, without the one transaction: {careless}", flush=True)
        doubled = upload(where, 5, careless=True)
        print(f"control, looking first and storing then: {doubled}", flush=True)
    right = outcome.right and once.right and stopped[0][0] == "failed" and {each[0] for each in stopped[1:]} == {"done"}
    raise SystemExit(0 if right and careless.partial and doubled.surplus else 1)


if __name__ == "__main__":
    main()
