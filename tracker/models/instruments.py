"""The statement, communiqué, memorandum or treaty as adopted, whatever its languages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.parties import Party
from tracker.models.people import Unit
from tracker.models.vocabulary import Kind, LegalNature, PartyRole
from tracker.unseen import visible


class Instrument(models.Model):
    """What was adopted. Its words are in its texts, one for each language; one of them leads (see `Text`)."""

    title = models.TextField(_("title"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    legal_nature = models.CharField(
        _("legal nature"), max_length=20, choices=LegalNature, default=LegalNature.POLITICAL_COMMITMENT
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signed_at = models.CharField(_("signed at"), max_length=200, blank=True, help_text=_("place of signature"))
    parties = models.ManyToManyField(
        Party, through="InstrumentParty", related_name="instruments", verbose_name=_("parties")
    )
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="instruments",
        verbose_name=_("unit"),
        help_text=_("the unit that answers for commitments that have none of their own"),
    )
    stored_at = models.DateTimeField(_("stored at"))

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ["-signed_on", "-pk"]
        constraints = [
            checks.known("instrument", "kind", Kind),
            checks.known("instrument", "legal_nature", LegalNature),
            checks.filled("instrument", "title"),
        ]
        indexes = [models.Index(fields=["signed_on", "kind"], name="instrument_signed")]

    def __str__(self) -> str:
        return visible(self.title)


class InstrumentParty(models.Model):
    """A party's standing in an instrument; `position` is the order in which the text names them."""

    instrument = models.ForeignKey(
        Instrument, on_delete=models.CASCADE, related_name="standings", verbose_name=_("instrument")
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="standings", verbose_name=_("party"))
    role = models.CharField(_("role"), max_length=12, choices=PartyRole, default=PartyRole.SIGNATORY)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("party to an instrument")
        verbose_name_plural = _("parties to an instrument")
        ordering = ["instrument", "position"]
        constraints = [
            checks.known("instrumentparty", "role", PartyRole),
            models.UniqueConstraint(fields=["instrument", "party", "role"], name="instrumentparty_once_a_role"),
            models.UniqueConstraint(fields=["instrument", "position"], name="instrumentparty_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.party.code} ({self.get_role_display()})"
