"""Flags that somebody must look, the rules that raise them, what people said to them, and the runs that raised them."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.models import checks
from tracker.models.commitments import Commitment
from tracker.models.parties import Party
from tracker.models.people import Person, Unit
from tracker.models.themes import Theme
from tracker.models.vocabulary import AHEAD_REASONS, Closure, FollowUpState, Force, Reason, Tells

LONGEST = 3650
"""Days that a rule may count; and the most that it may have of them is `MOST_OFFSETS`."""

MOST_OFFSETS = 12


class FollowUpRuleQuerySet(models.QuerySet["FollowUpRule"]):
    """Rules by what they are asked for."""

    def due_soon_days(self) -> int:
        """How many days before its last day a commitment counts as due soon on lists; 0 where no rule says so."""
        offsets = self.filter(reason=Reason.DUE_SOON, enabled=True).values_list("days", flat=True)
        return max((day for days in offsets for day in days), default=0)


class FollowUpRule(models.Model):
    """When a reason arises, for which commitments, and who is told. Staff change these rows, never the code.

    `days` are offsets from the occasion, each of them one reminder: before it where the reason looks ahead (due soon,
    recurrence due, evidence expiring), after it elsewhere. The flag is raised at the first of them to be reached.
    Force, unit, party and theme narrow a rule down; each that is empty stands for all.
    """

    name = models.CharField(_("name"), max_length=100, blank=True, help_text=_("where a reason has several rules"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(LONGEST)]),
        verbose_name=_("days"),
        size=MOST_OFFSETS,
        help_text=_("one reminder at each of them, separated by commas, such as 90, 30, 7"),
    )
    force = models.CharField(_("force"), max_length=12, choices=Force, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("unit"))
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("party"), related_name="+"
    )
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("theme"), related_name="+"
    )
    tells = models.CharField(_("tells"), max_length=8, choices=Tells, default=Tells.OFFICER)
    escalates = models.BooleanField(
        _("climbs the ladder"), default=True, help_text=_("where nobody acknowledges it, others are told in turn")
    )
    regular_months = models.PositiveSmallIntegerField(
        _("months of a regular duty"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("what recurs 'regularly', without a stated period, is due so long after the last news of it"),
    )
    enabled = models.BooleanField(_("enabled"), default=True)

    objects = FollowUpRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up rule")
        verbose_name_plural = _("follow-up rules")
        ordering = ["reason", "pk"]
        constraints = [
            checks.known("followuprule", "reason", Reason),
            checks.known("followuprule", "force", Force, blank=True),
            checks.known("followuprule", "tells", Tells),
            models.CheckConstraint(name="followuprule_has_days", condition=~Q(days=[]) & Q(days__0__gte=0)),
            models.CheckConstraint(name="followuprule_months_of_regular", condition=Q(regular_months__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.get_reason_display()} ({', '.join(map(str, self.days))})"

    @property
    def looks_ahead(self) -> bool:
        """Whether its days are counted before the occasion."""
        return self.reason in AHEAD_REASONS


_FIRST_RULES: dict[Reason, tuple[list[int], Tells]] = {
    Reason.OVERDUE: ([0, 14, 30], Tells.OFFICER),
    Reason.DUE_SOON: ([30, 7], Tells.OFFICER),
    Reason.QUIET: ([180], Tells.OFFICER),
    Reason.AWAITING_DATE: ([30], Tells.OFFICER),
    Reason.REQUEST_UNANSWERED: ([90], Tells.OFFICER),
    Reason.RECURRENCE_DUE: ([30, 0], Tells.OFFICER),
    Reason.REVIEW_WAITING: ([7], Tells.OFFICER),
    Reason.SOURCE_CHANGED: ([0], Tells.OFFICER),
    Reason.EVIDENCE_EXPIRING: ([30], Tells.OFFICER),
    Reason.EXTENSION_ASKED: ([0], Tells.HEAD),
}


def seed_rules() -> None:
    """Give each reason that has no rule its first one; what staff have set is left alone."""
    present = set(FollowUpRule.objects.values_list("reason", flat=True))
    FollowUpRule.objects.bulk_create(
        FollowUpRule(reason=reason, days=days, tells=tells)
        for reason, (days, tells) in _FIRST_RULES.items()
        if reason not in present
    )


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Follow-ups by what is to be done about them."""

    def open(self) -> Self:
        """Those that somebody must still look at."""
        return self.filter(state=FollowUpState.OPEN)

    def unacknowledged(self) -> Self:
        """Open ones of which nobody has said yet that they act."""
        return self.open().filter(acknowledged_at__isnull=True)

    def put_off(self, on: dt.date) -> Self:
        """Open ones that are to be looked at again only after `on`."""
        return self.open().filter(snoozed_until__gt=on)

    def of(self, person: Person) -> Self:
        """Open ones that are with a person: given to the person, or to nobody, where the person is the officer."""
        theirs = Q(assigned_to=person) | Q(assigned_to__isnull=True, commitment__officer=person)
        return self.open().filter(theirs)


