"""An installation to break: real servers of its own, workers and beats, and the means to kill each of them.

PostgreSQL writes to the disk as in production (fsync on); Redis keeps nothing, so that its death loses every message.
A kill -9 of PostgreSQL tells nothing of a power cut: what the system has taken over is not lost with the process.
"""

from __future__ import annotations

import contextlib
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from config import processes
from config.servers import postgres, redis
from config.servers.home import PROJECT, free_port
from config.servers.parts import Part, living_in
from config.servers.programs import account, postgres_tree, redis_server

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Rig:
    """The parts of one installation, by name, and how to reach its database as the owner of the tables."""

    place: Path
    environment: dict[str, str]
    database: Part
    broker: Part
    workers: list[Part] = field(default_factory=list)
    beats: list[Part] = field(default_factory=list)
    webs: list[Part] = field(default_factory=list)

    @property
    def owner(self) -> str:
        """The owner's address of the database."""
        return self.environment["DATABASE_OWNER_URL"]

    def connect(self, patience: float = 60) -> psycopg.Connection[Any]:
        """A session as the owner, in autocommit; waits while PostgreSQL is away."""
        until = time.monotonic() + patience
        while True:
            try:
                return psycopg.connect(self.owner, autocommit=True, connect_timeout=2)
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def query(self, statement: str, *parameters: object) -> Any:
        """The first column of the first row; tried again while PostgreSQL is away."""
        until = time.monotonic() + 60
        while True:
            try:
                with self.connect() as session:
                    row = session.execute(statement, parameters or None).fetchone()  # type: ignore[arg-type]
                    return row[0] if row else None
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise

    def manage(self, *arguments: str) -> None:
        """Run a command of manage.py."""
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, check=True)

    def start_worker(self, queues: str, app: str = "config") -> None:
        """One more worker, for some queues; of another Celery application where a control wants one."""
        arguments = processes.worker(concurrency=2)
        arguments[arguments.index("--queues") + 1] = queues
        arguments[arguments.index("-A") + 1] = app
        self.workers.append(self._start(f"worker-{len(self.workers)}", arguments))

    def start_beat(self) -> None:
        """One more beat."""
        self.beats.append(self._start(f"beat-{len(self.beats)}", processes.beat()))

    def start_web(self) -> int:
        """The web server as the product starts it; its port on this machine, where it answers."""
        port = free_port()
        self.webs.append(self._start(f"web-{len(self.webs)}", processes.web(f"127.0.0.1:{port}")))
        self.webs[-1].wait_until(lambda: processes.answers(port), seconds=60)
        return port

    def kill_child(self, worker: Part, chance: random.Random) -> bool:
        """SIGKILL one of the processes that do a worker's work; False where there is none."""
        children = [pid for pid in living_in(worker.cwd) if worker.process and pid != worker.process.pid]
        if not children:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(chance.choice(children), signal.SIGKILL)
        return True

    def kill_session(self, port: int) -> bool:
        """SIGKILL the process of a worker whose connection to PostgreSQL leaves from this port; False where there is
        none."""
        listed = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
        # A connection's own side and its inode; a socket that nobody owns any more has 0.
        inodes = {f"socket:[{each[9]}]" for each in listed if int(each[1].partition(":")[2], 16) == port}
        for pid in (pid for worker in self.workers for pid in living_in(worker.cwd)):
            with contextlib.suppress(OSError):
                if any(str(each.readlink()) in inodes for each in Path(f"/proc/{pid}/fd").iterdir()):
                    os.kill(pid, signal.SIGKILL)
                    return True
        return False

    def restart(self, part: Part) -> None:
        """SIGKILL a part with everything below it, and start it again."""
        part.kill()
        part.start()
        if part is self.database:
            self.connect().close()

    def stop(self) -> None:
        """End everything."""
        for part in (*self.webs, *self.beats, *self.workers, self.broker, self.database):
            part.kill()

    def _start(self, name: str, arguments: list[str]) -> Part:
        part = Part(
            name=name,
            argv=[sys.executable, "-m", *arguments],
            cwd=self.place / "work" / name,
            log=self.place / "logs" / f"{name}.log",
            env={**self.environment, "PYTHONPATH": str(PROJECT)},
        )
        part.start()
        return part


@contextlib.contextmanager
def rig(**settings: str) -> Iterator[Rig]:
    """A new installation with its tables; gone afterwards. `settings` are more variables of its environment."""
    with tempfile.TemporaryDirectory(prefix="pacta-drill-", ignore_cleanup_errors=True) as name:
        place = Path(name)
        if account():
            place.chmod(0o711)
        password, runtime, key = (secrets.token_urlsafe(16) for _ in range(3))
        port, broker_port = free_port(), free_port()
        tree, data, log = postgres_tree(place / "programs"), place / "postgres", place / "logs/postgres.log"
        database = postgres.start(tree, data, log, port=port, password=password, runtime_password=runtime)
        program, data, log = (
            redis_server(place / "programs", prefer_path=True),
            place / "redis",
            place / "logs/redis.log",
        )
        broker = redis.start(program, data, log, port=broker_port, password=password, durable=False)
        environment = {
            **os.environ,
            "DATABASE_URL": postgres.url(port, runtime, role=postgres.RUNTIME),
            "DATABASE_OWNER_URL": postgres.url(port, password),
            "REDIS_URL": redis.url(broker_port, password),
            "SECRET_KEY": key * 3,
            "HTTPS": "false",
            "PACTA_HOME": str(place / "home"),
            **settings,
        }
        made = Rig(place, environment, database, broker)
        try:
            made.manage("migrate", "-v0")
            yield made
        finally:
            made.stop()


def wait_until(true: Callable[[], bool], seconds: float, every: float = 0.2) -> bool:
    """Whether it became true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(every)
    return False
