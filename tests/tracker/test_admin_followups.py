"""Follow-ups in the admin: the list, the page of one, the panel of a commitment, and what is done from each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from tests.tracker import people
from tracker.models import (
    Commitment,
    Digest,
    Escalation,
    FollowUp,
    FollowUpComment,
    OutboxItem,
    Reminder,
)
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
    return [people.flag(people.commitment(text, words, ("KAZ", "UZB"))) for words in quotes]


def _today() -> dt.date:
    return ministry_day(timezone.now())


def _page(flag: FollowUp) -> str:
    return reverse("admin:tracker_followup_change", args=[flag.pk])


def _act(client: Client, flag: FollowUp, act: str, **data: Any) -> Any:
    return client.post(reverse(f"admin:tracker_followup_{act}", args=[flag.pk]), {"version": flag.version, **data})


def _asked(client: Client, address: str, **query: Any) -> list[str]:
    client.get(address, query)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, query).status_code == 200
    return [each["sql"] for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "UPDATE"))]


def _everything(flag: FollowUp) -> None:
    """Somebody has done everything about it, it has climbed the ladder, and somebody was reminded."""
    user = people.person(f"dauren{flag.pk}", first_name="Dauren", last_name=f"Ali{flag.pk}")
    now = timezone.now()
    FollowUp.objects.filter(pk=flag.pk).update(
        acknowledged_at=now, acknowledged_by=user, assigned_to=user.person, snoozed_until=_today() + 9 * DAY
    )
    FollowUpComment.objects.create(followup=flag, words="I rang <them>.", by=user, at=now)
    for level, tells in ((1, "head"), (2, "control")):
        Escalation.objects.create(followup=flag, level=level, tells=tells, on=_today())
    digest = Digest.objects.create(person=user.person, on=_today())
    Reminder.objects.create(followup=flag, recipient=user.person, offset=14, digest=digest)


def test_the_list_says_why_and_what_was_done(aigerim: Client, flags: list[FollowUp]) -> None:
    _everything(flags[0])
    page = aigerim.get(reverse(LIST)).content.decode()
    for words in (
        f"Dauren Ali{flags[0].pk}",
        "KAZ, UZB",
        _page(flags[0]),
        "overdue (0, 14, 30)",
        "We will open a school",
    ):
        assert words in page
    row = next(row for row in aigerim.get(reverse(LIST)).context["cl"].result_list if row.pk == flags[0].pk)
    assert max(each.level for each in row.escalations.all()) == 2


def test_the_list_asks_as_often_for_many_as_for_few(aigerim: Client) -> None:
    counts = []
    for number in (2, 40):
        for each in people.many(number):
            _everything(each.followups.get())
        counts.append(len(_asked(aigerim, reverse(LIST))))
    assert counts[0] == counts[1] < 10


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {0, 1, 2}),
        ({"with": "me"}, {0, 2}),
        ({"with": "given"}, {0, 1}),
        ({"with": "nobody"}, set()),
        ({"attended": "not"}, {0, 2}),
        ({"attended": "acknowledged"}, {1}),
        ({"attended": "put_off"}, {2}),
        ({"attended": "climbed"}, {0}),
        ({"with": "me", "attended": "put_off"}, {2}),
        ({"reason__exact": "quiet"}, set()),
    ],
)
def test_the_list_is_filtered_by_whose_and_what_was_done(
    aigerim: Client, flags: list[FollowUp], query: dict[str, str], expected: set[int]
) -> None:
    me = people.Person.objects.get(user__username="aigerim")
    dauren = people.person("dauren")
    Commitment.objects.filter(pk=flags[1].commitment_id).update(officer=me)
    Commitment.objects.filter(pk=flags[2].commitment_id).update(officer=me)
    FollowUp.objects.filter(pk=flags[0].pk).update(assigned_to=me)
    FollowUp.objects.filter(pk=flags[1].pk).update(
        assigned_to=dauren.person, acknowledged_at=timezone.now(), acknowledged_by=dauren, snoozed_until=_today()
    )
    FollowUp.objects.filter(pk=flags[2].pk).update(snoozed_until=_today() + DAY)
    Escalation.objects.create(followup=flags[0], level=1, tells="head", on=_today())
    rows = aigerim.get(reverse(LIST), query).context["cl"].result_list
    assert {row.pk for row in rows} == {flags[n].pk for n in expected}


def test_the_page_tells_why_it_is_there_and_all_that_was_done(aigerim: Client, flags: list[FollowUp]) -> None:
    _everything(flags[0])
    page = aigerim.get(_page(flags[0])).content.decode()
    for words in (
        "The last day has passed, and the promise is still open.",
        "on the day itself, 14 days after, 30 days after",
        "every commitment",
        "1 January 2025",
        "I rang &lt;them&gt;.",
        "the control service",
        f"Dauren Ali{flags[0].pk}",
        "rule",
    ):
        assert words in page
    assert "Acknowledge</button>" not in page
    assert "Look at it now" in page


def test_the_page_asks_as_often_for_much_as_for_little(aigerim: Client, flags: list[FollowUp]) -> None:
    few = len(_asked(aigerim, _page(flags[0])))
    _everything(flags[1])
    for n in range(30):
        user = people.person(f"officer{n}")
        FollowUpComment.objects.create(followup=flags[1], words="-", by=user, at=timezone.now())
        digest = Digest.objects.create(person=user.person, on=_today())
        Reminder.objects.create(followup=flags[1], recipient=user.person, offset=0, digest=digest)
    assert len(_asked(aigerim, _page(flags[1]))) <= few + 1 <= 14


def test_the_page_says_what_became_of_the_mail(aigerim: Client, flags: list[FollowUp]) -> None:
    _everything(flags[0])
    assert "mail" in {field.name for field in Digest._meta.get_fields()}
    page = aigerim.get(_page(flags[0])).content.decode()
    assert "Nobody has been reminded yet." not in page
    assert "Nobody has been reminded yet." in aigerim.get(_page(flags[1])).content.decode()
    assert not OutboxItem.objects.exists()


def test_each_act_is_taken_and_one_returns_to_where_one_was(aigerim: Client, flags: list[FollowUp]) -> None:
    flag, dauren = flags[0], people.person("dauren").person
    until = (_today() + 5 * DAY).isoformat()
    acts = (
        ("acknowledge", {}),
        ("snooze", {"until": until, "reason": "The minister is away."}),
        ("give", {"to": dauren.pk}),
        ("wake", {}),
        ("comment", {"words": "I rang them."}),
    )
    for name, data in acts:
        assert _act(aigerim, flag, name, **data).headers["Location"] == _page(flag)
        flag.refresh_from_db()
    assert (flag.acknowledged_by.username, flag.assigned_to, flag.snoozed_until) == ("aigerim", dauren, None)
    assert [each.words for each in flag.comments.all()] == ["The minister is away.", "I rang them."]
    commitment = reverse("admin:tracker_commitment_change", args=[flag.commitment_id])
    answer = _act(aigerim, flag, "give", to="", back="commitment")
    assert answer.headers["Location"] == f"{commitment}#followups"


@pytest.mark.parametrize(
    ("act", "data", "told"),
    [
        ("snooze", {"until": "2020-01-01", "reason": "Typed with care."}, "a day to come"),
        ("snooze", {"until": "soon", "reason": "Typed with care."}, "Enter a valid date"),
        ("snooze", {"until": "2999-01-01", "reason": "Typed with care."}, "a year at most"),
        ("snooze", {"until": "", "reason": "Typed with care."}, "required"),
        ("comment", {"words": " "}, "required"),
        ("give", {"to": "999999"}, "not one of the available choices"),
        ("wake", {}, "not put off"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words_and_what_was_typed_stays(
    aigerim: Client, flags: list[FollowUp], act: str, data: dict[str, str], told: str
) -> None:
    answer = _act(aigerim, flags[0], act, **data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert ("Typed with care." in page) == ("Typed with care." in data.values())
    flags[0].refresh_from_db()
    assert flags[0].version == 1


def test_who_was_overtaken_is_told_of_it_and_may_send_it_again(aigerim: Client, flags: list[FollowUp]) -> None:
    said = {"until": (_today() + DAY).isoformat(), "reason": "Typed with care."}
    _act(_signed_in(people.person("dauren")), flags[0], "acknowledge")
    answer = _act(aigerim, flags[0], "snooze", **said)
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("you saw version 1, it is now 2", "acknowledged by dauren", "Typed with care."):
        assert words in page
    version = answer.context["shown"].forms["snooze"]["version"].value()
    assert _act(aigerim, flags[0], "snooze", **{**said, "version": version}).status_code == 302


def test_about_a_closed_flag_nothing_is_done_any_more(aigerim: Client, flags: list[FollowUp]) -> None:
    FollowUp.objects.update(state="closed", closed_at=timezone.now(), closed_because="evidence")
    page = aigerim.get(_page(flags[0])).content.decode()
    assert "there is news of it" in page
    assert "<textarea" not in page
    answer = _act(aigerim, flags[0], "acknowledge")
    assert (answer.status_code, "closed: there is news of it" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("act", ["acknowledge", "snooze", "wake", "give", "comment"])
def test_acts_are_for_those_who_may_act(flags: list[FollowUp], act: str) -> None:
    data = {"until": (_today() + DAY).isoformat(), "reason": "-", "words": "-", "to": ""}
    for name, role, unit, expected in (
        ("reader", "reader", "asia", 403),
        ("auditor", "auditor", None, 403),
        ("stranger", "desk_officer", "europe", 404),
    ):
        client = _signed_in(people.person(name, role, unit))
        assert _act(client, flags[0], act, **data).status_code == expected, name
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.person("dauren"))
    assert _act(strict, flags[0], act, **data).status_code == 403
    assert strict.get(reverse(f"admin:tracker_followup_{act}", args=[flags[0].pk])).status_code == 405
    flags[0].refresh_from_db()
    assert flags[0].version == 1


def test_a_flag_of_another_unit_has_no_page(flags: list[FollowUp]) -> None:
    bolat = _signed_in(people.person("bolat", unit_code="europe"))
    assert bolat.get(_page(flags[0])).status_code == 404
    for odd in ("0", "x", "9" * 30):
        assert bolat.get(f"/admin/tracker/followup/{odd}/change/").status_code == 404


def test_who_only_looks_sees_the_page_without_the_acts(flags: list[FollowUp]) -> None:
    page = _signed_in(people.person("saule", "auditor", None)).get(_page(flags[0])).content.decode()
    assert "You may look, but not change." in page
    assert "<textarea" not in page


def test_a_flag_is_offered_to_those_who_may_take_it(aigerim: Client, flags: list[FollowUp]) -> None:
    for name, role, unit in (
        ("head", "head_of_unit", "asia"),
        ("rest", "reader", "asia"),
        ("bolat", "desk_officer", "europe"),
    ):
        people.person(name, role, unit)
    shown = aigerim.get(_page(flags[0])).context["shown"]
    assert {str(label) for _value, label in shown.forms["give"].fields["to"].choices} == {
        "whom the rule tells",
        "Aigerim Bek",
        "head",
    }


def test_the_page_of_a_commitment_has_its_flags_with_their_acts(aigerim: Client, flags: list[FollowUp]) -> None:
    address = reverse("admin:tracker_commitment_change", args=[flags[0].commitment_id])
    FollowUpComment.objects.create(
        followup=flags[0], words="I rang them.", by=people.person("dauren"), at=timezone.now()
    )
    page = aigerim.get(address).content.decode()
    for words in (
        _page(flags[0]),
        "not acknowledged",
        "I rang them.",
        reverse("admin:tracker_followup_snooze", args=[flags[0].pk]),
    ):
        assert words in page
    FollowUp.objects.update(state="closed", closed_at=timezone.now(), closed_because="evidence")
    page = aigerim.get(address).content.decode()
    assert "Follow-ups that are closed" in page
    assert reverse("admin:tracker_followup_snooze", args=[flags[0].pk]) not in page


def test_the_page_of_a_commitment_asks_as_often_for_many_flags_as_for_one(
    aigerim: Client, flags: list[FollowUp]
) -> None:
    address = reverse("admin:tracker_commitment_change", args=[flags[0].commitment_id])
    few = len(_asked(aigerim, address))
    for n in range(20):
        FollowUp.objects.create(
            commitment=flags[0].commitment,
            rule=flags[0].rule,
            reason="overdue",
            occasion=_today() - n * DAY,
            state="closed",
            closed_at=timezone.now(),
            closed_because="evidence",
            raised_on=_today(),
            raised_at=timezone.now(),
        )
    for reason in ("quiet", "review_waiting", "awaiting_date"):
        made = people.flag(flags[0].commitment, reason=reason)
        FollowUpComment.objects.create(followup=made, words="-", by=people.person(reason), at=timezone.now())
    # The history names the people of the comments, in one query more.
    assert len(_asked(aigerim, address)) <= few + 3


def test_the_pages_need_no_script_and_speak_three_languages(flags: list[FollowUp]) -> None:
    for language in ("en", "kk", "ru"):
        client = _signed_in(people.person(f"user-{language}", language=language))
        with translation.override("en"):  # and back to it, whatever the request speaks
            page = client.get(_page(flags[0])).content.decode()
        assert "onclick" not in page
        assert 'style="' not in page.partition('<section class="desk">')[2].partition("</section>")[0]
