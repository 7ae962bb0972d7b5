"""The pages of long work: the list, the bar that moves, the way to stop, the file and the report."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.tracker import people
from tests.tracker.makers import make_commitment
from tracker import jobs, tasks
from tracker.admin import sheets
from tracker.models import Commitment, Job, Note
from tracker.models.vocabulary import JobKind, JobState

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LIST = "admin:tracker_job_changelist"


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The jobs that were rung for."""
    rung: list[int] = []
    monkeypatch.setattr(tasks, "ring_jobs", rung.extend)
    return rung


@pytest.fixture
def aigerim(client: Client) -> User:
    """A desk officer, who is signed in."""
    user = people.person("aigerim")
    client.force_login(user)
    return user


def page(job: Job) -> str:
    return reverse("admin:tracker_job_change", args=[job.pk])


def step(job: Job, name: str) -> str:
    return reverse(f"admin:tracker_job_{name}", args=[job.pk])


def exported(by: User) -> Job:
    """A finished export of one commitment."""
    made = make_commitment(unit=by.person.unit)
    job = jobs.ask(JobKind.EXPORT, {"keys": [made.pk]}, by=by, now=NOW)
    jobs.work(job.pk, NOW)
    job.refresh_from_db()
    return job


def running(by: User | None, kind: str = JobKind.IMPORT, **columns: Any) -> Job:
    """A job that a worker is at."""
    told = {"state": JobState.RUNNING, "alive_at": NOW, "started_at": NOW, "done": 3, "total": 12, **columns}
    return Job.objects.create(kind=kind, asked_by=by, asked_at=NOW, wanted={"language": "en"}, **told)


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_person_sees_their_own_jobs_and_an_administrator_all(client: Client, aigerim: User) -> None:
    mine, theirs = running(aigerim), running(people.person("dauren"))
    told = words(client, reverse(LIST))
    assert page(mine) in told
    assert page(theirs) not in told
    assert "3 / 12" in told
    assert client.get(page(theirs)).status_code == 404
    client.force_login(people.person("admin", "administrator", None))
    assert page(theirs) in words(client, reverse(LIST))
    assert client.get(page(theirs)).status_code == 200


def test_the_page_of_a_job_at_work_shows_how_far_it_is_and_asks_again(client: Client, aigerim: User) -> None:
    job = running(aigerim)
    told = words(client, page(job))
    assert '<progress value="3" max="12"' in told
    assert "3 of 12 done" in told
    assert "tracker/intake.js" in told
    assert step(job, "cancel") in told
    piece = words(client, f"{page(job)}?part=progress")
    assert 'data-moving="1"' in piece
    assert "<html" not in piece
    Job.objects.update(state=JobState.DONE, ended_at=NOW)
    assert 'data-moving="0"' in words(client, f"{page(job)}?part=progress")
    assert "tracker/intake.js" not in words(client, page(job))


def test_a_sweep_at_work_tells_what_it_has_raised(client: Client) -> None:
    client.force_login(people.person("admin", "administrator", None))
    made = make_commitment()
    job = running(None, JobKind.SWEEP, done=0, total=None, report={"from": jobs.last_number()})
    people.flag(made)
    assert "1 follow-up raised" in words(client, page(job))


def test_a_job_is_stopped_by_who_asked_and_by_nobody_else(client: Client, aigerim: User) -> None:
    job, theirs = running(aigerim), running(people.person("dauren"))
    assert client.get(step(job, "cancel")).status_code == 405
    assert client.post(step(theirs, "cancel")).status_code == 404
    assert client.post(step(job, "cancel"), follow=True).status_code == 200
    assert "asked to stop" in words(client, page(job))
    assert list(Job.objects.filter(cancel_asked_at__isnull=False)) == [job]


def test_a_job_that_has_ended_says_that_it_can_not_be_stopped(client: Client, aigerim: User) -> None:
    job = exported(aigerim)
    assert "It has ended already." in client.post(step(job, "cancel"), follow=True).content.decode()


