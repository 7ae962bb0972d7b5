"""Long work is done in portions that people can watch and stop, by whichever worker comes, each portion once."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from tests.tracker import people
from tests.tracker.at_once import in_threads
from tests.tracker.makers import make_commitment
from tracker import ingest, jobs, rereading, spreadsheets
from tracker.jobs import working
from tracker.jobs.kinds import importing
from tracker.models import AuditEntry, Commitment, Job, Note, Text
from tracker.models import Rereading as Done
from tracker.models.edits import ForbiddenError
from tracker.models.jobs import ATTEMPTS, LEASE
from tracker.models.vocabulary import JobKind, JobState

pytestmark = pytest.mark.django_db
at_once = pytest.mark.django_db(transaction=True)

NOW = timezone.now()
LATER = NOW + LEASE + dt.timedelta(minutes=1)


class KilledError(BaseException):
    """What nobody catches, as SIGKILL."""


@pytest.fixture
def admin() -> User:
    return people.person("admin", "administrator", None)


@pytest.fixture
def aigerim() -> User:
    return people.person("aigerim")


def notes(number: int, by: User) -> list[list[Any]]:
    """The orders of an import that adds a note to each of so many new commitments."""
    made = [make_commitment(unit=by.person.unit) for _ in range(number)]
    return [[row, each.pk, each.version, {"add_note": f"Note {row}"}] for row, each in enumerate(made, 2)]


def imported(by: User, orders: list[list[Any]]) -> Job:
    return jobs.ask(JobKind.IMPORT, {"name": "notes.xlsx", "orders": orders}, by=by, now=NOW)


def now_of(job: Job) -> Job:
    job.refresh_from_db()
    return job


def before_portion(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], None]) -> None:
    """Let something happen in the middle of each portion of an import; it is told how many rows were done before."""
    plain = importing.Importing.portion

    def portion(self: importing.Importing) -> None:
        before = self.job.done
        plain(self)
        act(before)

    monkeypatch.setattr(importing.Importing, "portion", portion)


def test_a_job_tells_how_far_it_is(aigerim: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "ROWS", 2)
    seen = []
    before_portion(monkeypatch, lambda _: seen.append(tuple(Job.objects.values_list("state", "done", "total").get())))
    job = imported(aigerim, notes(5, aigerim))
    assert jobs.to_do(NOW) == [job.pk]
    assert not jobs.work(job.pk, NOW)
    assert seen == [("running", 0, 5), ("running", 2, 5), ("running", 4, 5)]
    assert (now_of(job).state, job.done, job.report["changed"]) == (JobState.DONE, 5, 5)
    assert jobs.to_do(LATER) == []


def test_a_job_that_is_stopped_in_the_middle_keeps_what_is_done_and_says_so(
    aigerim: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "ROWS", 2)
    job = imported(aigerim, notes(6, aigerim))
    before_portion(monkeypatch, lambda done: done == 2 and jobs.cancel(job.pk, by=aigerim, now=NOW) and None)
    jobs.work(job.pk, NOW)
    assert (now_of(job).state, job.done, job.total) == (JobState.CANCELLED, 4, 6)
    assert job.cancel_asked_by == aigerim
    assert job.report["changed"] == len(job.report["lines"]) == Note.objects.count() == 4
    assert not jobs.work(job.pk, LATER)


def test_a_job_that_waits_is_stopped_at_once(aigerim: User) -> None:
    job = imported(aigerim, notes(1, aigerim))
    assert jobs.cancel(job.pk, by=aigerim, now=NOW).state == JobState.CANCELLED
    jobs.work(job.pk, NOW)
    assert not Note.objects.exists()
    with pytest.raises(jobs.RefusedError, match="ended already"):
        jobs.cancel(job.pk, by=aigerim, now=NOW)


def test_only_who_asked_and_administrators_may_stop_a_job(aigerim: User, admin: User) -> None:
    job = imported(aigerim, notes(1, aigerim))
    for stranger in (people.person("dauren"), people.person("head", "head_of_unit"), people.person("a", "auditor")):
        assert job not in jobs.known(stranger)
        with pytest.raises(jobs.RefusedError, match="no such job"):
            jobs.cancel(job.pk, by=stranger, now=NOW)
    assert jobs.cancel(job.pk, by=admin, now=NOW).cancel_asked_by == admin


@pytest.mark.parametrize("kind", [JobKind.REREADING, JobKind.SWEEP])
def test_only_administrators_read_everything_again(kind: JobKind, aigerim: User, admin: User) -> None:
    with pytest.raises(ForbiddenError):
        jobs.ask(kind, {}, by=aigerim, now=NOW)
    jobs.ask(kind, {}, by=admin, now=NOW)
    with pytest.raises(jobs.RefusedError, match="at work already"):
        jobs.ask(kind, {}, by=admin, now=NOW)


def test_a_reader_imports_nothing_and_nobody_asks_without_end(aigerim: User) -> None:
    with pytest.raises(ForbiddenError):
        imported(people.person("reader", "reader"), [])
    for _ in range(5):
        imported(aigerim, [])
    with pytest.raises(jobs.RefusedError, match="not ended"):
        imported(aigerim, [])


def test_the_job_of_a_killed_worker_is_begun_again_once_behind_what_is_done(
    aigerim: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "ROWS", 2)
    job = imported(aigerim, notes(6, aigerim))

    def kill(done: int) -> None:
        if done == 2 and now_of(job).attempts == 1:
            raise KilledError

    before_portion(monkeypatch, kill)
    with pytest.raises(KilledError):
        jobs.work(job.pk, NOW)
    assert (now_of(job).state, job.done, Note.objects.count()) == (JobState.RUNNING, 2, 2)
    assert jobs.to_do(NOW + LEASE / 2) == []
    assert not jobs.work(job.pk, NOW + LEASE / 2)
    assert (now_of(job).attempts, jobs.to_do(LATER)) == (1, [job.pk])
    jobs.work(job.pk, LATER)
    assert (now_of(job).state, job.attempts, job.done) == (JobState.DONE, 2, 6)
    assert job.report["changed"] == Note.objects.count() == 6


def test_what_breaks_down_three_workers_is_failed_and_says_so(aigerim: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def kill(_: int) -> None:
        raise KilledError

    before_portion(monkeypatch, kill)
    job = imported(aigerim, notes(1, aigerim))
    for number in range(ATTEMPTS):
        with pytest.raises(KilledError):
            jobs.work(job.pk, NOW + 2 * number * LEASE)
    jobs.work(job.pk, NOW + 2 * ATTEMPTS * LEASE)
    assert (now_of(job).state, job.error, Note.objects.count()) == (JobState.FAILED, "It broke off 3 times.", 0)


def test_a_worker_that_was_only_slow_keeps_nothing_of_its_portion(
    aigerim: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = imported(aigerim, notes(3, aigerim))
    other: list[bool] = []

    def overtaken(_: int) -> None:
        if not other:
            other.append(True)
            Job.objects.update(alive_at=LATER, attempts=2)  # as another worker's claim writes it

    before_portion(monkeypatch, overtaken)
    assert not jobs.work(job.pk, NOW)
    assert (Note.objects.count(), now_of(job).state) == (0, JobState.RUNNING)


def test_what_goes_wrong_is_told_and_the_portion_undone(aigerim: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise ValueError("no such thing\nand more that nobody needs")

    before_portion(monkeypatch, fail)
    job = imported(aigerim, notes(1, aigerim))
    jobs.work(job.pk, NOW)
    assert (now_of(job).state, job.error) == (JobState.FAILED, "ValueError: no such thing")
    assert (Note.objects.count(), job.ended_at is not None, job.backend) == (0, True, None)


def test_a_worker_leaves_a_long_job_to_the_next_ring(aigerim: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "ROWS", 1)
    job, rings = imported(aigerim, notes(4, aigerim)), 1
    while jobs.work(job.pk, NOW, seconds=0.0001):
        assert (now_of(job).state, job.attempts) == (JobState.WAITING, 0)
        rings += 1
        if rings > 3:
            break
    monkeypatch.undo()
    jobs.work(job.pk, NOW)
    assert (now_of(job).state, job.done, Note.objects.count()) == (JobState.DONE, 4, 4)
    assert rings > 1


def test_an_import_in_portions_equals_one_at_once(aigerim: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "ROWS", 2)
    orders = notes(5, aigerim)
    orders[1][2] += 1  # stale
    orders[3][3] = {"status": "fulfilled", "status_note": "-"}  # no evidence
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
    whole = spreadsheets.carry_out([spreadsheets.Order(*each) for each in orders], "n.xlsx", by=aigerim, now=NOW)
    kept = list(Note.objects.values_list("commitment", "words"))
    with connection.cursor() as cursor:
        cursor.execute("ROLLBACK TO SAVEPOINT before")
    job = imported(aigerim, orders)
    jobs.work(job.pk, NOW)
    assert now_of(job).report["lines"] == [importing.kept(line) for line in whole.lines]
    assert (job.report["changed"], job.report["refused"]) == (whole.changed, whole.refused) == (3, 2)
    assert list(Note.objects.values_list("commitment", "words")) == kept
    entry = AuditEntry.objects.filter(model="tracker.note").latest("pk")
    assert (entry.reason, entry.actor) == ("notes.xlsx, row 6", "aigerim")


@pytest.mark.parametrize("slice_of", [100, 4_000_000])
def test_an_export_holds_the_rows_in_their_order_and_nothing_of_other_units(
    slice_of: int, aigerim: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "SLICE", slice_of)
    mine = [make_commitment(unit=aigerim.person.unit) for _ in range(3)]
    theirs = make_commitment(unit=people.unit("europe"))
    keys = [mine[2].pk, theirs.pk, mine[0].pk, mine[1].pk]
    job = jobs.ask(JobKind.EXPORT, {"keys": keys}, by=aigerim, now=NOW)
    jobs.work(job.pk, NOW)
    book = load_workbook(io.BytesIO(bytes(now_of(job).file or b"")))
    assert [row[0].value for row in book["commitments"].iter_rows(min_row=2)] == [keys[0], keys[2], keys[3]]
    assert (job.state, job.done, job.file_name[-5:]) == (JobState.DONE, 4, ".xlsx")


def test_an_export_is_stopped_between_its_rows_and_leaves_no_file(
    aigerim: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.jobs.kinds.exporting.PIECES", 1)
    made = make_commitment(unit=aigerim.person.unit)
    job = jobs.ask(JobKind.EXPORT, {"keys": [made.pk] * 350}, by=aigerim, now=NOW)
    plain = working._Worker._note

    def note(self: Any) -> None:
        plain(self)
        if self.job.done >= 100 and not now_of(job).cancel_asked_at:
            jobs.cancel(job.pk, by=aigerim, now=NOW)

    monkeypatch.setattr(working._Worker, "_note", note)
    jobs.work(job.pk, NOW)
    assert (now_of(job).state, job.file) == (JobState.CANCELLED, None)
    assert 100 <= job.done < 350


def test_files_are_forgotten_after_a_week_and_what_came_of_them_is_not(aigerim: User) -> None:
    made = make_commitment(unit=aigerim.person.unit)
    job = jobs.ask(JobKind.EXPORT, {"keys": [made.pk]}, by=aigerim, now=NOW)
    jobs.work(job.pk, NOW)
    assert jobs.forget(NOW + dt.timedelta(days=6)) == 0
    assert jobs.forget(NOW + dt.timedelta(days=8)) == 1
    assert (now_of(job).file, job.wanted, job.report) == (None, {}, {"rows": 1})
    assert jobs.forget(NOW + dt.timedelta(days=8)) == 0


@pytest.fixture
def old_texts(parsed: Any) -> list[Text]:
    """Three texts read by an older parser, which missed the first commitment in each."""
    texts = [ingest.ingest(f"Statement {number}.".encode(), f"{number}.txt", now=NOW).text for number in range(3)]
    texts = list(Text.objects.filter(pk__in=[text.pk for text in texts]).order_by("pk"))
    Text.objects.update(parser_version="0")
    for text in texts:
        Commitment.objects.filter(text=text).order_by("start").first().delete()
    return texts


@pytest.mark.parametrize("apply", [True, False])
def test_reading_all_texts_again_says_what_it_changed(apply: bool, admin: User, old_texts: list[Text]) -> None:
    before = Commitment.objects.count()
    job = jobs.ask(JobKind.REREADING, {"apply": apply}, by=admin, now=NOW)
    jobs.work(job.pk, NOW)
    number = len(old_texts)
    assert (now_of(job).state, job.done, job.total) == (JobState.DONE, number, number), job.error
    assert job.report["counts"]["gained"] == number
    assert [line["text"] for line in job.report["lines"]] == [text.pk for text in old_texts]
    assert Commitment.objects.count() == before + (number if apply else 0)
    assert Done.objects.filter(by=admin).count() == (number if apply else 0)
    assert rereading.outdated().count() == (0 if apply else number)


def test_a_text_that_can_not_be_read_again_does_not_stop_the_others(
    admin: User, old_texts: list[Text], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = rereading.plan_anew

    def plan(text_id: int, now: dt.datetime) -> Any:
        if text_id == old_texts[0].pk:
            raise ingest.RefusedError("It is torn.")
        return plain(text_id, now)

    monkeypatch.setattr(rereading, "plan_anew", plan)
    job = jobs.ask(JobKind.REREADING, {"apply": True}, by=admin, now=NOW)
    jobs.work(job.pk, NOW)
    assert (now_of(job).state, job.done, job.report["refused"]) == (JobState.DONE, len(old_texts), 1)
    assert job.report["lines"][0]["refusal"] == "It is torn."
    assert rereading.outdated().count() == 1


@at_once
def test_of_two_workers_one_does_a_job(aigerim: User) -> None:
    job = imported(aigerim, notes(3, aigerim))
    came = in_threads([lambda: jobs.work(job.pk, NOW)] * 6)
    assert came == [False] * 6
    assert (now_of(job).state, job.attempts, Note.objects.count()) == (JobState.DONE, 1, 3)
