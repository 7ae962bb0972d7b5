"""Relays are killed while they send, to receivers that fail in every way: nothing is lost, and repeats bear one id."""

from __future__ import annotations

import pytest

from tests.tracker.killing import Plan, drill
from tracker.models import Delivery, OutboxItem
from tracker.models.vocabulary import OutboxState
from tracker.outbox.relay import AT_ONCE

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_300_items_none_is_lost_while_relays_are_killed(celery_environment: dict[str, str]) -> None:
    plan = Plan(items=300, kills=6, between=(0.0, 0.3))
    figures = drill(plan, celery_environment)
    print(figures.line())  # noqa: T201
    assert (figures.kills, figures.sent) == (6, 300)
    assert (figures.lost, figures.strange, figures.unsigned) == (0, 0, 0)
    # A try that the receiver took and that nobody settled: by a kill, or by a lease that ended first.
    assert figures.raw <= plan.kills * AT_ONCE
    assert figures.killed_at_work > 0
    assert set(figures.failed) >= {"500", "429", "reset", "hang", "drip"}
    assert Delivery.objects.filter(delivered=True).count() >= 300
    assert not OutboxItem.objects.exclude(state=OutboxState.SENT).exists()


def test_who_marks_first_and_sends_then_loses_some(celery_environment: dict[str, str]) -> None:
    """The control: without a claim that somebody else can take over, a kill loses what was on its way."""
    figures = drill(
        Plan(items=400, kills=3, how="marked first", failing=0.0, processes=1, between=(0.0, 0.2)), celery_environment
    )
    print(figures.line())  # noqa: T201
    assert figures.lost > 0


def test_who_sends_without_a_lease_sends_twice(celery_environment: dict[str, str]) -> None:
    """The control: two who send what waits send the same."""
    figures = drill(Plan(items=200, kills=0, how="without a lease", failing=0.0), celery_environment)
    print(figures.line())  # noqa: T201
    assert figures.lost == 0
    assert figures.raw > 10
