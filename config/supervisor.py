"""Keeps the parts alive: restarts one that ended, more and more slowly, until a signal stops them all."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from types import FrameType

from config.servers.parts import Part, PartError

LOOK_EVERY = 0.2
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# A part that lived this long starts again with the first pause.
GOOD_LIFE = 60.0


class StopAskedError(BaseException):
    """A signal asked us to stop; not an Exception, so that nothing on the way swallows it."""


def say(line: str) -> None:
    """One line to whoever started us, at once; a closed terminal is no reason to stop."""
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except OSError:
        pass


def heed_signals() -> None:
    """Turn Ctrl-C, SIGTERM and a closed terminal into StopAskedError."""

    def asked(_number: int, _frame: FrameType | None) -> None:
        raise StopAskedError

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, asked)


def ignore_signals() -> None:
    """From here on only the end of the parts matters; a second Ctrl-C kills (`stop`)."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


@dataclass
class Watched:
    """A part with its record of restarts."""

    part: Part
    started: float
    pause: float = FIRST_PAUSE
    again_at: float | None = None

    def look(self, now: float) -> None:
        """Notice an end, and start again when the pause is over."""
        if self.again_at is not None:
            if now >= self.again_at:
                self._start(now)
        elif not self.part.running():
            self._note_the_end(now)

    def _note_the_end(self, now: float) -> None:
        if now - self.started > GOOD_LIFE:
            self.pause = FIRST_PAUSE
        status = self.part.process.returncode if self.part.process else None
        say(f"{self.part.name} ended ({how(status)}); starting it again in {self.pause:g} s. Log: {self.part.log}")
        self.again_at = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def _start(self, now: float) -> None:
        self.again_at = None
        self.started = now
        try:
            self.part.kill()  # what the dead process left behind must not hold up the watch over the others
            self.part.start()
        except (PartError, OSError) as error:
            say(f"{self.part.name} could not be started: {error}")
            self.again_at = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)


def watch(parts: Iterable[Part]) -> None:
    """Keep the parts running until StopAskedError."""
    watched = [Watched(part, time.monotonic()) for part in parts]
    while True:
        for each in watched:
            each.look(time.monotonic())
        time.sleep(LOOK_EVERY)


def stop(parts: list[Part]) -> None:
    """Stop the parts together and wait; a second Ctrl-C kills them at once."""
    ignore_signals()
    try:
        for part in parts:
            part.ask_to_stop()
        for part in parts:
            if not part.finish():
                say(f"{part.name} did not stop within {part.patience:g} s and was killed.")
    except (StopAskedError, KeyboardInterrupt):
        for part in parts:
            part.kill()


def how(status: int | None) -> str:
    """An exit status in words."""
    if status is None:
        return "no status"
    return f"exit status {status}" if status >= 0 else f"killed by {signal.Signals(-status).name}"
