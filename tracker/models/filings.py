"""What staff keep about a commitment for themselves: how it relates to others, and their notes."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.commitments import Commitment
from tracker.models.vocabulary import INVERSE_RELATIONS, RelationKind


class RelationQuerySet(models.QuerySet["Relation"]):
    """Relations by their ends."""

    def of(self, commitment: Commitment) -> Self:
        """Those that a commitment has, whichever end it is."""
        ends = self.filter(Q(source=commitment) | Q(target=commitment))
        return ends.select_related("source", "target")


class Relation(models.Model):
    """`source` restates, specifies, fulfils or supersedes `target`. Of two commitments, one way only for each kind."""

    source = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="relations", verbose_name=_("commitment")
    )
    kind = models.CharField(_("relation"), max_length=12, choices=RelationKind)
    target = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="inverse_relations", verbose_name=_("other commitment")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["source", "kind", "pk"]
        constraints = [
            checks.known("relation", "kind", RelationKind),
            models.CheckConstraint(name="relation_not_to_itself", condition=~Q(source=F("target"))),
            models.UniqueConstraint(
                Least("source", "target"), Greatest("source", "target"), F("kind"), name="relation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_kind_display()} {self.target}"

    def seen_from(self, commitment: Commitment) -> tuple[str, Commitment]:
        """How it reads from one of its ends, in the language of the screen, and the commitment at the other end."""
        if commitment.pk == self.source_id:
            return str(RelationKind(self.kind).label), self.target
        return str(INVERSE_RELATIONS[RelationKind(self.kind)]), self.source


class Note(models.Model):
    """What staff tell each other about a commitment. Internal: it never leaves through the API."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="notes", verbose_name=_("commitment")
    )
    words = models.TextField(_("note"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["commitment", "at", "pk"]
        constraints = [checks.filled("note", "words")]

    def __str__(self) -> str:
        return self.words
