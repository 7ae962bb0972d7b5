"""Silent stops: `bin/drill stops`. Each thing that can stop without a word is stopped, in an installation that runs.

For each, `manage.py follow_up_health` must say so by its exit status, within its time, in a sentence that names the
cause; and be content again when it is cured. Before and between all is well, and it must say that too (the control: a
watch that always alarms would pass the rest). The times are settings, here seconds instead of minutes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from celery import Celery

from config.servers.home import free_port
from config.servers.parts import Part, living_in
from tests.drill.redis_away import people
from tests.drill.rig import ROOT, Rig, rig, wait_until

SWEPT, WAITED = 10, 15
"""The bounds that are set here, in seconds: of the last sweep (by default 300) and of what waits (1800)."""

_SLACK = 45.0
"""Seconds for the question itself, which starts a process, and for the part that stops or starts."""

_PATIENCE = 90
"""Seconds for an answer of the watch."""

_FREE, _FILLED = 2_000_000_000, 5_000_000_000
"""Bytes that may be used up by others while this runs, and those that fill the disk beyond the bound."""

_OWED = """
INSERT INTO tracker_outboxitem (event, kind, event_type, person_id, body, made_at, next_try_at)
VALUES (gen_random_uuid(), 'mail', 'digest', %s, '{"subject": "To do", "text": "One is overdue."}', now(), now())"""

_AGAIN = "UPDATE tracker_outboxitem SET next_try_at = now() WHERE state = 'waiting'"


@dataclass
class Here:
    """The installation, its people, the port of its mail server, and where its files lie."""

    rig: Rig
    ids: dict[str, int]
    mail_port: int
    files: Path

    def asked(self) -> tuple[int, str]:
        """What the watch answers: its exit status and its alarms."""
        command = [sys.executable, "manage.py", "follow_up_health"]
        asking = {"cwd": ROOT, "env": self.rig.environment, "capture_output": True, "text": True}
        try:
            done = subprocess.run(command, check=False, timeout=_PATIENCE, **asking)  # type: ignore[call-overload]
        except subprocess.TimeoutExpired:  # as systemd does, which counts it as an alarm
            return 124, f"ALARM: no answer within {_PATIENCE} s"
        return done.returncode, " ".join(line for line in done.stderr.splitlines() if line.startswith("ALARM"))

    def run(self, code: str) -> None:
        """Run this inside the installation."""
        self.rig.manage("shell", "-v0", "-c", code)

    def execute(self, statement: str, *parameters: object) -> None:
        """Run a statement as the owner."""
        with self.rig.connect() as session:
            session.execute(statement, parameters or None)

    def owe_a_mail(self) -> None:
        """Something that waits for the mail server."""
        self.execute(_OWED, self.ids["person"])

    def ring(self, task: str) -> None:
        """Ring for a task that beat rings too seldom for a drill."""
        bell = Celery(broker=self.rig.environment["REDIS_URL"], set_as_current=False)
        bell.conf.broker_transport_options = {"global_keyprefix": "pacta:"}
        bell.send_task(f"tracker.tasks.{task}", queue="sweep")


@dataclass(frozen=True)
class Stop:
    """One silent stop: a context in which it is stopped, the words that must be told, the status, the seconds."""

    name: str
    stopped: Callable[[Here], object]
    says: str
    within: float = SWEPT
    status: int = 1


@contextmanager
def _dead(part: Part) -> Iterator[None]:
    part.kill()
    yield
    part.start()


@contextmanager
def _frozen(pids: Sequence[int]) -> Iterator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@contextmanager
def _read_only(here: Here) -> Iterator[None]:
    here.execute("ALTER SYSTEM SET default_transaction_read_only = on")
    here.execute("SELECT pg_reload_conf()")
    yield
    with here.rig.connect() as session:
        session.execute("SET default_transaction_read_only = off")
        session.execute("ALTER SYSTEM RESET default_transaction_read_only")
        session.execute("SELECT pg_reload_conf()")


@contextmanager
def _full(here: Here) -> Iterator[None]:
    filling = here.files / "filling"
    with filling.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, _FILLED)
    yield
    filling.unlink()


@contextmanager
def _no_mail(here: Here, *, listening: bool) -> Iterator[None]:
    """Nobody at the mail server's door, or somebody who never says a word."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if listening:
            door.bind(("127.0.0.1", here.mail_port))
            door.listen(64)
        here.owe_a_mail()
        yield
    with _mail(here.mail_port):
        here.execute(_AGAIN)  # as "send again" does; by itself it would go with the next try, minutes later
        wait_until(lambda: not here.rig.query("SELECT count(*) FROM tracker_outboxitem WHERE state = 'waiting'"), 60)


