"""Promises of future or continuing action, who must act, and who is asked."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.commitment_lists import COUNTED, OPEN, CommitmentQuerySet
from tracker.models.parties import Party
from tracker.models.people import Person, Unit
from tracker.models.texts import Clause, Text
from tracker.models.themes import Theme
from tracker.models.vocabulary import Force, Precision, Recurrence, Review, Status
from tracker.unseen import visible


class Commitment(models.Model):
    """One promise, as read in one text.

    Two states, never one: `review` is a person's decision on our reading and changes only in `tracker.review`;
    `status` is what became of the promise, is rolled up from the obligors, and changes only in `tracker.progress`.
    Overdue, due soon and quiet are computed, never stored. Both steps ask for the `version` that the person saw
    and raise it, so that no edit is silently overwritten.
    """

    text = models.ForeignKey(Text, on_delete=models.CASCADE, related_name="commitments", verbose_name=_("text"))
    clause = models.ForeignKey(
        Clause,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("clause"),
    )
    counted = models.BooleanField(
        _("counted"),
        default=False,
        help_text=_("read in the leading text of its instrument; kept equal to it by the database"),
    )
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    cue_start = models.PositiveIntegerField(_("start of the cue"), null=True, blank=True)
    cue_end = models.PositiveIntegerField(_("end of the cue"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200, help_text=_("a short name; the words are in the text"))
    force = models.CharField(_("force"), max_length=12, choices=Force)

    due_on = models.DateField(_("due on"), null=True, blank=True, help_text=_("the last day that the words allow"))
    due_text = models.TextField(_("deadline as written"), blank=True)
    due_precision = models.CharField(_("precision"), max_length=8, choices=Precision, blank=True)
    due_rule = models.TextField(_("deadline relative to"), blank=True, help_text=_("the words that tie it to an event"))
    due_why = models.TextField(_("why this date"), blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    recurrence = models.CharField(_("recurrence"), max_length=10, choices=Recurrence, blank=True)
    awaiting_date = models.BooleanField(
        _("awaiting a date"), default=False, help_text=_("the words leave the day to be agreed or to an event")
    )

    why = models.TextField(_("why it was read so"), blank=True)
    inferred = models.BooleanField(
        _("obligors inferred"), default=False, help_text=_("from the context, not named in the words")
    )
    parser_version = models.CharField(
        _("parser version"), max_length=20, blank=True, help_text=_("empty where a person found it")
    )
    read_on = models.DateField(_("read on"), help_text=_("the day on which this reading was made"))

    review = models.CharField(_("review"), max_length=10, choices=Review, default=Review.PROPOSED)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewed_commitments",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)

    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.NOT_STARTED)
    status_on = models.DateField(_("status since"), null=True, blank=True)
    made_on = models.DateField(
        _("made on"), help_text=_("when its clock starts: its first day, the signature, or the day it was read")
    )
    last_evidence_on = models.DateField(_("last evidence on"), null=True, blank=True)
    evidence_until = models.DateField(
        _("evidence valid until"),
        null=True,
        blank=True,
        help_text=_("the last day of what was recorded last; empty where it does not expire"),
    )

    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("unit"),
    )
    officer = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("officer"),
    )
    themes = models.ManyToManyField(
        Theme, through="CommitmentTheme", related_name="commitments", verbose_name=_("themes")
    )
    version = models.PositiveIntegerField(_("version"), default=1, validators=[MinValueValidator(1)])

    words: str  # the quote, on rows that came through `with_quote()`

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["text", "start"]
        constraints = [
            checks.spans_words("commitment"),
            checks.known("commitment", "force", Force),
            checks.known("commitment", "due_precision", Precision, blank=True),
            checks.known("commitment", "recurrence", Recurrence, blank=True),
            checks.known("commitment", "review", Review),
            checks.known("commitment", "status", Status),
            checks.filled("commitment", "title"),
            models.UniqueConstraint(fields=["text", "start", "end"], name="commitment_span_once"),
            models.CheckConstraint(
                name="commitment_cue_is_a_span",
                condition=Q(cue_start__isnull=True, cue_end__isnull=True)
                | Q(cue_start__isnull=False, cue_end__isnull=False, cue_end__gt=F("cue_start")),
            ),
            models.CheckConstraint(
                name="commitment_precision_with_day",
                condition=Q(due_on__isnull=True, due_precision="") | (Q(due_on__isnull=False) & ~Q(due_precision="")),
            ),
            models.CheckConstraint(
                name="commitment_starts_before_due",
                condition=Q(starts_on__isnull=True) | Q(due_on__isnull=True) | Q(starts_on__lte=F("due_on")),
            ),
            models.CheckConstraint(
                name="commitment_awaits_no_known_day",
                condition=Q(awaiting_date=False) | Q(due_on__isnull=True),
            ),
            models.CheckConstraint(
                name="commitment_reviewed_by_somebody",
                condition=Q(review=Review.PROPOSED, reviewed_by__isnull=True, reviewed_at__isnull=True)
                | (~Q(review=Review.PROPOSED) & Q(reviewed_by__isnull=False, reviewed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="commitment_status_has_a_day",
                condition=Q(status=Status.NOT_STARTED) | Q(status_on__isnull=False),
            ),
            models.CheckConstraint(name="commitment_version_counts", condition=Q(version__gte=1)),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="commitment_open_due", condition=OPEN & Q(due_on__isnull=False)),
            models.Index(
                Coalesce("last_evidence_on", "made_on"),
                name="commitment_open_undated",
                condition=OPEN & Q(due_on__isnull=True),
            ),
            models.Index(
                fields=["read_on"], name="commitment_unreviewed", condition=COUNTED & Q(review=Review.PROPOSED)
            ),
            models.Index(fields=["status", "due_on"], name="commitment_status_due"),
            # The order of the list: its pages, also the last, are read off this index.
            models.Index(fields=["due_on", "id"], name="commitment_list", condition=COUNTED),
            models.Index(
                fields=["made_on"],
                name="commitment_unanswered",
                condition=OPEN & Q(force=Force.REQUEST, last_evidence_on__isnull=True),
            ),
            models.Index(
                "recurrence",
                Coalesce("last_evidence_on", "made_on"),
                name="commitment_open_recurring",
                condition=OPEN & ~Q(recurrence=""),
            ),
            models.Index(
                fields=["evidence_until"],
                name="commitment_evidence_until",
                condition=COUNTED & ~Q(review=Review.REJECTED) & Q(evidence_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return visible(self.title)

    @property
    def quote(self) -> str:
        """The exact words, sliced from the text; lists should ask `with_quote()` for `words` instead."""
        return self.text.body[self.start : self.end]

    @property
    def heard_on(self) -> dt.date:
        """The day from which its silence is counted: the last evidence, or else when its clock started."""
        return self.last_evidence_on or self.made_on

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it, by the status alone."""
        return self.status in (Status.NOT_STARTED, Status.IN_PROGRESS)

    @property
    def answering_unit(self) -> Unit | None:
        """The unit that answers for it: its own, or else its instrument's."""
        return self.unit or self.text.instrument.unit


