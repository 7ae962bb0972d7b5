"""Processes that relay, to be killed: `python -m tests.tracker.relaying '{"how": "relay", …}'`.

`began` and `pace` make its clock: so many seconds a second since that moment, the same for every process. The careless
ways of sending are what a test must find wanting.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sys
import time
from typing import Any

PAGE = 8


def moment(began: float, pace: float) -> dt.datetime:
    """What the clock of all the processes shows."""
    from tests.tracker.makers import NOW

    return NOW + dt.timedelta(seconds=(time.time() - began) * pace)


def relayed(asked: dict[str, Any]) -> None:
    """The product's own relay, in short runs, for ever."""
    from tracker.outbox import guard, relay

    guard.TOTAL_SECONDS = asked["seconds"]
    while True:
        lease = dt.timedelta(seconds=asked["lease"])
        relay.deliver(moment(asked["began"], asked["pace"]), seconds=1.0, lease=lease)
        time.sleep(0.05)


def marked_first(asked: dict[str, Any]) -> None:
    """Marks as sent, and then sends: who is killed between the two has lost it."""
    from tracker.models import OutboxItem
    from tracker.outbox import guard, relay

    guard.TOTAL_SECONDS = asked["seconds"]
    while True:
        items = _waiting()
        settled = moment(asked["began"], asked["pace"])
        OutboxItem.objects.filter(pk__in=[item.pk for item in items]).update(state="sent", settled_at=settled)
        for item in items:
            relay.by_kind(item)


def without_a_lease(asked: dict[str, Any]) -> None:
    """Sends what waits, and then marks it: whoever else is at it sends the same."""
    from tracker.models import OutboxItem
    from tracker.outbox import guard, relay

    guard.TOTAL_SECONDS = asked["seconds"]
    while True:
        for item in _waiting():
            if relay.by_kind(item).delivered:
                OutboxItem.objects.filter(pk=item.pk).update(
                    state="sent", settled_at=moment(asked["began"], asked["pace"])
                )


def _waiting() -> list[Any]:
    from tracker.models import OutboxItem

    found = OutboxItem.objects.filter(state="waiting").select_related("endpoint", "person__user").order_by("pk")
    return list(found[:PAGE])


WAYS = {"relay": relayed, "marked first": marked_first, "without a lease": without_a_lease}


def main() -> None:
    """Load everything, then start a relay for each line that is read, and say its number."""
    import django

    django.setup()
    from tracker.outbox import relay

    assert relay
    asked: dict[str, Any] = json.loads(sys.argv[1])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that the killed leave nothing behind
    for _line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            WAYS[asked["how"]](asked)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
