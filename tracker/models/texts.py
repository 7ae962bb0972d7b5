"""The words of an instrument in one language, the bytes they came from, and their clauses."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.instruments import Instrument
from tracker.models.vocabulary import ClauseRole, TextStanding


class Text(models.Model):
    """One language version of an instrument, kept as read; every span in the tracker points into a `body`.

    Of an instrument's texts one leads: the first that was stored, unless staff choose another. The commitments read
    in each text belong to that text, and only those of the leading text feed lists, numbers and follow-ups
    (`Commitment.counted`), so that a promise adopted in three languages counts once. A text that a better one has
    replaced stays, with `current` false.
    """

    instrument = models.ForeignKey(
        Instrument, on_delete=models.CASCADE, related_name="texts", verbose_name=_("instrument")
    )
    language = models.CharField(_("language"), max_length=20, help_text=_("BCP 47 tag"))
    standing = models.CharField(_("standing"), max_length=12, choices=TextStanding, default=TextStanding.PRESS_COPY)
    leading = models.BooleanField(_("leading"), default=False)
    current = models.BooleanField(_("current"), default=True)
    body = models.TextField(_("text as read"))
    media_type = models.CharField(_("media type"), max_length=100)
    file_name = models.CharField(_("file name"), max_length=255, blank=True)
    sha256 = models.CharField(_("SHA-256 of the bytes"), max_length=64, unique=True)
    body_sha256 = models.CharField(
        _("SHA-256 of the words"),
        max_length=64,
        db_index=True,
        help_text=_("of the text in NFC with white space folded: equal for the same words in other bytes"),
    )
    parser_version = models.CharField(_("parser version"), max_length=20)
    coverage = models.FloatField(
        _("coverage"),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("the share of the text, 0 to 1, that the reading accounts for"),
    )
    doubts = models.JSONField(
        _("doubts"),
        default=list,
        blank=True,
        help_text=_("what was doubtful in reading the file, as the parser said it"),
    )
    read_at = models.DateTimeField(_("read at"))
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="texts",
        verbose_name=_("brought in by"),
        help_text=_("empty for a command or a task"),
    )

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["instrument", "-leading", "language"]
        constraints = [
            checks.known("text", "standing", TextStanding),
            checks.filled("text", "body"),
            checks.filled("text", "language"),
            models.CheckConstraint(name="text_sha256_hex", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="text_body_sha256_hex", condition=models.Q(body_sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="text_coverage_is_a_share", condition=models.Q(coverage__gte=0, coverage__lte=1)
            ),
            models.CheckConstraint(
                name="text_leading_is_current", condition=models.Q(leading=False) | models.Q(current=True)
            ),
            models.UniqueConstraint(fields=["instrument"], condition=models.Q(leading=True), name="text_one_leads"),
            models.UniqueConstraint(
                fields=["instrument", "language"], condition=models.Q(current=True), name="text_one_a_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name or self.sha256[:12]} ({self.language})"


class TextSource(models.Model):
    """The bytes that a text was read from, unchanged.

    They are kept in the database and not in files, so that one transaction (and one backup) holds a document wholly
    or not at all, and there are no orphan files to look for; and in a table of their own, so that no list of texts
    drags them along.
    """

    text = models.OneToOneField(
        Text, on_delete=models.CASCADE, primary_key=True, related_name="source", verbose_name=_("text")
    )
    content = models.BinaryField(_("bytes"))

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return str(self.text)


class Clause(models.Model):
    """A unit of a text, numbered or not; the clauses of a text form a tree, `position` is their order in the text.

    That a clause and its parent are of the same text is held by a foreign key over both columns (migration 0002).
    """

    text = models.ForeignKey(Text, on_delete=models.CASCADE, related_name="clauses", verbose_name=_("text"))
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("enclosing clause"),
    )
    position = models.PositiveIntegerField(_("position"))
    label = models.CharField(_("label"), max_length=100, blank=True, help_text=_("as printed"))
    path = models.CharField(_("path"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=ClauseRole)
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["text", "position"]
        constraints = [
            checks.known("clause", "role", ClauseRole),
            checks.spans_words("clause"),
            models.UniqueConstraint(fields=["text", "position"], name="clause_position_once"),
            models.CheckConstraint(name="clause_not_its_own_parent", condition=~models.Q(parent=models.F("id"))),
        ]

    def __str__(self) -> str:
        return self.path or f"#{self.position}"

    @property
    def words(self) -> str:
        """The exact words of the clause, its label and sub-clauses included."""
        return self.text.body[self.start : self.end]
