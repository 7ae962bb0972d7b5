"""The sweep under fire: `bin/drill sweep`. Commitments fall due while workers, beats, PostgreSQL and Redis are killed.

Afterwards the flags must be exactly those that a plain query over the commitments expects, each once, and as many
items in the outbox and entries in the history. The control does the same work by looking first and writing then, in
two threads without keys or locks: it must fail, or this drill proves nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import threading
import time
from dataclasses import dataclass

import psycopg

from tests.drill.rig import ROOT, Rig, rig, wait_until

_ADD = """
INSERT INTO tracker_commitment (text_id, counted, start, "end", title, force, due_on, due_text, due_precision, due_rule,
    due_why, recurrence, awaiting_date, why, inferred, parser_version, read_on, review, reviewed_by_id, reviewed_at,
    status, status_on, made_on, version)
SELECT (SELECT min(id) FROM tracker_text), true, n, n + 1, 'Line ' || n, 'commitment',
    CASE WHEN n %% 13 < 10 OR n %% 13 = 12 THEN %(today)s::date - 1 - n %% 300 ELSE %(today)s::date + 2000 END, '',
    'day', '', '', '', false, '', false, '1', %(today)s::date, 'confirmed', (SELECT min(id) FROM auth_user), now(),
    CASE WHEN n %% 13 = 12 THEN 'fulfilled' ELSE 'not_started' END, %(today)s::date, %(today)s::date, 1
FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""
# Of thirteen commitments ten are due, two are due in years, one is kept.

_EXPECTED = "SELECT id, due_on FROM tracker_commitment WHERE due_on < %s AND status = 'not_started'"
_FLAGGED = "SELECT commitment_id, occasion FROM tracker_followup WHERE reason = 'overdue' AND state = 'open'"
_AT_WORK = """SELECT EXISTS (SELECT FROM pg_stat_activity WHERE usename = 'pacta_runtime' AND state <> 'idle'
    AND query ILIKE '%%tracker_followup%%')"""


@dataclass(frozen=True)
class Faults:
    """How often each is killed."""

    workers: int
    beats: int
    databases: int
    brokers: int


@dataclass(frozen=True)
class Outcome:
    """What the drill counted."""

    expected: int
    lost: int
    surplus: int
    outbox: int
    history: int
    kills_at_work: int
    kills: int
    seconds_after: float
    seconds: float

    @property
    def right(self) -> bool:
        """Whether nothing was lost and nothing doubled."""
        return not self.lost and not self.surplus and self.expected == self.outbox == self.history

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.kills_at_work} of them into a sweep: {self.expected} expected,"
            f" {self.lost} lost, {self.surplus} too many, outbox {self.outbox}, history {self.history};"
            f" complete {self.seconds_after:.0f} s after the last fault ({self.seconds:.0f} s in all)"
        )


