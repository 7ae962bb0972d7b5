"""The doorbell of the web server: whoever serves people never waits for Redis.

A ring is handed to a thread. Where Redis hangs, the thread hangs and not the request; where it hangs for long, rings
are dropped: PostgreSQL holds what is owed, and the next sweep rings again.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from kombu.exceptions import OperationalError

_MOST = 1000
_log = logging.getLogger(__name__)

Press = Callable[[], object]


class Bell:
    """Presses in the caller's thread (a worker may wait) until `behind` is called; from then on in one of its own."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Press] = queue.Queue(_MOST)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._behind = False

    def behind(self) -> None:
        """Press in a thread from here on. The thread starts with the first ring, so that a fork before it is safe."""
        self._behind = True

    def ring(self, press: Press) -> bool:
        """Press, or have it pressed soon; False where nobody can be told just now."""
        if not self._behind:
            return _pressed(press)
        try:
            self._waiting.put_nowait(press)
        except queue.Full:
            return False
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="bell", daemon=True)
                self._thread.start()
        return True

    def _work(self) -> None:
        while True:
            press = self._waiting.get()
            if not _pressed(press):
                self._forget()

    def _forget(self) -> None:
        """Let go of what waits: Redis would not take it either, and the next sweep rings for all of it."""
        try:
            while True:
                self._waiting.get_nowait()
        except queue.Empty:
            return


def _pressed(press: Press) -> bool:
    try:
        press()
    except OperationalError:
        _log.warning("nobody_to_ring", exc_info=True)
        return False
    return True


bell = Bell()
"""The one of this process."""
