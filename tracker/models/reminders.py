"""Who was told what, and when: the ledger of reminders, the day's mail to a person, the ladder of escalation."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.followups import FollowUp
from tracker.models.outbox import OutboxItem
from tracker.models.people import Person, Unit
from tracker.models.vocabulary import Tells


class EscalationRung(models.Model):
    """A step of the ladder: whom else a follow-up is told to when nobody has acknowledged it for so many days.

    A unit with rungs of its own has only these; every other unit has the ladder without a unit. The officer, whom the
    rule tells, stands below the first rung.
    """

    unit = models.ForeignKey(
        Unit,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="ladder",
        verbose_name=_("unit"),
        help_text=_("empty for every unit that has no ladder of its own"),
    )
    level = models.PositiveSmallIntegerField(_("rung"), validators=[MinValueValidator(1)])
    after_days = models.PositiveSmallIntegerField(
        _("after days"), help_text=_("days since the follow-up was raised, without an acknowledgement")
    )
    tells = models.CharField(_("tells"), max_length=8, choices=Tells)

    class Meta:
        verbose_name = _("rung of the ladder")
        verbose_name_plural = _("ladder of escalation")
        ordering = ["unit", "level"]
        constraints = [
            checks.known("escalationrung", "tells", Tells),
            models.CheckConstraint(name="escalationrung_from_one", condition=Q(level__gte=1)),
            models.UniqueConstraint(fields=["unit", "level"], name="escalationrung_once_a_unit"),
            models.UniqueConstraint(fields=["level"], condition=Q(unit__isnull=True), name="escalationrung_once"),
        ]

    def __str__(self) -> str:
        return f"{self.level}. {self.get_tells_display()}"


def seed_ladder() -> None:
    """The first ladder, where there is none: the head of unit after a week, the control service after a fortnight."""
    if not EscalationRung.objects.exists():
        EscalationRung.objects.bulk_create(
            [
                EscalationRung(level=1, after_days=7, tells=Tells.HEAD),
                EscalationRung(level=2, after_days=14, tells=Tells.CONTROL),
            ]
        )


class Escalation(models.Model):
    """That a follow-up has climbed a rung; the record of it, whatever becomes of the ladder."""

    followup = models.ForeignKey(
        FollowUp, on_delete=models.CASCADE, related_name="escalations", verbose_name=_("follow-up")
    )
    level = models.PositiveSmallIntegerField(_("rung"))
    tells = models.CharField(_("tells"), max_length=8, choices=Tells)
    on = models.DateField(_("on"))

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["followup", "level"]
        constraints = [
            checks.known("escalation", "tells", Tells),
            models.UniqueConstraint(fields=["followup", "level"], name="escalation_once_a_rung"),
        ]

    def __str__(self) -> str:
        return f"{self.level}. {self.get_tells_display()}: {self.followup}"


class Digest(models.Model):
    """The one mail of a day to a person: everything that the person is to be told that day."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="digests", verbose_name=_("person"))
    on = models.DateField(_("on"))
    mail = models.OneToOneField(
        OutboxItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="digest", verbose_name=_("mail")
    )

    class Meta:
        verbose_name = _("day's mail")
        verbose_name_plural = _("days' mails")
        ordering = ["-on", "person"]
        constraints = [models.UniqueConstraint(fields=["person", "on"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on}: {self.person}"


class Reminder(models.Model):
    """An entry of the ledger: that a person was told of a follow-up at one of its rule's days, or on a rung.

    The key (commitment, rule, occasion, recipient) is the follow-up, which is unique for the first three, with the
    recipient, `offset` (one of the rule's days; empty for a rung) and `level` (0 below the ladder).
    """

    followup = models.ForeignKey(
        FollowUp, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("follow-up")
    )
    recipient = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("recipient")
    )
    offset = models.PositiveSmallIntegerField(_("days"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("rung"), default=0)
    after_pause = models.DateField(
        _("put off until"),
        null=True,
        blank=True,
        help_text=_("the day to which it had been put off, where it is told again after that"),
    )
    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("day's mail"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["followup", "recipient", "offset"],
                condition=Q(level=0, after_pause__isnull=True),
                name="reminder_once_an_occasion",
            ),
            models.UniqueConstraint(
                fields=["followup", "recipient", "offset", "after_pause"],
                condition=Q(level=0, after_pause__isnull=False),
                name="reminder_once_a_pause",
            ),
            models.UniqueConstraint(
                fields=["followup", "recipient", "level"], condition=Q(level__gt=0), name="reminder_once_a_rung"
            ),
            models.CheckConstraint(
                name="reminder_of_a_day_or_a_rung",
                condition=Q(level=0, offset__isnull=False) | Q(level__gt=0, offset__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.followup} → {self.recipient}"