class _Taking:
    """A mail server's handler that takes everything."""

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802  (aiosmtpd's name)
        return "250 taken"


@contextmanager
def _mail(port: int) -> Iterator[None]:
    server = Controller(_Taking(), hostname="127.0.0.1", port=port)
    server.start()
    yield
    server.stop()


@contextmanager
def _reminders_fail(here: Here) -> Iterator[None]:
    """Somebody is owed a reminder, and the task that writes it fails at each ring."""
    here.execute("REVOKE INSERT ON tracker_digest FROM pacta_runtime")
    here.run(
        "from tests.tracker.makers import make_commitment; from tracker.models import CalendarDay, Person, Text; "
        "from tracker.models.days import ministry_day; from django.utils import timezone; import datetime as dt; "
        "today = ministry_day(timezone.now()); day = dt.timedelta(days=1); "
        "CalendarDay.objects.create(on=today, works=True, name='Drill'); "
        f"make_commitment(due_on=today - day, read_on=today - day, made_on=today - day, "
        f"officer=Person.objects.get(pk={here.ids['person']}), text=Text.objects.get(pk={here.ids['text']})); "
        "from tracker.history import chain; chain.seal()"
    )
    here.ring("remind")
    yield
    here.execute("GRANT INSERT ON tracker_digest TO pacta_runtime")
    with _mail(here.mail_port):
        here.ring("remind")
        here.run("from tracker.history import chain; chain.seal()")
        wait_until(lambda: bool(here.rig.query("SELECT count(*) FROM tracker_digest")), 60)
        time.sleep(3 * WAITED)
        here.run("from tracker.history import chain; chain.seal()")


STOPS = (
    Stop("beat dead", lambda here: _dead(here.rig.beats[0]), "Beat is not connected to Redis"),
    Stop(
        "beat hangs",
        lambda here: _frozen(living_in(here.rig.beats[0].cwd)),
        "Beat has rung nobody",
        within=SWEPT + 10,
    ),
    Stop("worker dead", lambda here: _dead(here.rig.workers[0]), "No worker is connected to Redis"),
    Stop("worker deaf", lambda here: _frozen(living_in(here.rig.workers[0].cwd)), "no worker takes them"),
    Stop("Redis gone", lambda here: _dead(here.rig.broker), "Redis does not answer"),
    Stop(
        "Redis hangs",
        lambda here: _frozen(living_in(here.rig.broker.cwd)),
        "it takes connections and answers none",
    ),
    Stop("PostgreSQL gone", lambda here: _dead(here.rig.database), "PostgreSQL does not answer", within=0, status=2),
    Stop(
        "PostgreSQL hangs",
        lambda here: _frozen(living_in(here.rig.database.cwd)),
        "PostgreSQL does not answer",
        within=0,
        status=2,
    ),
    Stop("PostgreSQL read-only", _read_only, "PostgreSQL takes no changes", within=0),
    Stop("disk full", _full, "MB are free at", within=0),
    Stop(
        "mail server refuses",
        lambda here: _no_mail(here, listening=False),
        "the mail server can't be used: ConnectionRefusedError",
        within=WAITED,
    ),
    Stop(
        "mail server hangs",
        lambda here: _no_mail(here, listening=True),
        "the mail server can't be used: SMTPServerDisconnected",
        within=WAITED,
    ),
    Stop("reminders fail", _reminders_fail, "is owed a reminder that was not written", within=WAITED),
)


@dataclass
class Outcome:
    """What came of each stop: the seconds until it was told and until all was well again, and what was told; `faults`
    are bounds that were broken, `calm` the answers while all was well."""

    calm: list[int] = field(default_factory=list)
    told: dict[str, tuple[float, float, str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        """Whether every stop was told, and nothing else."""
        return not self.faults and not any(self.calm) and bool(self.calm)

    def __str__(self) -> str:
        lines = [
            f"{name}: told after {told:.0f} s, well {well:.0f} s after the cure: {words}"
            for name, (told, well, words) in self.told.items()
        ]
        calm = f"while all was well: asked {len(self.calm)} times, {sum(map(bool, self.calm))} false alarms"
        return "\n".join([*lines, calm, *self.faults])


def run(names: Sequence[str] = (), quiet: float = 3 * SWEPT) -> Outcome:
    """Try these stops, or all, after so many seconds in which nothing has stopped."""
    outcome = Outcome()
    with _installation() as here:
        if not wait_until(lambda: here.asked()[0] == 0, 90):
            outcome.faults.append(f"it never was well: {here.asked()}")
            return outcome
        until = time.monotonic() + quiet
        while time.monotonic() < until:
            _calm(here, outcome)
        for stop in STOPS:
            if not names or stop.name in names:
                _try(here, stop, outcome)
                _calm(here, outcome)
    return outcome


def _calm(here: Here, outcome: Outcome) -> None:
    status, told = here.asked()
    outcome.calm.append(status)
    if status:
        outcome.faults.append(f"false alarm: {told}")


def _try(here: Here, stop: Stop, outcome: Outcome) -> None:
    began = time.monotonic()
    with stop.stopped(here):  # type: ignore[attr-defined]
        told = _asked_until(here, lambda status, words: status == stop.status and stop.says in words, stop.within)
        alarmed = time.monotonic() - began
    cured = time.monotonic()
    well = _asked_until(here, lambda status, _: status == 0, SWEPT)
    outcome.told[stop.name] = (alarmed, time.monotonic() - cured, told or "nothing")
    if told is None:
        outcome.faults.append(f"{stop.name}: not told within {stop.within + _SLACK:.0f} s but {here.asked()}")
    if well is None:
        outcome.faults.append(f"{stop.name}: not well again after the cure: {here.asked()}")
    print(f"{stop.name}: {outcome.told[stop.name]}", flush=True)


def _asked_until(here: Here, right: Callable[[int, str], bool], within: float) -> str | None:
    """Ask until the answer is right: what was told; None where it never was in time."""
    until, last = time.monotonic() + within + _SLACK, (0, "")
    while time.monotonic() < until:
        last = here.asked()
        if right(*last):
            return last[1]
    print(f"  the last answer was {last}", flush=True)
    return None


@contextmanager
def _installation() -> Iterator[Here]:
    """Worker, beat, PostgreSQL and Redis, where it is noon on a working day; the mail server is the stops' to run."""
    hour, port = dt.datetime.now(dt.UTC).hour, free_port()
    zone = f"Etc/GMT{hour - 12:+d}" if hour != 12 else "Etc/GMT"
    with tempfile.TemporaryDirectory(prefix="pacta-stops-") as name:
        free = (shutil.disk_usage(name).free - _FREE) // 1_000_000
        with rig(
            SWEEP_SECONDS="2",
            OUTBOX_SECONDS="2",
            HEALTH_SWEEP_SECONDS=str(SWEPT),
            HEALTH_WAITING_SECONDS=str(WAITED),
            HEALTH_FREE_MEGABYTES=str(free),
            PACTA_HOME=name,
            MINISTRY_TIME_ZONE=zone,
            EMAIL_URL=f"smtp://127.0.0.1:{port}",
            LOG_LEVEL="WARNING",
        ) as broken:
            here = Here(broken, people(broken, secrets.token_urlsafe(16)), port, Path(name))
            here.run("from tracker.history import chain; chain.seal()")
            broken.start_worker("sweep,ingest,outbox")
            broken.start_beat()
            yield here


def main() -> None:
    """All of them."""
    parser = argparse.ArgumentParser(prog="bin/drill stops", description=__doc__)
    parser.add_argument("--only", action="append", default=[], choices=[stop.name for stop in STOPS])
    outcome = run(parser.parse_args().only)
    print(outcome)
    raise SystemExit(0 if outcome.right else 1)


if __name__ == "__main__":
    main()
