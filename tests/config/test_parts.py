"""A part is restarted, is ended with all it left behind, and dies with the process that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config.servers.parts import Part, PartError, living_in
from config.supervisor import FIRST_PAUSE, Watched, how

ROOT = Path(__file__).resolve().parents[2]


def sleeper(tmp_path: Path, script: str = "exec sleep 60") -> Part:
    return Part("The sleeper", ["/bin/sh", "-c", script], tmp_path / "work", tmp_path / "log", {"PATH": os.defpath})


def eventually(true: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def test_a_part_stops_when_asked(tmp_path: Path) -> None:
    part = sleeper(tmp_path)
    part.start()
    assert part.running()
    assert part.stop()
    assert living_in(part.cwd) == []


def test_a_part_that_will_not_stop_is_killed_with_its_children(tmp_path: Path) -> None:
    part = sleeper(tmp_path, "trap '' TERM; sleep 60 & sleep 60 & echo ready; wait; wait; sleep 60")
    part.patience = 0.3
    part.start()
    assert eventually(lambda: len(living_in(part.cwd)) == 3)
    assert not part.stop()
    assert living_in(part.cwd) == []


def test_leftovers_of_an_earlier_start_are_ended_first(tmp_path: Path) -> None:
    part = sleeper(tmp_path)
    part.cwd.mkdir()
    part.patience = 0.1
    left = subprocess.Popen(["sleep", "60"], cwd=part.cwd)
    part.start()
    assert left.wait(5) == -signal.SIGKILL
    part.stop()


def test_a_part_that_ends_while_starting_shows_the_end_of_its_log(tmp_path: Path) -> None:
    part = sleeper(tmp_path, "echo no room at the inn; exit 3")
    part.start()
    with pytest.raises(PartError, match="no room at the inn"):
        part.wait_until(lambda: False, seconds=10)


def test_a_part_dies_with_a_killed_supervisor(tmp_path: Path) -> None:
    code = (
        "import os, time; from pathlib import Path; from config.servers.parts import Part;"
        f"here = Path({str(tmp_path)!r});"
        "p = Part('x', ['sleep', '60'], here / 'work', here / 'log', dict(os.environ));"
        "p.start(); time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    assert eventually(lambda: len(living_in(tmp_path / "work")) == 1)
    supervisor.kill()
    supervisor.wait()
    assert eventually(lambda: living_in(tmp_path / "work") == [])


def test_a_dead_part_is_started_again_after_a_pause_that_doubles(tmp_path: Path) -> None:
    part = sleeper(tmp_path)
    part.start()
    watched = Watched(part, started=0.0)
    for life in range(3):
        assert part.process is not None
        part.process.kill()
        part.process.wait()
        watched.look(now=10.0 * life)
        assert watched.again_at == 10.0 * life + FIRST_PAUSE * 2**life
        watched.look(now=watched.again_at)
        assert part.running()
    part.stop()


def test_an_exit_is_told_in_words() -> None:
    assert how(-9) == "killed by SIGKILL"
    assert how(3) == "exit status 3"
