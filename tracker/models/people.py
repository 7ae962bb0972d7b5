"""Who looks after what."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.names import Named
from tracker.models.vocabulary import InterfaceLanguage, PersonRole

WORKING_WEEK = (1, 2, 3, 4, 5)
"""Monday to Friday, as ISO 8601 counts the days of the week; what a new unit has, and a person of no unit."""

MORNING, EVENING = dt.time(9), dt.time(18)
"""Between them mail may go out, unless a unit says otherwise."""


def _working_week() -> list[int]:
    return list(WORKING_WEEK)


class Unit(Named):
    """A department, division or desk that answers for commitments; its days and hours are those of its people."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    second_person = models.BooleanField(
        _("a second person accepts"),
        default=False,
        help_text=_("a status or an extension takes effect when somebody other than its author has accepted it"),
    )
    controls = models.BooleanField(
        _("control service"),
        default=False,
        help_text=_("its people are told when nobody else has acted; only those who may see the record"),
    )
    working_days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)]),
        verbose_name=_("working days"),
        default=_working_week,
        help_text=_("1 is Monday, 7 is Sunday, separated by commas; holidays are in the calendar"),
    )
    mail_from = models.TimeField(_("mail from"), default=MORNING, help_text=_("no mail earlier in the day"))
    mail_until = models.TimeField(_("mail until"), default=EVENING, help_text=_("no mail later in the day"))

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["code"]
        constraints = [
            checks.filled("unit", "code"),
            checks.filled("unit", "name_en"),
            models.CheckConstraint(
                name="unit_days_of_the_week",
                condition=Q(working_days__contained_by=[1, 2, 3, 4, 5, 6, 7]) & ~Q(working_days=[]),
            ),
            models.CheckConstraint(name="unit_mail_has_hours", condition=Q(mail_until__gt=F("mail_from"))),
        ]


class CalendarDay(models.Model):
    """A day that differs from the week: a holiday, or a day off that is worked (moved by a government's decision)."""

    on = models.DateField(_("day"))
    unit = models.ForeignKey(
        Unit,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="calendar",
        verbose_name=_("unit"),
        help_text=_("empty for every unit; a unit's own entry counts before it"),
    )
    works = models.BooleanField(_("is worked"), default=False)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("day in the calendar")
        verbose_name_plural = _("calendar")
        ordering = ["on", "unit"]
        constraints = [
            checks.filled("calendarday", "name"),
            models.UniqueConstraint(fields=["on", "unit"], name="calendarday_once_a_unit"),
            models.UniqueConstraint(fields=["on"], condition=Q(unit__isnull=True), name="calendarday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.name}"


class Person(models.Model):
    """What the tracker knows of a user: unit, role and language of the screens.

    What a user decided or recorded points to the user itself and protects it, so that a user who acted can be
    deactivated but not deleted.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="person", verbose_name=_("user")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("unit")
    )
    role = models.CharField(_("role"), max_length=16, choices=PersonRole, default=PersonRole.READER)
    language = models.CharField(
        _("language"), max_length=2, choices=InterfaceLanguage, default=InterfaceLanguage.ENGLISH
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            checks.known("person", "role", PersonRole),
            checks.known("person", "language", InterfaceLanguage),
        ]

    def __str__(self) -> str:
        return self.user.get_full_name() or self.user.get_username()

    @property
    def sees_all(self) -> bool:
        """Whether records of every unit are open to this person."""
        return self.role in (PersonRole.ADMINISTRATOR, PersonRole.AUDITOR)
