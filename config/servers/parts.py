"""A part: one child process that is started, watched, stopped, and dies with the process that started it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1
LOG_BYTES = 10_000_000
_libc = ctypes.CDLL(None, use_errno=True)


class PartError(Exception):
    """A part did not start; the message says why, with the end of its log."""


@dataclass
class Part:
    """One child process.

    `cwd` is a directory that no other process works in: leftovers of an earlier start are found by it.
    `stop_signal` asks the part to finish and `patience` is how many seconds it then has; `orphan_signal` is what
    the kernel sends when our own process dies without a word. `user` is the (uid, gid) to run as when we are root.
    `stale` is a lock file to remove before a start, when nothing works in `cwd` any more.
    """

    name: str
    argv: Sequence[str]
    cwd: Path
    log: Path
    env: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    user: tuple[int, int] | None = None
    stale: Path | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process in a session of its own; call from the main thread (see `_die_with_parent`)."""
        self.cwd.mkdir(parents=True, exist_ok=True)
        evict(self.cwd, self.patience)
        if self.stale:
            self.stale.unlink(missing_ok=True)
        with _opened_log(self.log) as log:
            self.process = subprocess.Popen(
                list(self.argv),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.env),
                cwd=self.cwd,
                start_new_session=True,
                preexec_fn=_die_with_parent(os.getpid(), self.orphan_signal),  # noqa: PLW1509 -- one thread
                **as_user(self.user),
            )

    def running(self) -> bool:
        """Whether the process lives; a dead one is reaped here."""
        return self.process is not None and self.process.poll() is None

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `ready()`; raises PartError with the log's end if the process ends or the time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.running():
                raise PartError(f"{self.name} stopped while starting.\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise PartError(f"{self.name} did not answer within {seconds:.0f} s.\n{self.log_tail()}")
            time.sleep(0.02)

    def ask_to_stop(self) -> None:
        """Send the polite signal; `finish` waits for the result."""
        if self.process is not None and self.running():
            self.process.send_signal(self.stop_signal)

    def finish(self) -> bool:
        """Wait for the end within `patience`, then kill what is left; True if the part ended by itself in time."""
        if self.process is None:
            return True
        try:
            self.process.wait(self.patience)
            return True
        except subprocess.TimeoutExpired:
            return False
        finally:
            self.kill()

    def stop(self) -> bool:
        """Ask, wait, and clear up; True if the part ended by itself in time."""
        self.ask_to_stop()
        return self.finish()

    def kill(self) -> None:
        """End the process and all that it left behind, at once."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            self.process.wait()
        evict(self.cwd, patience=0)

    def log_tail(self, lines: int = 12) -> str:
        """The last lines of the log, for an error message."""
        try:
            text = self.log.read_text(errors="replace")
        except OSError:
            return f"  (no log in {self.log})"
        return "\n".join([*(f"  {line}" for line in text.splitlines()[-lines:]), f"  (log: {self.log})"])


def as_user(user: tuple[int, int] | None) -> dict[str, Any]:
    """The arguments of `subprocess` that change to (uid, gid), or none."""
    return {} if user is None else {"user": user[0], "group": user[1], "extra_groups": []}


def living_in(directory: Path) -> list[int]:
    """The processes whose working directory is `directory` (or was, before it was removed); zombies have none."""
    wanted = str(directory.resolve())
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if str((entry / "cwd").readlink()).removesuffix(" (deleted)") == wanted:
                    found.append(int(entry.name))
    return found


def evict(directory: Path, patience: float) -> None:
    """Wait until no process works in `directory`; after `patience` seconds end those that do.

    A part whose supervisor was killed has had its signal from the kernel and may still be finishing.
    """
    deadline = time.monotonic() + patience
    while left := living_in(directory):
        if time.monotonic() > deadline:
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
        if time.monotonic() > deadline + 10:
            raise PartError(f"processes {left} still work in {directory} and can't be ended")
        time.sleep(0.02)


def _opened_log(path: Path) -> IO[bytes]:
    """The log, opened to append; a log over LOG_BYTES is put aside once as `.1`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def _die_with_parent(parent: int, orphan_signal: int) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `orphan_signal` when the *thread* that forked us ends.

    Popen changes the user before it calls this, and only a later change of user would clear the request.
    """

    def before_exec() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, orphan_signal, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec
