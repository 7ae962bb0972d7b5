"""Long work in a real browser: the bar moves by itself, and the work is stopped from its page."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from tests.browser.chromium import Chromium
from tests.tracker.makers import make_commitment
from tracker import jobs
from tracker.models import Job
from tracker.models.vocabulary import JobKind, JobState

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_bar_of_a_job_moves_by_itself_until_somebody_stops_it(
    page: Chromium, live_server: Any, officer: User
) -> None:
    now = timezone.now()
    at_work = {"state": JobState.RUNNING, "alive_at": now, "started_at": now}
    job = Job.objects.create(kind=JobKind.IMPORT, asked_by=officer, asked_at=now, done=120, total=400, **at_work)
    page.open(f"{live_server.url}/admin/tracker/job/{job.pk}/change/")
    assert page.evaluate("document.querySelector('progress').value") == 120
    Job.objects.update(done=300)
    page.until("document.querySelector('progress')?.value === 300")
    page.leave("document.querySelector('form[action$=\"/cancel/\"] button').click()")
    assert "asked to stop" in page.text("[data-source]")
    Job.objects.update(state=JobState.CANCELLED, ended_at=now)
    page.until("document.querySelector('[data-moving=\"0\"]') !== null")


def test_a_finished_export_offers_its_file(page: Chromium, live_server: Any, officer: User) -> None:
    made = make_commitment(unit=officer.person.unit)
    job = jobs.ask(JobKind.EXPORT, {"keys": [made.pk]}, by=officer, now=timezone.now())
    jobs.work(job.pk, timezone.now())
    page.open(f"{live_server.url}/admin/tracker/job/")
    page.leave("document.querySelector('#result_list tbody a').click()")
    assert ".xlsx" in page.text("a.desk-primary")