class FollowUp(models.Model):
    """A flag that somebody must look at a commitment, by one rule and for one occasion.

    `occasion` is the day that gave rise to it (the last day, the day of the last evidence, the day of the reading), so
    that the same occasion is raised once ever; where a day is moved, that is another occasion. A flag whose reason
    comes back (a closed commitment is opened again) is opened again, it is not raised twice. What people do about a
    flag (acknowledge, put off, give to somebody) changes only in `tracker.attending`.
    """

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="followups", verbose_name=_("commitment")
    )
    rule = models.ForeignKey(
        FollowUpRule, on_delete=models.PROTECT, related_name="followups", verbose_name=_("follow-up rule")
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    occasion = models.DateField(_("occasion"))
    state = models.CharField(
        pgettext_lazy("of a record", "state"), max_length=8, choices=FollowUpState, default=FollowUpState.OPEN
    )
    raised_on = models.DateField(_("raised on"))
    raised_at = models.DateTimeField(_("raised at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_because = models.CharField(_("closed because"), max_length=12, choices=Closure, blank=True)

    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="acknowledged_followups",
        verbose_name=_("acknowledged by"),
    )
    snoozed_until = models.DateField(
        _("put off until"), null=True, blank=True, help_text=_("the first day on which it is to be looked at again")
    )
    assigned_to = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="followups",
        verbose_name=_("given to"),
        help_text=_("empty for whom the rule tells"),
    )
    version = models.PositiveIntegerField(_("version"), default=1, db_default=1)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["-raised_at", "pk"]
        constraints = [
            checks.known("followup", "reason", Reason),
            checks.known("followup", "state", FollowUpState),
            checks.known("followup", "closed_because", Closure, blank=True),
            models.UniqueConstraint(fields=["commitment", "rule", "occasion"], name="followup_occasion_once"),
            models.UniqueConstraint(
                fields=["commitment", "rule"],
                condition=models.Q(state=FollowUpState.OPEN),
                name="followup_one_open_a_rule",
            ),
            models.CheckConstraint(
                name="followup_closed_for_a_reason",
                condition=models.Q(state=FollowUpState.OPEN, closed_at__isnull=True, closed_because="")
                | (models.Q(state=FollowUpState.CLOSED, closed_at__isnull=False) & ~models.Q(closed_because="")),
            ),
            models.CheckConstraint(
                name="followup_acknowledged_by_somebody",
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["reason", "raised_on"],
                name="followup_open_by_reason",
                condition=models.Q(state=FollowUpState.OPEN),
            ),
            models.Index(
                fields=["occasion"],
                name="followup_open_due_soon",
                condition=models.Q(state=FollowUpState.OPEN, reason=Reason.DUE_SOON),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({date_format(self.occasion, 'DATE_FORMAT')})"


class FollowUpComment(models.Model):
    """What somebody wrote to a follow-up. It stands; whoever was wrong writes another."""

    followup = models.ForeignKey(
        FollowUp, on_delete=models.CASCADE, related_name="comments", verbose_name=_("follow-up")
    )
    words = models.TextField(_("comment"), max_length=4000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="followup_comments", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("comment on a follow-up")
        verbose_name_plural = _("comments on a follow-up")
        ordering = ["followup", "pk"]
        constraints = [checks.filled("followupcomment", "words")]

    def __str__(self) -> str:
        return f"{self.followup}: {self.words[:80]}"


class Touched(models.Model):
    """That a commitment was changed since a sweep last looked at it; written by triggers (migration 0006), whoever
    made the change and in whatever way, and taken out by the sweep that has looked. The same one may be in it twice:
    a unique key would make people wait for the sweep.
    """

    commitment_id = models.BigIntegerField(_("commitment"))

    class Meta:
        verbose_name = _("changed commitment")
        verbose_name_plural = _("changed commitments")

    def __str__(self) -> str:
        return str(self.commitment_id)


class Sweep(models.Model):
    """A finished run of the sweep; the age of the last one tells whether follow-up is alive.

    `law` is a digest of the rules it applied: while it stays the same, the next run need only look at the days that
    have come since and at what was touched. `full` says that it looked at everything.
    """

    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), db_index=True)
    on = models.DateField(_("day"))
    raised = models.PositiveIntegerField(_("raised"))
    cleared = models.PositiveIntegerField(_("cleared"))
    touched = models.PositiveIntegerField(_("changed commitments"), default=0)
    full = models.BooleanField(_("looked at everything"), default=True)
    law = models.CharField(_("digest of the rules"), max_length=64, blank=True)

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
