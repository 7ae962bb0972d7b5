"""The watch on the watcher: whether everything that must happen by itself still does, read from PostgreSQL alone.

No question goes through Redis or Celery, for a worker may answer a ping and do nothing (`celery inspect ping` does not
tell a deaf worker from a busy one). What has stopped shows in what was not done: no sweep that finished, mail that did
not leave, a history that is not sealed, uploads that nobody reads, reminders that nobody got. Only then, to name the
likely cause, is Redis looked at (`tracker.stopped`); no answer changes by it.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker import broker
from tracker.models import Delivery, Job, OutboxItem, Sweep, Upload
from tracker.models.uploads import UploadState
from tracker.models.vocabulary import OutboxKind, OutboxState
from tracker.reminding.late import late
from tracker.stopped import cause

_CLOCK = 2.0
"""Seconds by which our clock and PostgreSQL's may differ; leases are kept by one and days judged by the other."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one question found: which, whether all is well, and what to tell, with the remedy where it is not."""

    name: str
    well: bool
    told: str


Look = Callable[[], broker.Look]
"""A look at Redis, taken only by a question that has found that something stopped."""


def watch(now: dt.datetime, look: Look = broker.look) -> list[Found]:
    """Every question, in the order of the damage; raises DatabaseError where PostgreSQL does not answer at all."""
    once = cache(look)
    return [Found(str(name), *ask(now, once)) for name, ask in _QUESTIONS]


def sweep_age(now: dt.datetime) -> int | None:
    """Seconds since the last sweep that finished; None where none ever did."""
    finished = Sweep.objects.order_by("-finished_at").values_list("finished_at", flat=True).first()
    return max(0, int((now - finished).total_seconds())) if finished else None


def _writable(now: dt.datetime, look: Look) -> tuple[bool, str]:
    """PostgreSQL takes changes: it is no standby, and nobody has set it to read only (a full disk often makes both)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")
        (closed,) = cursor.fetchone()
    return not closed, _("PostgreSQL takes no changes: it is a standby or set to read only.") if closed else _(
        "writable"
    )


def _swept(now: dt.datetime, look: Look) -> tuple[bool, str]:
    """A sweep finished lately. Beat, worker and Redis dead or deaf all end here."""
    age = sweep_age(now)
    if until := Job.objects.sweep_put_off_until(now):
        told = _("Somebody has stopped a full sweep: nothing is flagged until %(at)s. Or sweep everything: Jobs.")
        return False, told % {"at": date_format(timezone.localtime(until), "DATETIME_FORMAT")}
    if age is None:
        return False, f"{_('No sweep has ever finished.')} {cause(look(), 'sweep')}"
    if age > settings.HEALTH_SWEEP_SECONDS:
        told = _("The last sweep finished %(age)s s ago.") % {"age": age}
        return False, f"{told} {cause(look(), 'sweep')}"
    return True, _("the last sweep finished %(age)s s ago") % {"age": age}


def _sent(now: dt.datetime, look: Look) -> tuple[bool, str]:
    """Mail leaves, and nothing waits for its first try. A single receiver of webhooks that is down is no alarm: it is
    tried for three days.
    """
    owed = OutboxItem.objects.filter(state=OutboxState.WAITING)
    owed = owed.filter(Q(kind=OutboxKind.MAIL) | Q(attempts=0, endpoint__enabled=True))
    oldest = owed.order_by("made_at", "pk").values_list("pk", "made_at").first()
    if oldest is None or not (age := _too_old(oldest[1], now)):
        return True, _("nothing has waited too long")
    tried = Delivery.objects.filter(item=oldest[0]).order_by("-pk").values_list("answer", flat=True).first()
    if tried is None:
        told = _("Something in the outbox has waited for %(age)s s and was never tried.") % {"age": age}
        return False, f"{told} {cause(look(), 'outbox')}"
    told = _("Mail has waited for %(age)s s. The last try: %(answer)s. See to the mail server of EMAIL_URL.")
    return False, told % {"age": age, "answer": tried}


def _none_dead(now: dt.datetime, look: Look) -> tuple[bool, str]:
    """Nothing was given up."""
    dead = OutboxItem.objects.filter(state=OutboxState.DEAD).count()
    if dead:
        return False, _("Given up after three days: %(dead)s. Send them again or put them aside.") % {"dead": dead}
    return True, _("nothing was given up")


def _sealed(now: dt.datetime, look: Look) -> tuple[bool, str]:
    """The history's newest entries go into its chain."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.at FROM audit.waiting w JOIN audit.entry e ON e.id = w.entry_id ORDER BY w.entry_id LIMIT 1"
        )
        row = cursor.fetchone()
    told = _("An entry of the history has waited for its seal for %(age)s s.")
    return _not_older(row[0] if row else None, now, told, look, "sweep")


