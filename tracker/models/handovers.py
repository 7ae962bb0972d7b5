"""The record of an officer's open items going to another."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.commitments import Commitment
from tracker.models.people import Person


class HandOver(models.Model):
    """Everything open that one person answered for went to another, in one step."""

    from_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="handed_over", verbose_name=_("from")
    )
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="taken_over", verbose_name=_("to"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    commitments = models.ManyToManyField(Commitment, related_name="hand_overs", verbose_name=_("commitments"))
    submissions = models.PositiveIntegerField(_("submissions to accept"), help_text=_("how many went along"))

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["-at", "-pk"]
        constraints = [
            checks.filled("handover", "reason"),
            models.CheckConstraint(name="handover_to_another", condition=~Q(from_person=F("to_person"))),
        ]

    def __str__(self) -> str:
        return f"{self.from_person} → {self.to_person}"
