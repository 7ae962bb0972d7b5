"""Who looks after what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.names import Named
from tracker.models.vocabulary import InterfaceLanguage, PersonRole


class Unit(Named):
    """A department, division or desk that answers for commitments."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    second_person = models.BooleanField(
        _("a second person accepts"),
        default=False,
        help_text=_("a status or an extension takes effect when somebody other than its author has accepted it"),
    )

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["code"]
        constraints = [checks.filled("unit", "code"), checks.filled("unit", "name_en")]


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
