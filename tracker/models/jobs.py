"""Long work that people can watch and stop."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.models import checks
from tracker.models.vocabulary import JobKind, JobState

LEASE = dt.timedelta(minutes=10)
"""A running job that has shown no sign of life for so long was lost with its worker, and is begun again; longer than
the longest portion, a document that takes five minutes to read."""

ATTEMPTS = 3
"""So often a job is begun; what breaks down three workers is failed, and says so."""

PUT_OFF = dt.timedelta(hours=1)
"""A full sweep that somebody has stopped is not begun again by itself for so long."""

KEPT = dt.timedelta(days=7)
"""So long a job's file can be downloaded; then it is forgotten, with the rows that were asked for."""


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by what is to be done about them."""

    def to_do(self, now: dt.datetime) -> Self:
        """Those that wait, and those whose worker never came back; the oldest first."""
        lost = Q(state=JobState.RUNNING, alive_at__lt=now - LEASE)
        return self.filter(Q(state=JobState.WAITING) | lost).order_by("pk")

    def moving(self) -> Self:
        """Those that have not ended."""
        return self.filter(state__in=(JobState.WAITING, JobState.RUNNING))

    def for_lists(self) -> Self:
        """What a list shows, without what is big."""
        return self.select_related("asked_by", "cancel_asked_by").defer("wanted", "report", "file")

    def sweep_put_off_until(self, now: dt.datetime) -> dt.datetime | None:
        """When the full sweep that somebody has stopped is begun again by itself; None where none waits so."""
        ended = self.filter(kind=JobKind.SWEEP, ended_at__isnull=False).order_by("-pk")
        last = ended.only("state", "ended_at").first()
        if last is None or last.ended_at is None or last.state != JobState.CANCELLED:
            return None
        until = last.ended_at + PUT_OFF
        return until if until > now else None


class Job(models.Model):
    """One piece of long work: who asked for it, how far it is, what came of it, and its file where it makes one.

    It is done in portions, each a transaction of its own; between two of them it notes how far it is, and stops where
    somebody has asked it to. `wanted` is what was asked for (ids and filters, never words to run), `done` and `total`
    count texts, rows or flags, `report` is what came of it.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=JobKind)
    wanted = models.JSONField(_("what was asked for"), default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name=_("asked by"),
        help_text=_("empty for the sweep and for commands"),
    )
    asked_at = models.DateTimeField(_("asked at"))
    state = models.CharField(
        pgettext_lazy("of a record", "state"), max_length=10, choices=JobState, default=JobState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    alive_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), null=True, blank=True)
    backend = models.IntegerField(_("backend of the database"), null=True, blank=True)
    cancel_asked_at = models.DateTimeField(_("asked to stop at"), null=True, blank=True)
    cancel_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cancelled_jobs",
        verbose_name=_("asked to stop by"),
    )
    report = models.JSONField(_("what came of it"), default=dict)
    error = models.TextField(_("why not"), blank=True)
    file_name = models.CharField(_("file name"), max_length=255, blank=True)
    file = models.BinaryField(_("file"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]
        constraints = [
            checks.known("job", "kind", JobKind),
            checks.known("job", "state", JobState),
            models.CheckConstraint(name="job_failed_says_why", condition=~Q(state=JobState.FAILED) | ~Q(error="")),
            models.CheckConstraint(name="job_file_has_a_name", condition=Q(file__isnull=True) | ~Q(file_name="")),
        ]
        indexes = [
            models.Index(fields=["id"], name="job_to_do", condition=Q(state__in=(JobState.WAITING, JobState.RUNNING)))
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"

    @property
    def is_moving(self) -> bool:
        """Whether its state will change without anybody doing anything."""
        return self.state in (JobState.WAITING, JobState.RUNNING)
