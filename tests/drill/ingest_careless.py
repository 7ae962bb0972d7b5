"""A worker that reads carelessly, for the drill of the intake: `celery -A tests.drill.ingest_careless`.

CARELESS=unwhole stores without the one transaction, and whoever read last stores. CARELESS=unlocked looks whether the
bytes are on record and stores then, without the lock (the drill takes the unique key away). These are controls: both
wait a moment in the middle of storing, where the product does not wait: there the kill, or the other reader, comes.
CARELESS=poisoned takes all the care there is, but dies of every file that is called `POISON`.
"""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from celery.signals import worker_init

from config.celery import app
from tests.drill.ingest_documents import POISON

__all__ = ["app"]

_MOMENT = 2.0


@worker_init.connect  # type: ignore[untyped-decorator]
def forget_the_care(**_: Any) -> None:
    """Change this worker before its processes are forked."""
    import django

    django.setup()
    ways = {"unwhole": _store_in_pieces, "unlocked": _store_without_a_lock, "poisoned": _die_of_poison}
    ways[os.environ["CARELESS"]]()


def _store_in_pieces() -> None:
    from tracker import ingest, intake

    ingest._keep = ingest._keep.__wrapped__  # type: ignore[attr-defined]
    intake._take_in = intake._take_in.__wrapped__  # type: ignore[attr-defined]
    intake._still_ours = lambda upload: True
    _store_slowly()


def _store_without_a_lock() -> None:
    from tracker.models import locks

    locks.take = lambda lock: None
    _store_slowly()


def _store_slowly() -> None:
    from tracker.ingest import rows

    store_clauses = rows.store_clauses

    def slowly(*arguments: Any) -> Any:
        time.sleep(_MOMENT)
        return store_clauses(*arguments)

    rows.store_clauses = slowly  # type: ignore[assignment]


def _die_of_poison() -> None:
    from tracker import ingest

    examine = ingest.examine

    def at_risk(data: bytes, name: str, **more: Any) -> ingest.Found:
        if name == POISON:
            os.kill(os.getpid(), signal.SIGKILL)
        return examine(data, name, **more)

    ingest.examine = at_risk
