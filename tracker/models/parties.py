"""States and organisations."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.names import Named
from tracker.models.vocabulary import PartySort


class Party(Named):
    """A state or an organisation. What it is in an instrument or a commitment is a role, kept there."""

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        help_text=_("ISO 3166-1 alpha-3 for a state, the usual English acronym for an organisation"),
    )
    sort = models.CharField(_("sort"), max_length=12, choices=PartySort)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["code"]
        constraints = [
            checks.known("party", "sort", PartySort),
            models.CheckConstraint(
                name="party_state_has_alpha_3",
                condition=~models.Q(sort=PartySort.STATE) | models.Q(code__regex=r"^[A-Z]{3}$"),
            ),
            checks.filled("party", "code"),
            checks.filled("party", "name_en"),
        ]
