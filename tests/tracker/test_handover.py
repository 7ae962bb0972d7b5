"""An officer moves: everything open goes to another in one step, on record."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError

from tests.tracker.makers import NOW, TODAY, make_commitment, make_unit, make_user
from tracker import assignment, followup, progress
from tracker.models import Commitment, FollowUp, HandOver, Person, Submission, Unit
from tracker.models.edits import ForbiddenError, RefusedError, StaleError

pytestmark = pytest.mark.django_db


def person(unit: Unit | None, role: str = "desk_officer") -> Person:
    return make_user(role, unit=unit).person


def hand_over(from_person: Person, to_person: Person, by: Person | None = None, **fields: Any) -> HandOver:
    said = {"by": (by or from_person).user, "reason": "Posted to Baku.", "now": NOW, **fields}
    return assignment.hand_over(from_person, to_person, **said)


def items(officer: Person, number: int = 2, **fields: Any) -> list[Commitment]:
    return [make_commitment(officer=officer, **{"unit": officer.unit, **fields}) for _ in range(number)]


def test_what_is_open_goes_to_the_colleague_and_what_is_closed_or_anothers_stays() -> None:
    desk = make_unit()
    aigerim, dauren, third = person(desk), person(desk), person(desk)
    moving = items(aigerim) + items(aigerim, 1, status="in_progress")
    staying = items(aigerim, 1, status="fulfilled") + items(aigerim, 1, review="rejected") + items(third, 1)
    handed = hand_over(aigerim, dauren)
    assert set(dauren.commitments.all()) == set(moving)
    assert set(Commitment.objects.exclude(officer=dauren)) == set(staying)
    assert set(Commitment.objects.values_list("unit", flat=True)) == {desk.pk}
    assert (handed.from_person, handed.to_person, handed.by, handed.at) == (aigerim, dauren, aigerim.user, NOW)
    assert (handed.reason, set(handed.commitments.all())) == ("Posted to Baku.", set(moving))


def test_a_page_from_before_is_stale() -> None:
    desk = make_unit()
    aigerim, dauren = person(desk), person(desk)
    (item,) = items(aigerim, 1)
    hand_over(aigerim, dauren)
    with pytest.raises(StaleError):
        progress.record_status(
            item.pk, to="in_progress", on=TODAY, note="-", by=aigerim.user, version=item.version, now=NOW
        )


def test_follow_ups_to_come_are_the_new_officers() -> None:
    desk = make_unit()
    aigerim, dauren = person(desk), person(desk)
    items(aigerim, 1, due_on=TODAY)
    hand_over(aigerim, dauren)
    followup.sweep(on=TODAY, now=NOW)
    assert FollowUp.objects.filter(commitment__officer=dauren).count() == FollowUp.objects.count() == 1


def test_submissions_to_accept_go_along_but_never_to_their_author() -> None:
    desk = make_unit()
    Unit.objects.filter(pk=desk.pk).update(second_person=True)
    desk.refresh_from_db()
    aigerim, dauren, third = person(desk), person(desk), person(desk)
    for author, item in zip((dauren, third), items(aigerim), strict=True):
        progress.record_status(item.pk, to="in_progress", on=TODAY, note="-", by=author.user, version=1, now=NOW)
    assert set(Submission.objects.values_list("asked", flat=True)) == {aigerim.pk}
    assert hand_over(aigerim, dauren).submissions == 2
    assert Submission.objects.get(by=third.user).asked == dauren
    assert Submission.objects.get(by=dauren.user).asked is None


def test_a_hundred_items_take_as_many_statements_as_one(django_assert_max_num_queries: Any) -> None:
    desk = make_unit()
    aigerim, dauren = person(desk), person(desk)
    text = make_commitment(unit=desk, officer=aigerim).text
    Commitment.objects.bulk_create(
        Commitment(
            text=text, counted=True, start=n, end=n + 5, title="-", force="commitment", read_on=TODAY, made_on=TODAY,
            unit=desk, officer=aigerim,
        )
        for n in range(100, 200)
    )  # fmt: skip
    with django_assert_max_num_queries(16):
        hand_over(aigerim, dauren)
    assert dauren.commitments.count() == 101


@pytest.mark.parametrize(
    ("who", "to", "allowed"),
    [
        ("self", "colleague", True),
        ("colleague", "colleague", False),
        ("head", "colleague", True),
        ("administrator", "colleague", True),
        ("foreign_head", "colleague", False),
        ("auditor", "colleague", False),
        ("self", "elsewhere", False),
        ("colleague", "elsewhere", False),
        ("head", "elsewhere", True),
        ("administrator", "elsewhere", True),
        ("foreign_head", "elsewhere", False),
        ("auditor", "elsewhere", False),
    ],
)
def test_officers_give_theirs_to_colleagues_heads_and_administrators_to_anybody(
    who: str, to: str, allowed: bool
) -> None:
    desk, other = make_unit(), make_unit()
    aigerim = person(desk)
    people = {
        "self": aigerim,
        "colleague": person(desk),
        "elsewhere": person(other),
        "head": person(desk, "head_of_unit"),
        "foreign_head": person(other, "head_of_unit"),
        "administrator": person(None, "administrator"),
        "auditor": person(None, "auditor"),
    }
    items(aigerim)
    if allowed:
        hand_over(aigerim, people[to], by=people[who])
        assert {(each.officer, each.unit) for each in Commitment.objects.all()} == {(people[to], people[to].unit)}
    else:
        with pytest.raises(ForbiddenError):
            hand_over(aigerim, people[to], by=people[who])
        assert aigerim.commitments.count() == 2


def test_an_officer_who_moved_already_leaves_the_items_in_their_unit() -> None:
    desk, other = make_unit(), make_unit()
    aigerim, dauren, head = person(desk), person(desk), person(desk, "head_of_unit")
    items(aigerim)
    aigerim.unit = other
    aigerim.save()
    hand_over(aigerim, dauren, by=head)
    assert {each.unit for each in dauren.commitments.all()} == {desk}


@pytest.mark.parametrize("role", ["reader", "auditor"])
def test_items_go_to_somebody_who_can_act(role: str) -> None:
    desk = make_unit()
    aigerim = person(desk)
    with pytest.raises(RefusedError, match="can't take items over"):
        hand_over(aigerim, person(desk, role))
    gone = person(desk)
    gone.user.is_active = False
    gone.user.save()
    with pytest.raises(RefusedError, match="can't take items over"):
        hand_over(aigerim, gone)


def test_it_needs_a_reason_another_person_and_a_unit_to_go_to() -> None:
    desk = make_unit()
    aigerim = person(desk)
    items(aigerim)
    with pytest.raises(RefusedError, match="why"):
        hand_over(aigerim, person(desk), reason=" ")
    with pytest.raises(RefusedError, match="another person"):
        hand_over(aigerim, aigerim)
    with pytest.raises(RefusedError, match="no unit"):
        hand_over(aigerim, person(None), by=person(None, "administrator"))


def test_the_record_outlives_the_people() -> None:
    desk = make_unit()
    aigerim, dauren = person(desk), person(desk)
    hand_over(aigerim, dauren)
    for each in (aigerim, dauren):
        with pytest.raises(ProtectedError):
            each.user.delete()
    with pytest.raises(IntegrityError, match="handover_to_another"):
        HandOver.objects.update(to_person=aigerim)
