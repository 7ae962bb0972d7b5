"""The record of what became of a promise, and of the days by which it was to be kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.commitments import Commitment, Obligor
from tracker.models.instruments import Instrument
from tracker.models.submissions import Submission
from tracker.models.vocabulary import Precision, Status


class StatusStep(models.Model):
    """One entry in the record: on that day the status went from one word to another, or news came and it stayed.

    With an obligor it is that party's status, without one it is the whole commitment's. An entry stands: what was
    submitted and not accepted is a `Submission`, and never among them. Migration 0004 has the database hold that a
    verdict (fulfilled, partly, not) has evidence.
    """

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="steps", verbose_name=_("commitment")
    )
    obligor = models.ForeignKey(
        Obligor, on_delete=models.CASCADE, null=True, blank=True, related_name="steps", verbose_name=_("obligor")
    )
    from_status = models.CharField(_("from"), max_length=16, choices=Status)
    to_status = models.CharField(_("to"), max_length=16, choices=Status)
    on = models.DateField(_("on"))
    note = models.TextField(_("note"))
    by_instrument = models.ForeignKey(
        Instrument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by the instrument"),
        help_text=_("the instrument that waived or superseded it"),
    )
    by_commitment = models.ForeignKey(
        Commitment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by the commitment"),
        help_text=_("the commitment that took its place"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="status_steps", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    submission = models.OneToOneField(
        Submission,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="status_step",
        verbose_name=_("submission"),
        help_text=_("what a second person accepted; empty where none was needed"),
    )

    class Meta:
        verbose_name = _("status step")
        verbose_name_plural = _("status steps")
        ordering = ["commitment", "at", "pk"]
        constraints = [
            checks.known("statusstep", "from_status", Status),
            checks.known("statusstep", "to_status", Status),
            checks.filled("statusstep", "note"),
            models.CheckConstraint(
                name="statusstep_superseded_by_something",
                condition=~Q(to_status=Status.SUPERSEDED)
                | Q(by_instrument__isnull=False)
                | Q(by_commitment__isnull=False),
            ),
            models.CheckConstraint(
                name="statusstep_not_by_itself",
                condition=Q(by_commitment__isnull=True) | ~Q(by_commitment=F("commitment")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.get_from_status_display()} → {self.get_to_status_display()}"

    @property
    def evidence(self) -> str:
        """The first web address among its evidence, or nothing; a list prefetches `proofs`."""
        return next((each.link for each in self.proofs.all() if each.link), "")


class DeadlineStep(models.Model):
    """The last day of a commitment was moved. What the words say, and why they were read so, stays as it was."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="deadline_steps", verbose_name=_("commitment")
    )
    from_day = models.DateField(_("from"))
    from_precision = models.CharField(_("precision before"), max_length=8, choices=Precision)
    to_day = models.DateField(_("to"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deadline_steps", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    submission = models.OneToOneField(
        Submission,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deadline_step",
        verbose_name=_("submission"),
        help_text=_("what a second person accepted; empty where none was needed"),
    )

    class Meta:
        verbose_name = _("deadline step")
        verbose_name_plural = _("deadline steps")
        ordering = ["commitment", "at", "pk"]
        constraints = [
            checks.known("deadlinestep", "from_precision", Precision),
            checks.filled("deadlinestep", "reason"),
            models.CheckConstraint(name="deadlinestep_moves", condition=~Q(from_day=F("to_day"))),
        ]

    def __str__(self) -> str:
        return f"{self.from_day} → {self.to_day}"
