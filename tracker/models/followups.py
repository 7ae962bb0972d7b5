"""Flags that somebody must look, the rules that raise them, and the runs that raised them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.models import checks
from tracker.models.commitments import Commitment
from tracker.models.vocabulary import Closure, FollowUpState, Reason


class FollowUpRule(models.Model):
    """When a reason arises. Periods are settings: staff change these rows, never the code.

    `days` counts, by reason: after the last day (overdue), before it (due soon), without evidence (quiet, awaiting a
    date), since it was read (review waiting).
    """

    reason = models.CharField(_("reason"), max_length=16, choices=Reason, unique=True)
    days = models.PositiveSmallIntegerField(_("days"))
    enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        verbose_name = _("follow-up rule")
        verbose_name_plural = _("follow-up rules")
        ordering = ["reason"]
        constraints = [checks.known("followuprule", "reason", Reason)]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.days})"


_FIRST_RULES = {
    Reason.OVERDUE: 0,
    Reason.DUE_SOON: 30,
    Reason.QUIET: 180,
    Reason.AWAITING_DATE: 30,
    Reason.REVIEW_WAITING: 7,
}


def seed_rules() -> None:
    """Give each reason that has no rule its first one; what staff have set is left alone."""
    FollowUpRule.objects.bulk_create(
        [FollowUpRule(reason=reason, days=days) for reason, days in _FIRST_RULES.items()], ignore_conflicts=True
    )


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Follow-ups by what is to be done about them."""

    def open(self) -> Self:
        """Those that somebody must still look at."""
        return self.filter(state=FollowUpState.OPEN)


class FollowUp(models.Model):
    """A flag that somebody must look at a commitment, for one reason and one occasion.

    `occasion` is the day that gave rise to it (ISO 8601: the last day, the day of the last evidence, the day of the
    reading), so that the same occasion is raised once ever; where a day is moved, that is another occasion. A flag
    whose reason comes back (a closed commitment is opened again) is opened again, it is not raised twice.
    """

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="followups", verbose_name=_("commitment")
    )
    reason = models.CharField(_("reason"), max_length=16, choices=Reason)
    occasion = models.CharField(_("occasion"), max_length=40)
    state = models.CharField(
        pgettext_lazy("of a record", "state"), max_length=8, choices=FollowUpState, default=FollowUpState.OPEN
    )
    raised_on = models.DateField(_("raised on"))
    raised_at = models.DateTimeField(_("raised at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_because = models.CharField(_("closed because"), max_length=12, choices=Closure, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["-raised_at", "pk"]
        constraints = [
            checks.known("followup", "reason", Reason),
            checks.known("followup", "state", FollowUpState),
            checks.known("followup", "closed_because", Closure, blank=True),
            checks.filled("followup", "occasion"),
            models.UniqueConstraint(fields=["commitment", "reason", "occasion"], name="followup_occasion_once"),
            models.UniqueConstraint(
                fields=["commitment", "reason"],
                condition=models.Q(state=FollowUpState.OPEN),
                name="followup_one_open_a_reason",
            ),
            models.CheckConstraint(
                name="followup_closed_for_a_reason",
                condition=models.Q(state=FollowUpState.OPEN, closed_at__isnull=True, closed_because="")
                | (models.Q(state=FollowUpState.CLOSED, closed_at__isnull=False) & ~models.Q(closed_because="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["reason", "raised_on"],
                name="followup_open_by_reason",
                condition=models.Q(state=FollowUpState.OPEN),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.commitment}"


class Sweep(models.Model):
    """A finished run of the sweep; the age of the last one tells whether follow-up is alive."""

    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), db_index=True)
    on = models.DateField(_("day"))
    raised = models.PositiveIntegerField(_("raised"))
    cleared = models.PositiveIntegerField(_("cleared"))

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")
        ordering = ["-finished_at"]
        get_latest_by = "finished_at"
        constraints = [
            models.CheckConstraint(
                name="sweep_ends_after_it_starts",
                condition=models.Q(finished_at__gte=models.F("started_at")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d %H:%M:%S}"
