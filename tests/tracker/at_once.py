"""Runs steps at the same moment, each on a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections


def in_threads(steps: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run the steps together; what each returned or raised, in order."""
    barrier = threading.Barrier(len(steps))
    results: list[Any] = [None] * len(steps)

    def run(index: int) -> None:
        try:
            barrier.wait(10)
            results[index] = steps[index]()
        except Exception as error:  # noqa: BLE001  (handed to the test)
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results
