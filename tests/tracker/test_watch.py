"""The watch on the watcher: what has stopped is told, by PostgreSQL alone, and nothing is told that goes on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from tests.tracker import people
from tests.tracker.makers import make_user
from tracker import watch
from tracker.history import chain
from tracker.models import OutboxItem, Sweep, Upload
from tracker.models.vocabulary import OutboxKind, OutboxState

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def now() -> dt.datetime:
    """A moment right after a sweep, with everything done."""
    at = timezone.now()
    Sweep.objects.create(started_at=at, finished_at=at, on=at.date(), raised=0, cleared=0)
    make_user()
    chain.seal()
    return at


def alarms(now: dt.datetime) -> set[str]:
    return {each.name for each in watch.watch(now) if not each.well}


def mail(**fields: Any) -> OutboxItem:
    person = people.person("aigerim").person
    chain.seal()
    return OutboxItem.objects.create(
        **{
            "kind": OutboxKind.MAIL,
            "event_type": "digest",
            "person": person,
            "body": {},
            "made_at": timezone.now(),
            "next_try_at": timezone.now(),
            **fields,
        }
    )


def test_thirty_quiet_days_raise_no_alarm(now: dt.datetime) -> None:
    for _ in range(30):
        now += dt.timedelta(days=1)
        Sweep.objects.create(started_at=now, finished_at=now, on=now.date(), raised=0, cleared=0)
        assert alarms(now) == set()


def test_a_sweep_that_does_not_come_is_an_alarm_within_half_an_hour(now: dt.datetime) -> None:
    assert alarms(now + dt.timedelta(minutes=30)) == {"sweep"}


def test_no_sweep_ever_is_an_alarm(now: dt.datetime) -> None:
    Sweep.objects.all().delete()
    assert alarms(now) == {"sweep"}


def test_a_database_that_takes_no_changes_is_an_alarm(now: dt.datetime) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
        assert alarms(now) == {"database"}
        transaction.set_rollback(True)


def test_mail_that_does_not_leave_is_an_alarm_and_mail_just_written_is_none(now: dt.datetime) -> None:
    item = mail()
    assert alarms(now) == set()
    OutboxItem.objects.filter(pk=item.pk).update(made_at=now - HOUR, attempts=4)
    assert alarms(now) == {"outbox"}


def test_what_was_given_up_is_an_alarm_until_somebody_decides(now: dt.datetime) -> None:
    item = mail(state=OutboxState.DEAD, settled_at=now)
    assert alarms(now) == {"given up"}
    OutboxItem.objects.filter(pk=item.pk).update(state=OutboxState.ASIDE)
    assert alarms(now) == set()


def test_an_entry_that_is_not_sealed_is_an_alarm(now: dt.datetime) -> None:
    people.unit("asia")
    Sweep.objects.update(started_at=now + HOUR, finished_at=now + HOUR)
    assert alarms(now + HOUR) == {"history"}


def test_an_upload_that_nobody_reads_is_an_alarm(now: dt.datetime) -> None:
    Upload.objects.create(name="a.txt", content=b"a", size=1, sha256="0" * 64, at=now - HOUR, by=make_user())
    chain.seal()
    assert alarms(now) == {"uploads"}


def test_a_disk_that_fills_up_is_an_alarm_while_there_is_room(now: dt.datetime, settings: Any) -> None:
    settings.HEALTH_FREE_MEGABYTES = 10**12
    assert alarms(now) == {"disk"}


def test_clocks_apart_are_an_alarm(now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_CLOCK", -1.0)
    assert alarms(now) == {"clocks"}


def test_the_command_is_silent_about_nothing_and_says_by_its_status_whether_all_is_well(
    now: dt.datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("follow_up_health")
    assert capsys.readouterr().err == ""
    Sweep.objects.all().delete()
    with pytest.raises(SystemExit) as ended:
        call_command("follow_up_health")
    assert ended.value.code == 1
    assert "ALARM sweep: No sweep has ever finished" in capsys.readouterr().err


def test_the_command_answers_where_there_is_no_database(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def away(now: dt.datetime) -> Any:
        raise OperationalError("connection refused")

    monkeypatch.setattr("tracker.management.commands.follow_up_health.watch", away)
    with pytest.raises(SystemExit) as ended:
        call_command("follow_up_health")
    assert ended.value.code == 2
    assert "connection refused" in capsys.readouterr().err


def test_operators_see_everything_on_one_page(now: dt.datetime, django_assert_max_num_queries: Any) -> None:
    client = Client()
    client.force_login(people.person("root", role="administrator"))
    client.get("/admin/tracker/sweep/operations/")
    with django_assert_max_num_queries(22):
        page = client.get("/admin/tracker/sweep/operations/")
    assert page.status_code == 200
    assert all(queue.length is not None for queue in page.context["queues"])
    assert b"the last sweep finished" in page.content
    assert b"/admin/tracker/sweep/operations/" in client.get("/admin/").content


def test_the_page_opens_where_redis_is_away(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    client = Client()
    client.force_login(people.person("root", role="administrator"))
    assert b"Redis does not answer" in client.get("/admin/tracker/sweep/operations/").content


@pytest.mark.parametrize("role", ["reader", "desk_officer", "head_of_unit", "auditor"])
def test_the_page_is_for_administrators(role: str) -> None:
    client = Client()
    client.force_login(people.person("somebody", role=role))
    assert client.get("/admin/tracker/sweep/operations/").status_code == 403