class CommitmentTheme(models.Model):
    """That a commitment is about a theme."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="filed_under", verbose_name=_("commitment")
    )
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="filed", verbose_name=_("theme"))

    class Meta:
        verbose_name = _("theme of a commitment")
        verbose_name_plural = _("themes of a commitment")
        ordering = ["commitment", "theme"]
        constraints = [models.UniqueConstraint(fields=["commitment", "theme"], name="commitmenttheme_once")]

    def __str__(self) -> str:
        return str(self.theme)


class Obligor(models.Model):
    """A party that must act, with what became of the promise on its side."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="obligors", verbose_name=_("commitment")
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="obligations", verbose_name=_("party"), db_index=False
    )
    position = models.PositiveSmallIntegerField(_("position"))
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.NOT_STARTED)

    class Meta:
        verbose_name = _("obligor")
        verbose_name_plural = _("obligors")
        ordering = ["commitment", "position"]
        constraints = [
            checks.known("obligor", "status", Status),
            models.UniqueConstraint(fields=["commitment", "party"], name="obligor_once"),
            models.UniqueConstraint(fields=["commitment", "position"], name="obligor_position_once"),
        ]
        # A party's commitments are read off it in their order; it stands for the index of the party alone.
        indexes = [models.Index(fields=["party", "commitment"], name="obligor_of_party")]

    def __str__(self) -> str:
        return self.party.code


class Addressee(models.Model):
    """A party that is asked, or helped."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="addressees", verbose_name=_("commitment")
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="requests", verbose_name=_("party"))
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("addressee")
        verbose_name_plural = _("addressees")
        ordering = ["commitment", "position"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "party"], name="addressee_once"),
            models.UniqueConstraint(fields=["commitment", "position"], name="addressee_position_once"),
        ]

    def __str__(self) -> str:
        return self.party.code