def test_a_file_is_for_who_asked_for_it_alone(client: Client, aigerim: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.admin.jobs.SLICE", 1000)
    job = exported(aigerim)
    assert step(job, "file") in words(client, page(job))
    answer = client.get(step(job, "file"))
    assert b"".join(answer.streaming_content) == bytes(job.file or b"")
    assert answer["Content-Length"] == str(len(job.file or b""))
    assert job.file_name in answer["Content-Disposition"]
    for name, role in (("dauren", "desk_officer"), ("admin", "administrator"), ("auditor", "auditor")):
        client.force_login(people.person(name, role))
        assert client.get(step(job, "file")).status_code == 404
    client.logout()
    assert client.get(step(job, "file")).status_code == 302


def test_a_forgotten_file_says_so(client: Client, aigerim: User) -> None:
    job = exported(aigerim)
    jobs.forget(NOW + dt.timedelta(days=8))
    assert "no longer kept" in words(client, page(job))
    assert client.get(step(job, "file")).status_code == 404


def test_a_long_export_is_a_job_of_the_same_rows_in_the_same_order(
    client: Client, aigerim: User, rung: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "XLSX_AT_ONCE", 1)
    for _ in range(3):
        make_commitment(unit=aigerim.person.unit)
    address = reverse("admin:tracker_commitment_export_xlsx")
    assert "3 rows" in words(client, address)
    assert not Job.objects.exists()
    answer = client.post(f"{address}?o=-1")
    job = Job.objects.get()
    assert (answer["Location"], rung) == (page(job), [job.pk])
    assert sorted(job.wanted["keys"]) == sorted(Commitment.objects.values_list("pk", flat=True))


def test_a_long_import_is_a_job_and_its_report_is_on_its_page(
    client: Client, aigerim: User, rung: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "IMPORT_AT_ONCE", 1)
    made = [make_commitment(unit=aigerim.person.unit) for _ in range(2)]
    rows = [[2, made[0].pk, 1, {"add_note": "Called <b>them</b>"}], [3, made[1].pk, 9, {"add_note": "-"}]]
    sealed = signing.dumps(["mine.xlsx", rows], salt=f"tracker.import.{aigerim.pk}", compress=True)
    answer = client.post(reverse("admin:tracker_commitment_import"), {"orders": sealed})
    job = Job.objects.get()
    assert (answer["Location"], rung, Note.objects.count()) == (page(job), [job.pk], 0)
    jobs.work(job.pk, NOW)
    told = words(client, page(job))
    assert "1 row changed, 1 row refused" in told
    assert "Called &lt;b&gt;them&lt;/b&gt;" in told
    assert "changed meanwhile" in told


@pytest.mark.parametrize("name", ["sweep", "read", "try"])
def test_only_administrators_ask_for_what_touches_everything(
    name: str, client: Client, aigerim: User, rung: list[int]
) -> None:
    address = reverse(f"admin:tracker_job_{name}")
    assert address not in words(client, reverse(LIST))
    client.post(address)
    assert not Job.objects.exists()
    client.force_login(people.person("admin", "administrator", None))
    assert address in words(client, reverse(LIST))
    assert client.get(address).status_code == 405
    client.post(address)
    assert rung == [Job.objects.get().pk]
    assert "at work already" in client.post(address, follow=True).content.decode()


def test_a_failed_job_says_why(client: Client, aigerim: User) -> None:
    job = running(aigerim, state=JobState.FAILED, error="The disk is <full>.", ended_at=NOW)
    assert "The disk is &lt;full&gt;." in words(client, page(job))


def test_a_stopped_sweep_says_when_the_next_begins(client: Client) -> None:
    client.force_login(people.person("admin", "administrator", None))
    ended = timezone.now()
    job = running(None, JobKind.SWEEP, state=JobState.CANCELLED, ended_at=ended, total=None)
    assert "The next full sweep begins at" in words(client, page(job))
    health = client.get("/healthz").json()
    assert health["status"] == "put off"


@pytest.mark.parametrize("number", [1, 8])
def test_pages_of_jobs_take_as_many_queries_whatever_there_is(
    number: int, client: Client, aigerim: User, django_assert_max_num_queries: Any
) -> None:
    texts = [make_commitment().text for _ in range(number)]
    counts = {"kept": 1, "moved": 0, "changed": 0, "gained": 2, "lost": 0}
    lines = [{"text": text.pk, "counts": counts, "refusal": ""} for text in texts]
    report = {"counts": counts, "lines": lines, "left": 0, "refused": 0}
    for _ in range(number):
        job = running(aigerim, JobKind.REREADING, state=JobState.DONE, ended_at=NOW, report=report)
    with django_assert_max_num_queries(9):
        assert words(client, page(job)).count("2 gained") == number + 1
    with django_assert_max_num_queries(9):
        words(client, reverse(LIST))
