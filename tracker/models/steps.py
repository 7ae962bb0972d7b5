"""The record of what became of a promise."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.commitments import Commitment, Obligor
from tracker.models.vocabulary import Status


class StatusStep(models.Model):
    """One entry in the record: on that day the status went from one word to another, or news came and it stayed.

    With an obligor it is that party's status, without one it is the whole commitment's.
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
    evidence = models.URLField(_("evidence"), max_length=1000, blank=True, help_text=_("a link"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="status_steps", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("status step")
        verbose_name_plural = _("status steps")
        ordering = ["commitment", "at", "pk"]
        constraints = [
            checks.known("statusstep", "from_status", Status),
            checks.known("statusstep", "to_status", Status),
            checks.filled("statusstep", "note"),
            models.CheckConstraint(
                name="statusstep_evidence_is_a_web_address",
                condition=models.Q(evidence="") | models.Q(evidence__regex=r"^https?://"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.get_from_status_display()} → {self.get_to_status_display()}"
