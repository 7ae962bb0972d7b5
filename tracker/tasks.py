"""What Celery may ring for. A task is a doorbell: it may be lost, doubled or late, and nothing is."""

from __future__ import annotations

import datetime as dt

from celery import shared_task
from django.utils import timezone

from tracker import followup
from tracker.models.days import ministry_day


@shared_task
def sweep() -> None:
    """Flag what must be flagged today. Rung by beat; its schedule is in the settings."""
    run_sweep(timezone.now())


def run_sweep(now: dt.datetime) -> followup.Swept:
    """One sweep for the ministry's day at this moment."""
    return followup.sweep(on=ministry_day(now), now=now)
