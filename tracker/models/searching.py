"""What a word search looks through: an index of the words, not a copy that anybody reads."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.models.commitments import Commitment


class Searchable(models.Model):
    """The words by which a commitment is found, in capitals: its title, its exact words, its clause, its instrument.

    The database keeps them equal to what they come from (migration 0008), whoever changes it, and throws them away with
    the commitment; nothing else writes here, and no page shows them. They stand in a table of their own because the
    exact words lie within a text that is compressed as a whole: cut out for each row, a search for one word among
    100,000 commitments takes more than ten seconds.
    """

    commitment = models.OneToOneField(
        Commitment,
        on_delete=models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,  # the migration makes one that deletes in cascade
        related_name="searchable",
        verbose_name=_("commitment"),
    )
    words = models.TextField(_("words in capitals"))

    class Meta:
        verbose_name = _("words to search")
        verbose_name_plural = _("words to search")
        indexes = [GinIndex(fields=["words"], name="searchable_trigrams", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return str(self.commitment_id)
