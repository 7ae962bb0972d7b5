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

LEASE = dt.timedelta(minutes=5)
"""A running job that has shown no sign of life for so long was lost with its worker, and is begun again."""

ATTEMPTS = 3
"""So often a job is begun; what breaks down three workers is failed, and says so."""


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by what is to be done about them."""

    def to_do(self, now: dt.datetime) -> Self:
        """Those that wait, and those whose worker never came back; the oldest first."""
        lost = Q(state=JobState.RUNNING, alive_at__lt=now - LEASE)
        return self.filter(Q(state=JobState.WAITING) | lost).order_by("pk")


class Job(models.Model):
    """One piece of long work: who asked for it, how far it is, what came of it, and its file where it makes one.

    It is done in portions, each a transaction of its own; between two of them it notes how far it is, and stops where
    somebody has asked it to. `wanted` is what was asked for (ids and filters, never words to run), `done` and `total`
    count portions, `report` is what came of it.
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
