"""A sweep over very much is a job: its progress is seen, it is stopped as a whole, and a killed one is taken over."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections
from django.utils import timezone

from tests.tracker import people
from tests.tracker.at_once import in_threads
from tests.tracker.makers import make_commitment
from tracker import jobs, standing
from tracker.jobs import backends, sweeps
from tracker.models import FollowUp, Job, Sweep
from tracker.models.jobs import ATTEMPTS, PUT_OFF
from tracker.models.vocabulary import JobKind, JobState
from tracker.tasks import run_sweep

pytestmark = pytest.mark.django_db
at_once = pytest.mark.django_db(transaction=True)

NOW = timezone.now()


@pytest.fixture
def admin() -> User:
    return people.person("admin", "administrator", None)


def test_an_ordinary_sweep_is_no_job_and_pays_nothing_for_jobs(django_assert_num_queries: Any) -> None:
    make_commitment(due_on="2020-03-01")
    assert run_sweep(NOW).ran
    with django_assert_num_queries(3 + 2):  # as many as without jobs, and the savepoint of this test
        assert run_sweep(NOW).ran
    assert not Job.objects.exists()


def test_a_full_sweep_over_many_is_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "MANY", 2)
    for _ in range(3):
        make_commitment(due_on="2020-03-01")
    swept = run_sweep(NOW)
    job = Job.objects.get()
    assert (swept.ran, swept.full, sum(swept.raised.values())) == (True, True, FollowUp.objects.count())
    assert (job.state, job.asked_by, job.done) == (JobState.DONE, None, FollowUp.objects.count())
    assert job.report["raised"]["overdue"] == 3
    assert run_sweep(NOW).ran
    assert Job.objects.count() == 1


def held_up(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let every sweep stay in a statement of PostgreSQL after it has raised its flags; the event says that one does."""
    there, plain = threading.Event(), standing.raise_what_holds

    def slowly(*given: Any) -> Any:
        came = plain(*given)
        there.set()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")
        return came

    monkeypatch.setattr(standing, "raise_what_holds", slowly)
    return there


@at_once
def test_a_full_sweep_is_stopped_by_postgresql_and_nothing_is_half_done(
    admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "MANY", 2)
    for _ in range(3):
        make_commitment(due_on="2020-03-01")
    there = held_up(monkeypatch)
    seen: dict[str, Any] = {}

    def stop() -> None:
        assert there.wait(20)
        job = Job.objects.get()
        seen.update(backend=job.backend, raised=jobs.raised_so_far(job), at_work=backends.at_work(job))
        seen["again"] = run_sweep(NOW).ran  # the lock is held, and the job is in good hands
        jobs.cancel(job.pk, by=admin, now=NOW)

    swept, stopped = in_threads([lambda: run_sweep(NOW), stop])
    assert stopped is None
    assert (swept.ran, swept.full) == (False, True)
    job = Job.objects.get()
    assert (job.state, job.cancel_asked_by, job.done) == (JobState.CANCELLED, admin, 0)
    assert (seen["raised"], seen["at_work"], seen["again"]) == (3, True, False)
    assert not FollowUp.objects.exists()
    assert not Sweep.objects.exists()
    monkeypatch.undo()
    monkeypatch.setattr(sweeps, "MANY", 2)
    ended = job.ended_at or NOW
    assert Job.objects.sweep_put_off_until(ended) == ended + PUT_OFF
    assert not run_sweep(ended + PUT_OFF / 2).ran
    assert run_sweep(ended + PUT_OFF).ran
    assert FollowUp.objects.exists()


@at_once
def test_a_sweep_whose_worker_was_killed_is_taken_over_by_the_next_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "MANY", 2)
    for _ in range(3):
        make_commitment(due_on="2020-03-01")
    there = held_up(monkeypatch)

    def kill() -> None:
        assert there.wait(20)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [Job.objects.get().backend])

    in_threads([lambda: run_sweep(NOW), kill])
    assert not FollowUp.objects.exists()
    monkeypatch.undo()
    monkeypatch.setattr(sweeps, "MANY", 2)
    assert run_sweep(NOW + dt.timedelta(minutes=1)).ran
    assert (Job.objects.get().state, Job.objects.get().attempts) == (JobState.DONE, 2)
    connections.close_all()


def test_a_sweep_that_breaks_down_three_workers_is_failed_and_the_next_ring_begins_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sweeps, "MANY", 2)
    for _ in range(3):
        make_commitment(due_on="2020-03-01")
    lost = {"state": JobState.RUNNING, "attempts": ATTEMPTS, "alive_at": NOW, "backend": 1}
    job = Job.objects.create(kind=JobKind.SWEEP, asked_at=NOW, wanted={}, **lost)
    assert not run_sweep(NOW).ran
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "It broke off 3 times.")
    assert run_sweep(NOW).ran


def test_an_administrator_ends_the_pause_by_asking_for_a_sweep(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "MANY", 2)
    for _ in range(3):
        make_commitment(due_on="2020-03-01")
    Job.objects.create(kind=JobKind.SWEEP, asked_at=NOW, state=JobState.CANCELLED, ended_at=NOW)
    assert not run_sweep(NOW).ran
    job = jobs.ask(JobKind.SWEEP, {}, by=admin, now=NOW)
    jobs.work(job.pk, NOW)
    assert Job.objects.sweep_put_off_until(NOW) is None
    assert FollowUp.objects.exists()
    assert run_sweep(NOW).ran
