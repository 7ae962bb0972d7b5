"""Two at once: whatever people do at the same moment, no edit is silently overwritten and nothing is done twice."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from tests.tracker.at_once import in_threads
from tests.tracker.makers import NOW, TODAY, make_commitment, make_unit, make_user
from tracker import assignment, progress
from tracker.models import Commitment, StatusStep, Unit
from tracker.models.edits import RefusedError, StaleError

pytestmark = pytest.mark.django_db(transaction=True)

THREADS, EDITS_EACH, ROWS = 50, 20, 20


def _storm(edit: Callable[[int, random.Random], bool], keys: list[int]) -> Counter[bool]:
    """Fifty people, twenty edits each, on rows drawn by a fixed seed; how many were accepted and how many refused."""

    def person(seed: int) -> Callable[[], Counter[bool]]:
        def edits() -> Counter[bool]:
            drawn = random.Random(seed)  # noqa: S311  (which row is edited, no secret)
            return Counter(edit(drawn.choice(keys), drawn) for _ in range(EDITS_EACH))

        return edits

    answers = in_threads([person(seed) for seed in range(THREADS)])
    assert all(isinstance(answer, Counter) for answer in answers), [a for a in answers if not isinstance(a, Counter)]
    return sum(answers, Counter())


def test_of_a_thousand_edits_none_is_lost() -> None:
    keys = [make_commitment().pk for _ in range(ROWS)]
    officer = make_user()
    assert officer.person

    def edit(pk: int, _drawn: random.Random) -> bool:
        seen = Commitment.objects.values_list("version", flat=True).get(pk=pk)
        said: dict[str, Any] = {"on": TODAY, "note": "News.", "by": officer, "version": seen, "now": NOW}
        try:
            progress.record_status(pk, to="in_progress", **said)
        except StaleError:
            return False
        except RefusedError:  # moved on from "not started" by somebody else between the two looks
            return False
        return True

    done = _storm(edit, keys)
    versions = sum(Commitment.objects.values_list("version", flat=True)) - ROWS
    told = f"{done[True]} accepted, {done[False]} refused, {done[True] - versions} lost"
    sys.stdout.write(f"\n1,000 edits by 50 threads on 20 rows: {told}\n")
    assert done[True] + done[False] == THREADS * EDITS_EACH
    assert versions == done[True] == StatusStep.objects.count()
    assert done[False] > 0, "nobody met anybody: the test shows nothing"


def test_without_the_version_edits_are_lost() -> None:
    """The control: read, change, write, as a plain form would."""
    keys = [make_commitment().pk for _ in range(ROWS)]

    def edit(pk: int, _drawn: random.Random) -> bool:
        seen = Commitment.objects.get(pk=pk)
        seen.version += 1
        seen.save(update_fields=["version"])
        return True

    done = _storm(edit, keys)
    lost = done[True] - (sum(Commitment.objects.values_list("version", flat=True)) - ROWS)
    sys.stdout.write(f"\n1,000 edits without the version: {lost} lost\n")
    assert lost > 0


def test_of_two_who_decide_at_once_one_does() -> None:
    desk = make_unit()
    Unit.objects.update(second_person=True)
    author, *others = (make_user(unit=desk) for _ in range(7))
    made = make_commitment(unit=Unit.objects.get(pk=desk.pk))
    said: dict[str, Any] = {"on": TODAY, "note": "-", "by": author, "version": 1, "now": NOW}
    progress.record_status(made.pk, to="in_progress", **said)
    submission = made.submissions.get()
    seen: dict[str, Any] = {"version": 2, "now": NOW}
    steps = [partial(progress.accept, submission.pk, by=by, **seen) for by in others[:3]]
    steps += [partial(progress.send_back, submission.pk, reason="-", by=by, **seen) for by in others[3:]]
    done = in_threads(steps)
    assert sum(isinstance(each, Commitment) for each in done) == 1
    assert sum(isinstance(each, StaleError) for each in done) == 5
    submission.refresh_from_db()
    assert StatusStep.objects.count() == (submission.state == "accepted")


def test_two_hand_overs_at_once_move_everything_once() -> None:
    desk = make_unit()
    aigerim, dauren, third = (make_user(unit=desk).person for _ in range(3))
    for _ in range(10):
        make_commitment(unit=desk, officer=aigerim)
    done = in_threads(
        [
            lambda: assignment.hand_over(aigerim, dauren, by=aigerim.user, reason="-", now=NOW),
            lambda: assignment.hand_over(aigerim, third, by=aigerim.user, reason="-", now=NOW),
        ]
    )
    assert sorted(each.commitments.count() for each in done) == [0, 10]
    assert {each.version for each in Commitment.objects.all()} == {2}


def test_the_same_file_stored_at_once_is_one_blob() -> None:
    file = progress.File("act.pdf", b"%PDF-1 the same")
    officer, rows = make_user(), [make_commitment() for _ in range(8)]
    assert officer.person

    def step(row: Commitment) -> Callable[[], Any]:
        said: dict[str, Any] = {"on": TODAY, "note": "-", "by": officer, "version": 1, "now": NOW, "evidence": file}
        return lambda: progress.record_status(row.pk, to="fulfilled", **said)

    done = in_threads([step(row) for row in rows])
    assert all(isinstance(each, Commitment) for each in done), done
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT file_id) FROM tracker_evidence")
        assert cursor.fetchone() == (8, 1)
