"""A long spreadsheet is tried out as a job: what each row would change is shown, and carried out from there."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.tracker import people
from tests.tracker.makers import make_commitment
from tracker import jobs, tasks
from tracker.admin import sheets
from tracker.jobs.kinds import trying
from tracker.models import Commitment, Job, Note
from tracker.models.vocabulary import JobState

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows are many, two are a portion, and nobody rings."""
    monkeypatch.setattr(sheets, "TRIED_AT_ONCE", 2)
    monkeypatch.setattr(trying, "ROWS", 2)
    monkeypatch.setattr(tasks, "ring_jobs", lambda pks: None)


@pytest.fixture
def aigerim(client: Client) -> User:
    """A desk officer, who is signed in."""
    user = people.person("aigerim")
    client.force_login(user)
    return user


def made(number: int, by: User) -> list[Commitment]:
    return [make_commitment(unit=by.person.unit) for _ in range(number)]


def send(client: Client, rows: list[list[Any]]) -> Any:
    """Upload a file with these rows of id, version, note."""
    sheet = io.StringIO()
    csv.writer(sheet).writerows([["id", "version", "add_note", "odd"], *([*row, ""] for row in rows)])
    upload = SimpleUploadedFile("notes.csv", sheet.getvalue().encode())
    return client.post(reverse("admin:tracker_commitment_import"), {"sheet": upload})


def tried(client: Client, rows: list[list[Any]]) -> Job:
    answer = send(client, rows)
    job = Job.objects.get()
    assert answer.url == reverse("admin:tracker_job_change", args=[job.pk])
    jobs.work(job.pk, NOW)
    job.refresh_from_db()
    return job


def test_a_short_file_is_tried_at_once(client: Client, aigerim: User) -> None:
    answer = send(client, [[each.pk, each.version, "Note"] for each in made(2, aigerim)])
    assert answer.status_code == 200
    assert answer.context["report"].changed == 2
    assert not Job.objects.exists()


def test_a_long_file_is_tried_as_a_job_that_shows_every_row_and_changes_nothing(client: Client, aigerim: User) -> None:
    one, two, three = made(3, aigerim)
    rows = [[one.pk, one.version, "First"], [two.pk, 99, "Second"], [three.pk, three.version, ""], [one.pk, 1, "Again"]]
    job = tried(client, rows)
    assert job.state == JobState.DONE
    assert (job.report["changed"], job.report["refused"], job.report["unchanged"]) == (1, 2, 1)
    assert not Note.objects.exists()
    shown = client.get(reverse("admin:tracker_job_change", args=[job.pk])).content.decode()
    assert "First" in shown
    assert "This commitment is in row 2 already." in shown
    assert "nothing is changed yet" in shown
    assert "odd" in shown
    assert reverse("admin:tracker_job_carry_out", args=[job.pk]) in shown


def test_what_a_trial_has_shown_is_carried_out_from_its_page(client: Client, aigerim: User) -> None:
    found = made(3, aigerim)
    job = tried(client, [[each.pk, each.version, f"Note {each.pk}"] for each in found])
    Commitment.objects.filter(pk=found[0].pk).update(version=7)
    client.post(reverse("admin:tracker_job_carry_out", args=[job.pk]))
    carried = Job.objects.latest("pk")
    jobs.work(carried.pk, NOW)
    carried.refresh_from_db()
    assert (carried.report["changed"], carried.report["refused"]) == (2, 1)
    assert set(Note.objects.values_list("commitment", flat=True)) == {found[1].pk, found[2].pk}


def test_only_whoever_tried_it_carries_it_out_and_not_for_ever(client: Client, aigerim: User) -> None:
    job = tried(client, [[each.pk, each.version, "Note"] for each in made(3, aigerim)])
    with pytest.raises(jobs.RefusedError):
        jobs.carry_out(job.pk, by=people.person("root", "administrator", None), now=NOW)
    Job.objects.update(wanted={})
    with pytest.raises(jobs.RefusedError, match="too long ago"):
        jobs.carry_out(job.pk, by=aigerim, now=NOW)


def test_a_trial_in_which_nothing_would_change_has_nothing_to_carry_out(client: Client, aigerim: User) -> None:
    job = tried(client, [[each.pk, each.version, ""] for each in made(3, aigerim)])
    with pytest.raises(jobs.RefusedError, match="No row would change"):
        jobs.carry_out(job.pk, by=aigerim, now=NOW)


def test_a_trial_that_was_stopped_is_not_carried_out(client: Client, aigerim: User) -> None:
    send(client, [[each.pk, each.version, "Note"] for each in made(3, aigerim)])
    job = Job.objects.get()
    moving = client.get(reverse("admin:tracker_job_change", args=[job.pk])).content.decode()
    assert "it changes nothing" in moving
    jobs.cancel(job.pk, by=aigerim, now=NOW)
    assert "It changed nothing." in client.get(reverse("admin:tracker_job_change", args=[job.pk])).content.decode()
    with pytest.raises(jobs.RefusedError):
        jobs.carry_out(job.pk, by=aigerim, now=NOW)


def test_a_trial_keeps_what_postgresql_keeps_in_no_json(client: Client, aigerim: User) -> None:
    found = made(3, aigerim)
    job = tried(client, [[each.pk, each.version, "a\0b"] for each in found])
    assert job.state == JobState.DONE
    assert {line["refusal"] for line in job.report["lines"]} == {"There are characters that can't be kept."}
