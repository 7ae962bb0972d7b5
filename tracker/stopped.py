"""Where to look when something has stopped: what Redis can tell of beat and the workers, in a sentence.

That something has stopped is known already, from PostgreSQL. Redis may be gone, or not let us ask who is connected:
then the sentence names less, and nothing fails.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from tracker.broker import BEAT, WORKER, Look

_PILED_UP = 3
"""So many doorbells of one kind never lie together while a worker takes them: a sweep takes less than a minute."""


def cause(seen: Look, queue: str) -> str:
    """What is likely to blame where nothing that is rung for in this queue is done, and the remedy."""
    if seen.fault:
        return _("Redis does not answer (%(fault)s). Start it again, or read its log.") % {"fault": seen.fault}
    waiting = {"rings": seen.lengths.get(queue, 0)}
    if seen.connected is not None and (missing := _missing(seen, waiting)):
        return missing
    if waiting["rings"] >= _PILED_UP:
        return (
            _("%(rings)s rings wait in Redis and no worker takes them: it is deaf or too busy. Restart it.") % waiting
        )
    quiet = seen.idle.get(BEAT, 0)
    if quiet > _quiet():
        return _("Beat has rung nobody for %(seconds)s s: it hangs. Restart it.") % {"seconds": quiet}
    if seen.connected is None and not waiting["rings"]:
        return _(
            "Redis answers and nothing lies in its queue: beat does not ring, or the work fails. Look at both logs."
        )
    return _("Beat rings and a worker answers, but the work fails or takes too long: read the worker's log.")


def _missing(seen: Look, waiting: dict[str, int]) -> str:
    """Who is not connected to Redis."""
    beat, worker = (seen.connected is not None and seen.connected[name] > 0 for name in (BEAT, WORKER))
    if beat and worker:
        return ""
    if worker:
        return _("Beat is not connected to Redis, so nobody rings. Start it.")
    if beat:
        return _("No worker is connected to Redis, and %(rings)s rings wait. Start it.") % waiting
    return _("Neither beat nor a worker is connected to Redis. Start both.")


def _quiet() -> int:
    """Seconds without a word from a beat that rings the outbox far more often."""
    return max(10, 3 * int(settings.OUTBOX_SECONDS))