def run(commitments: int, faults: Faults, seed: int = 1) -> Outcome:
    """Let so many commitments come while the faults strike, and count."""
    chance, began = random.Random(seed), time.monotonic()  # noqa: S311  (no secret)
    today = dt.datetime.now(dt.UTC).date()  # the drill's zone is UTC
    with rig(SWEEP_SECONDS="1", MINISTRY_TIME_ZONE="UTC") as broken:
        _prepare(broken)
        for _ in range(2):
            broken.start_worker("sweep")
            broken.start_beat()
        plan = ["worker"] * faults.workers + ["beat"] * faults.beats
        plan += ["database"] * faults.databases + ["broker"] * faults.brokers
        chance.shuffle(plan)
        portion, at_work, came = -(-commitments // (len(plan) + 1)), 0, 0
        for fault in [*plan, ""]:
            last = min(came + portion, commitments)
            if last > came:
                _add(broken, came + 1, last, today)
            came = last
            at_work += _strike(broken, fault, chance)
        struck = time.monotonic()
        expected = set(_rows(broken, _EXPECTED, today))
        wait_until(lambda: len(_rows(broken, _FLAGGED)) >= len(expected), 300, every=1)
        after = time.monotonic() - struck
        time.sleep(3)  # two more sweeps: is anything raised that must not be?
        flagged = _rows(broken, _FLAGGED)
        return Outcome(
            expected=len(expected),
            lost=len(expected - set(flagged)),
            surplus=len(flagged) - len(expected & set(flagged)),
            outbox=broken.query("SELECT count(*) FROM tracker_outboxitem WHERE event_type = 'followup.raised'"),
            history=broken.query(
                "SELECT count(*) FROM audit.entry WHERE model = 'tracker.followup' AND action = 'insert'"
            ),
            kills_at_work=at_work,
            kills=len(plan),
            seconds_after=after,
            seconds=time.monotonic() - began,
        )


def control(commitments: int) -> int:
    """The duplicates of two threads that look what is not flagged and then flag it, without keys or locks."""
    with rig() as plain:
        with plain.connect() as session:
            session.execute("CREATE TABLE due AS SELECT generate_series(1, %s) AS id" % commitments)  # noqa: UP031
            session.execute("CREATE TABLE flag (commitment_id integer)")

        def naive() -> None:
            with plain.connect() as session:
                missing = "SELECT id FROM due WHERE id NOT IN (SELECT commitment_id FROM flag) ORDER BY id LIMIT 500"
                while rows := session.execute(missing).fetchall():
                    with session.cursor() as cursor:
                        cursor.executemany("INSERT INTO flag VALUES (%s)", rows)

        threads = [threading.Thread(target=naive) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return int(plain.query("SELECT count(*) - count(DISTINCT commitment_id) FROM flag"))


def _prepare(broken: Rig) -> None:
    """A user, a text, and a receiver of webhooks that no worker of this drill sends to."""
    with broken.connect() as session:
        session.execute(
            "INSERT INTO auth_user (username, password, is_superuser, first_name, last_name, email, is_staff,"
            " is_active, date_joined) VALUES ('drill', '!', false, '', '', '', false, true, now())"
        )
    broken.manage("ingest", str(ROOT / "tracker/samples/specimen-statement-en.txt"))
    with broken.connect() as session:
        session.execute(
            "UPDATE tracker_commitment SET status = 'waived', status_on = made_on, review = 'confirmed',"
            " reviewed_by_id = (SELECT min(id) FROM auth_user), reviewed_at = now()"
        )
        session.execute(
            "INSERT INTO tracker_webhookendpoint (name, url, events, secret, previous_secret, enabled, made_by_id,"
            " made_at) SELECT 'drill', 'https://example.org/', '{followup.raised}', '-', '', true, min(id), now()"
            " FROM auth_user"
        )
        session.execute("TRUNCATE tracker_touched")
    broken.manage("sweep")


def _add(broken: Rig, first: int, last: int, today: dt.date) -> None:
    """A portion of commitments; tried again where PostgreSQL went away before it answered, unless it is there."""
    while True:
        try:
            with broken.connect() as session:
                if not session.execute("SELECT FROM tracker_commitment WHERE start = %s", [first + 10**6]).fetchone():
                    session.execute(_ADD, {"first": first + 10**6, "last": last + 10**6, "today": today})
                return
        except psycopg.OperationalError:
            continue


def _strike(broken: Rig, fault: str, chance: random.Random) -> bool:
    """Kill what the fault names, if it can be while a sweep is at work; whether one was."""
    if not fault:
        return False
    at_work = wait_until(lambda: bool(broken.query(_AT_WORK)), 3, every=0.005)
    if fault == "database":
        broken.restart(broken.database)
    elif fault == "broker":
        broken.restart(broken.broker)
    elif fault == "beat":
        broken.restart(chance.choice(broken.beats))
    else:
        worker = chance.choice(broken.workers)
        # One time in ten the whole worker, else one of its processes: that is up again at once.
        if chance.random() < 0.1 or not broken.kill_child(worker, chance):
            broken.restart(worker)
    return at_work


def _rows(broken: Rig, statement: str, *parameters: object) -> list[tuple[object, ...]]:
    with broken.connect() as session:
        return session.execute(statement, parameters or None).fetchall()  # type: ignore[arg-type]


def main() -> None:
    """The whole drill, and its control."""
    parser = argparse.ArgumentParser(prog="bin/drill sweep", description=__doc__)
    parser.add_argument("--commitments", type=int, default=130_000)
    parser.add_argument("--workers", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}")
    outcome = run(wanted.commitments, Faults(wanted.workers, 20, 20, 8), wanted.seed)
    print(outcome)
    doubled = control(20_000)
    print(f"control, looking first and writing then: {doubled} duplicates")
    raise SystemExit(0 if outcome.right and doubled else 1)


if __name__ == "__main__":
    main()
