"""`bin/run` for real: starts, refuses a twin, survives the death of each part and of itself, stops cleanly."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.processes import answers
from config.servers.home import PROJECT, free_port
from config.servers.parts import living_in

SERVERS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")
PARTS = ("work/web-server", "work/worker", "work/beat", "servers/redis", "servers/postgres")
PATIENCE = 120.0


class Run:
    """One home, and `bin/run` in it (without the installing part: this interpreter has the packages)."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if name not in SERVERS}
        self.environment = {**kept, "PACTA_HOME": str(home), "PACTA_PORT": str(self.port), "PYTHONPATH": str(PROJECT)}
        self.process: subprocess.Popen[str] | None = None

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "config.start", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start(self, *arguments: str) -> str:
        """Start and return what was printed until everything runs."""
        self.process = self.command(*arguments)
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "Ctrl-C stops everything" in line:
                return "".join(said)
        pytest.fail("did not start:\n" + "".join(said))

    def directory(self, part: str) -> Path:
        if not part.startswith("servers/"):
            return self.home / part
        values = json.loads((self.home / "secrets.json").read_text())
        return Path(values["servers"]) / part.removeprefix("servers/")

    def living(self, part: str) -> list[int]:
        return sorted(living_in(self.directory(part)))


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    run = Run(tmp_path / "home")
    yield run
    if run.process is not None:
        run.process.kill()
        run.process.communicate()
    secrets = run.home / "secrets.json"
    if secrets.exists():
        for part in PARTS:
            for pid in run.living(part):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(run.directory("servers/postgres").parent, ignore_errors=True)


def eventually(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < end:
        time.sleep(0.1)
    return true()


def test_it_outlives_each_of_its_parts_and_itself(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "visit.txt"
    text.write_text("Joint Statement\n\n1. The Parties will open a consulate in Baku by 1 March 2024.\n")
    first = run.start(str(text))
    assert "password" in first
    assert f"http://127.0.0.1:{run.port}/" in first

    twin = run.command()
    said, _ = twin.communicate(timeout=PATIENCE)
    assert twin.returncode == 2
    assert f"already running from {run.home}, at http://127.0.0.1:{run.port}/" in said

    for part in PARTS:
        before = run.living(part)
        os.kill(before[0], signal.SIGKILL)
        assert eventually(lambda part=part, before=before: bool(set(run.living(part)) - set(before))), part
    assert eventually(lambda: answers(run.port))

    assert run.process is not None
    run.process.kill()
    run.process.communicate()
    assert "shown only now" not in run.start()

    run.process.send_signal(signal.SIGTERM)
    said, _ = run.process.communicate(timeout=PATIENCE)
    assert run.process.returncode == 0, said
    assert "Stopped." in said
    assert {part: run.living(part) for part in PARTS} == {part: [] for part in PARTS}


def test_once_leaves_nothing_on_and_a_bad_file_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    good = tmp_path / "visit.txt"
    good.write_text("Joint Statement\n\n1. The Parties will open a consulate in Baku by 1 March 2024.\n")
    once = run.command("--once", str(tmp_path / "nowhere.txt"), str(good))
    said, _ = once.communicate(timeout=PATIENCE)
    assert once.returncode == 1, said
    assert "nowhere.txt" in said
    assert "consulate" in said
    assert {part: run.living(part) for part in PARTS} == {part: [] for part in PARTS}
    once = run.command("--once", str(good))
    said, _ = once.communicate(timeout=PATIENCE)
    assert once.returncode == 0, said


def test_a_port_that_is_taken_is_named(run: Run) -> None:
    run.environment["PACTA_PORT"] = "99999"
    refused = run.command()
    said, _ = refused.communicate(timeout=PATIENCE)
    assert refused.returncode == 2
    assert "PACTA_PORT is '99999'" in said
