"""The watch on the watcher: whether everything that must happen by itself still does, read from PostgreSQL alone.

No question goes through Redis or Celery, for a worker may answer a ping and do nothing (`celery inspect ping` does not
tell a deaf worker from a busy one). What has stopped shows in what was not done: no sweep that finished, mail that did
not leave, a history that is not sealed, uploads that nobody reads.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Job, OutboxItem, Sweep, Upload
from tracker.models.uploads import UploadState
from tracker.models.vocabulary import OutboxKind, OutboxState

_CLOCK = 2.0
"""Seconds by which our clock and PostgreSQL's may differ; leases are kept by one and days judged by the other."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one question found: which, whether all is well, and what to tell, with the remedy where it is not."""

    name: str
    well: bool
    told: str


def watch(now: dt.datetime) -> list[Found]:
    """Every question, in the order of the damage; raises DatabaseError where PostgreSQL does not answer at all."""
    return [Found(str(name), *ask(now)) for name, ask in _QUESTIONS]


def sweep_age(now: dt.datetime) -> int | None:
    """Seconds since the last sweep that finished; None where none ever did."""
    finished = Sweep.objects.order_by("-finished_at").values_list("finished_at", flat=True).first()
    return max(0, int((now - finished).total_seconds())) if finished else None


def _writable(now: dt.datetime) -> tuple[bool, str]:
    """PostgreSQL takes changes: it is no standby, and nobody has set it to read only (a full disk often makes both)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")
        (closed,) = cursor.fetchone()
    return not closed, _("PostgreSQL takes no changes: it is a standby or set to read only.") if closed else _(
        "writable"
    )


def _swept(now: dt.datetime) -> tuple[bool, str]:
    """A sweep finished lately. Beat, worker and Redis dead or deaf all end here."""
    age = sweep_age(now)
    if until := Job.objects.sweep_put_off_until(now):
        told = _("Somebody has stopped a full sweep: nothing is flagged until %(at)s. Or sweep everything: Jobs.")
        return False, told % {"at": date_format(timezone.localtime(until), "DATETIME_FORMAT")}
    if age is None:
        return False, _("No sweep has ever finished. Are beat, the worker and Redis running?")
    if age > settings.HEALTH_SWEEP_SECONDS:
        return False, _("The last sweep finished %(age)s s ago. Are beat, the worker and Redis running?") % {"age": age}
    return True, _("the last sweep finished %(age)s s ago") % {"age": age}


def _sent(now: dt.datetime) -> tuple[bool, str]:
    """Mail leaves, and nothing waits for its first try. A single receiver of webhooks that is down is no alarm: it is
    tried for three days.
    """
    owed = OutboxItem.objects.filter(state=OutboxState.WAITING)
    owed = owed.filter(Q(kind=OutboxKind.MAIL) | Q(attempts=0, endpoint__enabled=True))
    return _not_older(
        owed.aggregate(Min("made_at"))["made_at__min"],
        now,
        _("Something in the outbox has waited for %(age)s s. Does the mail server answer, and does the worker run?"),
    )


def _none_dead(now: dt.datetime) -> tuple[bool, str]:
    """Nothing was given up."""
    dead = OutboxItem.objects.filter(state=OutboxState.DEAD).count()
    if dead:
        return False, _("Given up after three days: %(dead)s. Send them again or put them aside.") % {"dead": dead}
    return True, _("nothing was given up")


def _sealed(now: dt.datetime) -> tuple[bool, str]:
    """The history's newest entries go into its chain."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.at FROM audit.waiting w JOIN audit.entry e ON e.id = w.entry_id ORDER BY w.entry_id LIMIT 1"
        )
        row = cursor.fetchone()
    told = _("An entry of the history has waited for its seal for %(age)s s. Does the worker run?")
    return _not_older(row[0] if row else None, now, told)


def _read(now: dt.datetime) -> tuple[bool, str]:
    """Uploads are read."""
    oldest = Upload.objects.filter(state=UploadState.WAITING).aggregate(Min("at"))["at__min"]
    return _not_older(oldest, now, _("An upload has waited for %(age)s s to be read. Does the worker run?"))


def _room(now: dt.datetime) -> tuple[bool, str]:
    """There is room on the disk of this installation's own files, before there is none."""
    place = Path(settings.HOME_DIR)
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free // 1_000_000
    told = {"free": free, "place": place}
    if free < settings.HEALTH_FREE_MEGABYTES:
        return False, _("Only %(free)s MB are free at %(place)s.") % told
    return True, _("%(free)s MB are free at %(place)s") % told


def _clocks(now: dt.datetime) -> tuple[bool, str]:
    """Our clock and PostgreSQL's agree."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    apart = abs((theirs - dt.datetime.now(dt.UTC)).total_seconds())
    told = {"apart": f"{apart:.1f}"}
    if apart > _CLOCK:
        return False, _("Our clock and PostgreSQL's are %(apart)s s apart. Is the time kept by NTP?") % told
    return True, _("the clocks agree")


def _not_older(oldest: dt.datetime | None, now: dt.datetime, told: str) -> tuple[bool, str]:
    """Whether nothing has waited longer than `HEALTH_WAITING_SECONDS`."""
    age = int((now - oldest).total_seconds()) if oldest else 0
    if age > settings.HEALTH_WAITING_SECONDS:
        return False, told % {"age": age}
    return True, _("nothing has waited too long")


_QUESTIONS: tuple[tuple[object, Callable[[dt.datetime], tuple[bool, str]]], ...] = (
    (gettext_lazy("database"), _writable),
    (gettext_lazy("sweep"), _swept),
    (gettext_lazy("outbox"), _sent),
    (gettext_lazy("given up"), _none_dead),
    (gettext_lazy("history"), _sealed),
    (gettext_lazy("uploads"), _read),
    (gettext_lazy("disk"), _room),
    (gettext_lazy("clocks"), _clocks),
)
