"""Acts on many follow-ups in the admin: shown first, then done, and told row by row."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.tracker import people
from tracker import attending
from tracker.models import FollowUp, FollowUpComment
from tracker.models.days import ministry_day

pytestmark = pytest.mark.django_db

LIST = "admin:tracker_followup_changelist"
DAY = dt.timedelta(days=1)


def _signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def aigerim() -> Client:
    """A desk officer of the Asia unit."""
    return _signed_in(people.person("aigerim", first_name="Aigerim", last_name="Bek"))


@pytest.fixture
def flags() -> list[FollowUp]:
    """Three flags of the Asia unit."""
    text = people.instrument("We will open a school. We will build a road. We will sing.", unit_code="asia")
    quotes = ("We will open a school", "We will build a road", "We will sing")
    return [people.flag(people.commitment(text, words)) for words in quotes]


def _today() -> dt.date:
    return ministry_day(timezone.now())


def _begin(client: Client, action: str, chosen: list[FollowUp]) -> Any:
    return client.post(reverse(LIST), {"action": action, "_selected_action": [each.pk for each in chosen]})


def _order(client: Client, action: str, **data: Any) -> Any:
    return client.post(reverse(f"admin:tracker_followup_bulk_{action}"), data)


def test_what_will_change_for_many_is_shown_before_anything_does(aigerim: Client, flags: list[FollowUp]) -> None:
    seen = _begin(aigerim, "acknowledge", flags).context["form"]["seen"].value()
    assert seen == " ".join(f"{flag.pk}:1" for flag in flags)
    attending.acknowledge(flags[2].pk, by=people.person("dauren"), version=1, now=timezone.now())
    shown = _order(aigerim, "acknowledge", seen=seen)
    page = shown.content.decode()
    for words in ("2 follow-ups will change, 1 will not.", "it is now 2", "acknowledged by Aigerim Bek"):
        assert words in page
    assert FollowUp.objects.filter(acknowledged_at__isnull=False).count() == 1
    done = _order(aigerim, "acknowledge", **dict(shown.context["kept"]), do="1")
    assert "2 follow-ups changed, 0 did not." in done.content.decode()
    assert FollowUp.objects.filter(acknowledged_by__username="aigerim").count() == 2


def test_many_are_put_off_and_given(aigerim: Client, flags: list[FollowUp]) -> None:
    dauren = people.person("dauren").person
    for action, data in (
        ("snooze", {"until": (_today() + DAY).isoformat(), "reason": "A holiday."}),
        ("assign", {"to": dauren.pk}),
    ):
        seen = " ".join(f"{pk}:{version}" for pk, version in FollowUp.objects.values_list("pk", "version"))
        shown = _order(aigerim, action, seen=seen, **data)
        assert len(shown.context["plan"].changes) == 3
        _order(aigerim, action, **dict(shown.context["kept"]), do="1")
    assert set(FollowUp.objects.values_list("snoozed_until", "assigned_to")) == {(_today() + DAY, dauren.pk)}
    assert FollowUpComment.objects.filter(words="A holiday.").count() == 3


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("snooze", {"until": "soon", "reason": "-"}),
        ("snooze", {"until": "2027-01-01", "reason": ""}),
        ("assign", {"to": "x"}),
        ("acknowledge", {"seen": "1; DROP TABLE"}),
        ("acknowledge", {"seen": ""}),
        ("acknowledge", {"seen": " ".join(f"{n}:1" for n in range(1, 202))}),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    aigerim: Client, flags: list[FollowUp], action: str, data: dict[str, str]
) -> None:
    assert _order(aigerim, action, **{"seen": f"{flags[0].pk}:1", **data}).status_code == 422
    assert FollowUp.objects.filter(version=1).count() == 3


def test_orders_are_for_those_who_may_act(flags: list[FollowUp]) -> None:
    saule = _signed_in(people.person("saule", "auditor", None))
    for action in ("acknowledge", "snooze", "assign"):
        assert _order(saule, action, seen=f"{flags[0].pk}:1").status_code == 403
        assert saule.get(reverse(f"admin:tracker_followup_bulk_{action}")).status_code == 405
    assert 'name="action"' not in saule.get(reverse(LIST)).content.decode()
    bolat = _signed_in(people.person("bolat", unit_code="europe"))
    page = _order(bolat, "acknowledge", seen=f"{flags[0].pk}:1", do="1").content.decode()
    assert "There is no such follow-up." in page
    assert "school" not in page