def _read(now: dt.datetime, look: Look) -> tuple[bool, str]:
    """Uploads are read."""
    oldest = Upload.objects.filter(state=UploadState.WAITING).aggregate(Min("at"))["at__min"]
    return _not_older(oldest, now, _("An upload has waited for %(age)s s to be read."), look, "ingest")


def _reminded(now: dt.datetime, look: Look) -> tuple[bool, str]:
    """Whoever is owed a reminder gets one: what the sweep has flagged is of no use where nobody is told."""
    waiting = late(now, dt.timedelta(seconds=settings.HEALTH_WAITING_SECONDS))
    if waiting:
        told = ngettext(
            "%(people)s person is owed a reminder that was not written.",
            "%(people)s people are owed a reminder that was not written.",
            len(waiting),
        )
        return False, f"{told % {'people': len(waiting)}} {cause(look(), 'sweep')}"
    return True, _("whoever is owed a reminder was told")


def _room(now: dt.datetime, look: Look) -> tuple[bool, str]:
    """There is room on the disk of this installation's own files, before there is none."""
    place = Path(settings.HOME_DIR)
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free // 1_000_000
    told = {"free": free, "place": place}
    if free < settings.HEALTH_FREE_MEGABYTES:
        return False, _("Only %(free)s MB are free at %(place)s.") % told
    return True, _("%(free)s MB are free at %(place)s") % told


def _clocks(now: dt.datetime, look: Look) -> tuple[bool, str]:
    """Our clock and PostgreSQL's agree."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    apart = abs((theirs - dt.datetime.now(dt.UTC)).total_seconds())
    told = {"apart": f"{apart:.1f}"}
    if apart > _CLOCK:
        return False, _("Our clock and PostgreSQL's are %(apart)s s apart. Is the time kept by NTP?") % told
    return True, _("the clocks agree")


def _not_older(oldest: dt.datetime | None, now: dt.datetime, told: str, look: Look, queue: str) -> tuple[bool, str]:
    """Whether nothing has waited longer than `HEALTH_WAITING_SECONDS`; else the words, and why it may be."""
    if oldest and (age := _too_old(oldest, now)):
        return False, f"{told % {'age': age}} {cause(look(), queue)}"
    return True, _("nothing has waited too long")


def _too_old(since: dt.datetime, now: dt.datetime) -> int:
    """Seconds since a moment, where they are more than `HEALTH_WAITING_SECONDS`; else 0."""
    age = int((now - since).total_seconds())
    return age if age > settings.HEALTH_WAITING_SECONDS else 0


_QUESTIONS: tuple[tuple[object, Callable[[dt.datetime, Look], tuple[bool, str]]], ...] = (
    (gettext_lazy("database"), _writable),
    (gettext_lazy("sweep"), _swept),
    (gettext_lazy("reminders"), _reminded),
    (gettext_lazy("outbox"), _sent),
    (gettext_lazy("given up"), _none_dead),
    (gettext_lazy("history"), _sealed),
    (gettext_lazy("uploads"), _read),
    (gettext_lazy("disk"), _room),
    (gettext_lazy("clocks"), _clocks),
)
