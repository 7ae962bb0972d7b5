"""The admin's side of reminders: calendar and ladder, which administrators set, and who was told what."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.tracker.forms import filled
from tests.tracker.makers import make_unit, make_user
from tests.tracker.reminding import DAY, MONDAY, a_day, only, promise, somebody
from tracker.models import CalendarDay, EscalationRung, Unit
from tracker.models.vocabulary import PersonRole, Reason

pytestmark = pytest.mark.django_db

LISTS = ("calendarday", "escalationrung", "reminder", "digest")


def _list(name: str) -> str:
    return reverse(f"admin:tracker_{name}_changelist")


def _in(user) -> Client:
    user.is_staff = True
    user.save()
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def administrator() -> Client:
    return _in(make_user(PersonRole.ADMINISTRATOR))


def _errors(answer) -> dict:
    return answer.context["adminform"].form.errors if answer.status_code == 200 else {}


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_for_staff_and_ask_the_same_however_long_they_are(name: str) -> None:
    only(Reason.OVERDUE, 0)
    unit = make_unit()
    client = _in(make_user(PersonRole.AUDITOR))
    numbers = []
    for n in range(2):
        for m in range(3 + 10 * n):
            promise(somebody(unit=unit), due_on=MONDAY - DAY)
            CalendarDay.objects.create(on=MONDAY + (100 * n + m + 1) * DAY, unit=unit, name="a holiday")
            EscalationRung.objects.create(unit=unit, level=100 * n + m + 1, after_days=400, tells="head")
        a_day(MONDAY + n * DAY)
        client.get(_list(name))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(_list(name)).status_code == 200
        numbers.append(len(captured))
    assert numbers[0] == numbers[1] < 15
    assert Client().get(_list(name)).status_code == 302


def test_an_administrator_enters_and_deletes_a_holiday(administrator: Client) -> None:
    address = reverse("admin:tracker_calendarday_add")
    sent = {"on": "2026-12-16", "name": "Independence Day", "unit": ""}
    assert administrator.post(address, sent).status_code == 302
    day = CalendarDay.objects.get()
    assert (day.unit, day.works) == (None, False)
    assert _errors(administrator.post(address, sent)) == {"on": ["This day is in the calendar already."]}
    delete = reverse("admin:tracker_calendarday_delete", args=[day.pk])
    assert administrator.post(delete, {"post": "yes"}).status_code == 302
    assert not CalendarDay.objects.exists()


def test_an_administrator_sets_a_rung(administrator: Client) -> None:
    rung = EscalationRung.objects.get(level=1)
    address = reverse("admin:tracker_escalationrung_change", args=[rung.pk])
    assert administrator.post(address, filled(administrator, address, after_days=3)).status_code == 302
    rung.refresh_from_db()
    assert rung.after_days == 3
    again = administrator.post(
        reverse("admin:tracker_escalationrung_add"), {"level": 1, "after_days": 1, "tells": "head"}
    )
    assert _errors(again) == {"level": ["The ladder has this rung already."]}


def test_an_administrator_sets_a_units_days_and_hours(administrator: Client) -> None:
    unit = make_unit()
    address = reverse("admin:tracker_unit_change", args=[unit.pk])
    typed = {"working_days": "1,2,3,4,7", "mail_from": "08:30", "mail_until": "17:00", "controls": "on"}
    assert administrator.post(address, filled(administrator, address, **typed)).status_code == 302
    unit.refresh_from_db()
    assert (unit.working_days, unit.mail_from.hour, unit.mail_until.hour, unit.controls) == (
        [1, 2, 3, 4, 7],
        8,
        17,
        True,
    )
    assert _errors(administrator.post(address, filled(administrator, address, working_days="1,9")))
    assert _errors(administrator.post(address, filled(administrator, address, mail_until="08:00")))


@pytest.mark.parametrize("name", ["calendarday", "escalationrung"])
def test_nobody_else_sets_them(name: str) -> None:
    officer = _in(make_user(unit=make_unit()))
    day = CalendarDay.objects.create(on=MONDAY, name="a holiday")
    pk = day.pk if name == "calendarday" else EscalationRung.objects.values_list("pk", flat=True)[0]
    assert officer.post(reverse(f"admin:tracker_{name}_add"), {}).status_code == 403
    assert officer.post(reverse(f"admin:tracker_{name}_change", args=[pk]), {}).status_code == 403
    assert officer.post(reverse(f"admin:tracker_{name}_delete", args=[pk]), {"post": "yes"}).status_code == 403
    assert officer.get(_list(name)).status_code == 200


def test_who_was_told_is_shown_to_those_who_may_know_of_the_commitment() -> None:
    only(Reason.OVERDUE, 0)
    asia, europe = make_unit(), make_unit()
    told = somebody(unit=asia)
    promise(told, due_on=MONDAY - DAY)
    a_day(MONDAY)

    def rows(user) -> tuple[int, int]:
        client = _in(user)
        return tuple(client.get(_list(name)).context["cl"].result_count for name in ("reminder", "digest"))  # type: ignore[return-value]

    assert rows(told.user) == (1, 1)
    assert rows(make_user(unit=asia)) == (1, 0)
    assert rows(make_user(unit=europe)) == (0, 0)
    assert rows(make_user(PersonRole.AUDITOR)) == (1, 1)


@pytest.mark.parametrize("name", ["reminder", "digest"])
def test_what_was_told_is_changed_by_nobody(name: str, administrator: Client) -> None:
    only(Reason.OVERDUE, 0)
    promise(somebody(unit=Unit.objects.create(code="asia", name_en="Asia")), due_on=MONDAY - DAY)
    a_day(MONDAY)
    assert administrator.post(reverse(f"admin:tracker_{name}_add"), {}).status_code == 403
    pk = administrator.get(_list(name)).context["cl"].result_list[0].pk
    assert administrator.post(reverse(f"admin:tracker_{name}_delete", args=[pk]), {"post": "yes"}).status_code == 403
