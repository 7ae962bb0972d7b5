"""What Celery may ring for. A task is a doorbell: it may be lost, doubled or late, and nothing is."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from tracker import followup, intake
from tracker.history import chain
from tracker.models.days import ministry_day

_log = logging.getLogger(__name__)


@shared_task
def seal() -> None:
    """Put the entries of the history that wait into its chain. Rung by beat, every minute."""
    chain.seal()


@shared_task
def sweep() -> None:
    """Flag what must be flagged today. Rung by beat; its schedule is in the settings."""
    run_sweep(timezone.now())
    ring(intake.waiting(timezone.now()))


# Longer than the longest that a document may take to read (`ingest.child`).
@shared_task(time_limit=400)
def read_upload(upload_id: int) -> None:
    """Read what somebody has brought in. Rung when it comes, and by every sweep until it is read."""
    intake.read(upload_id, now=timezone.now())


def ring(upload_ids: Iterable[int]) -> None:
    """Tell the workers that there is something to read. Where nobody can be told, the next sweep tries again."""
    for upload_id in upload_ids:
        try:
            read_upload.apply_async((upload_id,), queue="ingest", expires=60)
        except OperationalError:
            _log.warning("nobody_to_ring", exc_info=True)
            return


def run_sweep(now: dt.datetime) -> followup.Swept:
    """One sweep for the ministry's day at this moment."""
    return followup.sweep(on=ministry_day(now), now=now)
