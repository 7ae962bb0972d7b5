"""Steps that wait for a second person, where the unit wants one."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.models import checks
from tracker.models.commitments import Commitment, Obligor
from tracker.models.instruments import Instrument
from tracker.models.people import Person
from tracker.models.vocabulary import Status, SubmissionKind, SubmissionState

_DECIDED_BY_ANOTHER = (SubmissionState.ACCEPTED, SubmissionState.REJECTED)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Submissions by what is to be done about them."""

    def pending(self) -> Self:
        """Those that nobody has decided."""
        return self.filter(state=SubmissionState.PENDING)


class Submission(models.Model):
    """A step as its author entered it. It has no effect until another person accepts it; then it becomes a step.

    A commitment has at most one that waits, so that a decision is always about the commitment as it stands.
    """

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="submissions", verbose_name=_("commitment")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=SubmissionKind)
    note = models.TextField(_("note"), help_text=_("what happened, or why the day is moved"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    asked = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="asked_to_accept",
        verbose_name=_("asked to accept"),
        help_text=_("whose list it is on; others who may accept can do so as well"),
    )

    to_status = models.CharField(_("to"), max_length=16, choices=Status, blank=True)
    on = models.DateField(_("on"), null=True, blank=True)
    obligor = models.ForeignKey(
        Obligor, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("obligor")
    )
    by_instrument = models.ForeignKey(
        Instrument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by the instrument"),
    )
    by_commitment = models.ForeignKey(
        Commitment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by the commitment"),
    )
    to_day = models.DateField(_("new last day"), null=True, blank=True)
    brought_forward = models.BooleanField(_("brought forward"), default=False)

    state = models.CharField(
        pgettext_lazy("of a record", "state"), max_length=10, choices=SubmissionState, default=SubmissionState.PENDING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_submissions",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_why = models.TextField(_("why it was sent back"), blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["at", "pk"]
        constraints = [
            checks.known("submission", "kind", SubmissionKind),
            checks.known("submission", "state", SubmissionState),
            checks.known("submission", "to_status", Status, blank=True),
            checks.filled("submission", "note"),
            models.CheckConstraint(
                name="submission_says_what_its_kind_needs",
                condition=(Q(kind=SubmissionKind.STATUS, on__isnull=False, to_day__isnull=True) & ~Q(to_status=""))
                | Q(kind=SubmissionKind.EXTENSION, to_day__isnull=False, to_status="", on__isnull=True),
            ),
            models.CheckConstraint(
                name="submission_decided_by_somebody",
                condition=Q(state=SubmissionState.PENDING, decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state=SubmissionState.PENDING) & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            # A null is no answer here: while it is pending nobody has decided, and the rule above says so.
            models.CheckConstraint(
                name="submission_decided_by_another",
                condition=~Q(state__in=_DECIDED_BY_ANOTHER) | ~Q(decided_by=F("by")),
            ),
            models.CheckConstraint(
                name="submission_withdrawn_by_its_author",
                condition=~Q(state=SubmissionState.WITHDRAWN) | Q(decided_by=F("by")),
            ),
            models.CheckConstraint(
                name="submission_sent_back_with_a_reason",
                condition=~Q(state=SubmissionState.REJECTED) | ~Q(decided_why=""),
            ),
            models.UniqueConstraint(
                fields=["commitment"], condition=Q(state=SubmissionState.PENDING), name="submission_one_pending"
            ),
        ]

    def __str__(self) -> str:
        what = self.get_to_status_display() if self.kind == SubmissionKind.STATUS else str(self.to_day)
        return f"{self.commitment}: {what} ({self.get_state_display()})"
