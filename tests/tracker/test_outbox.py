"""What is owed to the outside is sent at least once, under one id, on a schedule, and nothing stands in its way."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tracker.makers import NOW, make_user
from tests.tracker.owing import at, end_leases, endpoint, inside, mail, many, officer, webhook
from tests.tracker.receiving import receiver
from tracker import outbox, receivers
from tracker.models import Delivery, OutboxItem
from tracker.models.edits import ForbiddenError
from tracker.models.outbox import PAUSES
from tracker.models.vocabulary import OutboxState
from tracker.outbox import relay
from tracker.outbox.outcome import Ended, Outcome
from tracker.tasks import deliver

pytestmark = pytest.mark.django_db


class Answers:
    """Stands for every receiver: notes what it was given and answers as told."""

    def __init__(self, *answers: Outcome) -> None:
        self.answers = list(answers) or [Outcome(Ended.DELIVERED, "200 OK")]
        self.given: list[OutboxItem] = []

    def __call__(self, item: OutboxItem) -> Outcome:
        self.given.append(item)
        return self.answers[min(len(self.given), len(self.answers)) - 1]


FAILED = Outcome(Ended.FAILED, "500 Internal Server Error")


def test_what_is_due_is_sent_and_its_try_is_on_record() -> None:
    item = webhook(endpoint("https://registry.example.kz/"))
    done = relay.deliver(NOW, send=Answers())
    item.refresh_from_db()
    tried = Delivery.objects.get()
    assert (done.delivered, item.state, item.attempts, item.leased_until) == (1, OutboxState.SENT, 1, None)
    assert (tried.item, tried.delivered, tried.answer) == (item, True, "200 OK")
    assert item.settled_at is not None
    assert relay.deliver(NOW, send=Answers()).delivered == 0


def test_what_is_not_due_yet_waits() -> None:
    webhook(endpoint("https://registry.example.kz/"), next_try_at=at(60))
    assert relay.deliver(NOW, send=Answers()).delivered == 0
    assert relay.deliver(at(61), send=Answers()).delivered == 1


def test_every_pause_is_as_the_schedule_says_and_after_the_last_it_is_given_up() -> None:
    item = webhook(endpoint("https://registry.example.kz/"))
    moment = NOW
    for number, pause in enumerate(PAUSES, start=1):
        relay.deliver(moment, send=Answers(FAILED))
        item.refresh_from_db()
        late = item.next_try_at - (moment + pause)
        assert (item.attempts, item.state) == (number, OutboxState.WAITING)
        assert dt.timedelta(0) <= late < dt.timedelta(seconds=5)
        assert relay.deliver(item.next_try_at - dt.timedelta(seconds=10), send=Answers()).delivered == 0
        moment = item.next_try_at
    assert relay.deliver(moment, send=Answers(FAILED)).dead == 1
    item.refresh_from_db()
    assert (item.state, item.attempts) == (OutboxState.DEAD, len(PAUSES) + 1)
    assert dt.timedelta(days=3) <= moment - NOW < dt.timedelta(days=3, hours=1)
    assert outbox.alarms() == outbox.Alarms(waiting=0, oldest=None, dead=1)
    assert Delivery.objects.filter(delivered=False).count() == len(PAUSES) + 1


def test_what_was_given_up_is_sent_again_under_its_id() -> None:
    item = webhook(endpoint("https://registry.example.kz/"), state=OutboxState.DEAD, attempts=8, settled_at=NOW)
    assert receivers.send_again([item.pk], by=make_user("administrator"), now=NOW) == 1
    answers = Answers(FAILED, Outcome(Ended.DELIVERED, "200 OK"))
    relay.deliver(NOW, send=answers)
    relay.deliver(at(PAUSES[0].total_seconds() + 5), send=answers)
    again = OutboxItem.objects.get()
    assert (again.state, again.attempts, again.event) == (OutboxState.SENT, 2, item.event)
    assert [each.event for each in answers.given] == [item.event, item.event]


def test_only_what_was_given_up_is_sent_again() -> None:
    sent = webhook(endpoint("https://registry.example.kz/"), state=OutboxState.SENT, attempts=1, settled_at=NOW)
    assert receivers.send_again([sent.pk], by=make_user("administrator"), now=NOW) == 0


@pytest.mark.parametrize("role", ["reader", "desk_officer", "head_of_unit", "auditor"])
def test_only_administrators_send_again(role: str) -> None:
    item = webhook(endpoint("https://registry.example.kz/"), state=OutboxState.DEAD, settled_at=NOW)
    with pytest.raises(ForbiddenError):
        receivers.send_again([item.pk], by=make_user(role), now=NOW)


def test_a_claim_of_somebody_who_went_away_is_taken_over_when_its_lease_is_over() -> None:
    item = webhook(endpoint("https://registry.example.kz/"))
    OutboxItem.objects.filter(pk=item.pk).update(leased_until=at(days=9999), attempts=1, fence=1)
    assert relay.deliver(NOW, send=Answers()).delivered == 0
    end_leases()
    assert relay.deliver(NOW, send=Answers()).delivered == 1
    item.refresh_from_db()
    assert (item.attempts, item.fence) == (2, 2)


def test_who_lost_the_lease_settles_nothing_but_its_try_is_on_record() -> None:
    item = webhook(endpoint("https://registry.example.kz/"))
    run = relay._Run(NOW, dt.timedelta(minutes=2))
    (mine,) = relay._claim(run)
    end_leases()
    (theirs,) = relay._claim(run)
    relay._settle(run, mine, FAILED, NOW, 5)
    item.refresh_from_db()
    assert (item.state, item.fence, item.leased_until is not None) == (OutboxState.WAITING, 2, True)
    relay._settle(run, theirs, Outcome(Ended.DELIVERED, "200 OK"), NOW, 5)
    item.refresh_from_db()
    assert item.state == OutboxState.SENT
    assert list(Delivery.objects.values_list("delivered", flat=True)) == [False, True]


def test_what_goes_wrong_inside_is_an_answer_and_the_next_item_is_sent() -> None:
    to = endpoint("https://registry.example.kz/")
    broken, good = webhook(to), webhook(to)

    def send(item: OutboxItem) -> Outcome:
        if item.pk == broken.pk:
            raise ZeroDivisionError("a secret of ours")
        return Outcome(Ended.DELIVERED, "200 OK")

    assert relay.deliver(NOW, send=send).delivered == 1
    good.refresh_from_db()
    assert good.state == OutboxState.SENT
    assert Delivery.objects.get(item=broken).answer == "ZeroDivisionError"


def test_a_receiver_that_fails_is_left_alone_and_the_others_get_theirs() -> None:
    bad, good = endpoint("https://bad.example.kz/"), endpoint("https://good.example.kz/")
    many(200, [bad], [])
    many(20, [good], [])
    asked: list[int] = []

    def send(item: OutboxItem) -> Outcome:
        asked.append(item.endpoint_id or 0)
        return FAILED if item.endpoint_id == bad.pk else Outcome(Ended.DELIVERED, "200 OK")

    assert relay.deliver(NOW, send=send).delivered == 20
    assert asked.count(bad.pk) < relay.ENOUGH + relay.FOR_ONE
    assert relay.deliver(NOW, send=send).failed >= relay.ENOUGH  # the next run tries it again


def test_a_slow_receiver_leaves_room_for_the_others() -> None:
    slow, quick = endpoint("https://slow.example.kz/"), endpoint("https://quick.example.kz/")
    many(50, [slow], [])
    many(50, [quick], [])
    done: list[int] = []
    released = threading.Event()

    def send(item: OutboxItem) -> Outcome:
        if item.endpoint_id == slow.pk:
            released.wait(20)
        done.append(item.endpoint_id or 0)
        if done.count(quick.pk) == 50:
            released.set()
        return Outcome(Ended.DELIVERED, "200 OK")

    relay.deliver(NOW, send=send)
    assert done[:50] == [quick.pk] * 50
    assert len(done) == 100


def test_one_person_who_is_refused_holds_up_nobody_else() -> None:
    bad, good = officer("gone@mfa.example.kz"), officer("here@mfa.example.kz")
    many(20, [], [bad])
    many(20, [], [good])

    def send(item: OutboxItem) -> Outcome:
        return Outcome(
            *((Ended.REFUSED, "refused: 550") if item.person_id == bad.pk else (Ended.DELIVERED, "accepted"))
        )

    assert relay.deliver(NOW, send=send).delivered == 20


def test_what_waits_for_a_receiver_that_is_switched_off_is_held_back() -> None:
    off = endpoint("https://registry.example.kz/", enabled=False)
    webhook(off)
    assert relay.deliver(NOW, send=Answers()).delivered == 0
    assert outbox.alarms().waiting == 0
    off.enabled = True
    off.save()
    assert outbox.alarms() == outbox.Alarms(waiting=1, oldest=NOW, dead=0)
    assert relay.deliver(NOW, send=Answers()).delivered == 1


def test_a_run_ends_when_its_time_is_over_and_settles_what_is_on_its_way() -> None:
    many(50, [endpoint("https://registry.example.kz/")], [])

    def send(item: OutboxItem) -> Outcome:
        threading.Event().wait(0.3)
        return Outcome(Ended.DELIVERED, "200 OK")

    done = relay.deliver(NOW, seconds=0.5, send=send)
    assert 0 < done.delivered < 50
    assert OutboxItem.objects.filter(leased_until__isnull=False).count() == 0


def test_where_nothing_is_due_one_statement_says_so() -> None:
    many(30, [endpoint("https://registry.example.kz/")], [])
    OutboxItem.objects.update(next_try_at=at(days=1))
    with CaptureQueriesContext(
        connection,
    ) as statements:
        relay.deliver(NOW, send=Answers())
    assert len(statements) == 1


def test_the_task_sends_what_is_due(settings: Any) -> None:
    inside(settings)
    with receiver() as there:
        item = webhook(endpoint(there.url()), next_try_at=NOW - dt.timedelta(days=400))
        deliver()
    assert there.taken() == {str(item.event): 1}


def test_an_id_is_never_used_twice(settings: Any) -> None:
    item = webhook(endpoint("https://registry.example.kz/"))
    assert isinstance(item.event, uuid.UUID)
    with pytest.raises(Exception, match="duplicate key"):
        webhook(item.endpoint, event=item.event)  # type: ignore[arg-type]


def test_who_is_gone_by_then_is_written_to_no_more(mailoutbox: list[Any]) -> None:
    person = officer()
    mail(person)
    User.objects.filter(pk=person.user_id).update(is_active=False)
    assert relay.deliver(NOW).dead == 1
    assert mailoutbox == []
    assert Delivery.objects.get().answer == "nobody to send to: the account is switched off"
