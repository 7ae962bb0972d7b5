"""The follow-up as it runs: a real beat rings, a real worker answers, PostgreSQL holds what came of it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tests.tracker.makers import make_commitment
from tracker.models import FollowUp, Sweep
from tracker.models.days import ministry_day
from tracker.models.vocabulary import Reason

PATIENCE = 90.0


@pytest.mark.django_db(transaction=True)
def test_beat_and_worker_flag_a_commitment_that_fell_due_yesterday(
    celery_processes: Callable[..., list[Any]],
) -> None:
    today = ministry_day(timezone.now())
    commitment = make_commitment(due_on=today - dt.timedelta(days=1), read_on=today, made_on=today)
    celery_processes(beat_seconds=1)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and Sweep.objects.count() < 2:
        time.sleep(0.2)
    assert Sweep.objects.count() >= 2
    flag = FollowUp.objects.get()
    assert (flag.commitment, flag.reason, flag.occasion) == (commitment, Reason.OVERDUE, commitment.due_on)
