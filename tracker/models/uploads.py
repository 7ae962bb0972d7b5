"""What people bring in: the bytes as they came, where their reading stands, and what came of it."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.models import checks
from tracker.models.instruments import Instrument
from tracker.models.texts import Text
from tracker.models.vocabulary import InterfaceLanguage, TextStanding

LEASE = dt.timedelta(minutes=10)
"""A reading that has not ended after so long is begun again, whatever its reader's connection seems to say. That a
reader died is seen at once (`ingest.holding`), unless its machine or its network died with it."""

ATTEMPTS = 3
"""So often a reading is begun. What breaks down three readers is stopped, so that it never holds up the others."""

MOST_ATTEMPTS = 10
"""So often where readings of other documents broke off in the same minutes: then somebody kills readers, or the
machine is ill, and no document is to blame for that. In the end it is stopped all the same."""


class UploadState(models.TextChoices):
    """Where the reading of an upload stands."""

    WAITING = "waiting", _("waiting")
    READING = "reading", _("being read")
    ASKS = "asks", _("asks you")
    DONE = "done", _("done")
    FAILED = "failed", _("not read")


class UploadEnding(models.TextChoices):
    """What came of an upload that is done."""

    STORED = "stored", _("stored as a new instrument")
    ATTACHED = "attached", _("stored as another text of an instrument")
    KNOWN = "known", _("these very bytes were here already")
    KEPT = "kept", _("the text that was here was kept")
    REREAD = "reread", _("the text was read again")


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads by what is to be done about them."""

    def moving(self) -> Self:
        """Those that wait, and those that are being read; the oldest first."""
        return self.filter(state__in=(UploadState.WAITING, UploadState.READING)).order_by("pk")

    def broken_off_since(self, at: dt.datetime) -> Self:
        """Those that were begun anew since then because a reading of theirs broke off, and are not to blame for it."""
        return self.filter(attempts__gt=1, started_at__gte=at).exclude(state=UploadState.FAILED)

    def for_lists(self) -> Self:
        """What a list shows, without the bytes."""
        return self.select_related("by", "text__instrument", "replaces").defer(
            "content", "reading", "text__body", "replaces__body"
        )


class Upload(models.Model):
    """One file or pasted text, kept from the moment it came until a text holds the very same bytes.

    `content` is empty only where that text does. `reading` is what the parser found, kept while a person is asked.
    `error` is why it was not read, in the language of whoever brought it in; `fault` the same as a code and values,
    where there is more than words, so that anybody else is told in their own (see `ingest.faults`).
    With `replaces` it is read as a better version of that text, or (the same bytes) as the same text once more.
    """

    name = models.CharField(_("name"), max_length=255)
    content = models.BinaryField(_("bytes"), null=True)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256 of the bytes"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="uploads", verbose_name=_("brought in by")
    )
    at = models.DateTimeField(_("at"))
    language = models.CharField(
        _("language of its messages"), max_length=2, choices=InterfaceLanguage, default=InterfaceLanguage.ENGLISH
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True, help_text=_("where the text itself has no day"))
    standing = models.CharField(
        _("standing"), max_length=12, choices=TextStanding, default=TextStanding.PRESS_COPY, blank=True
    )
    instrument = models.ForeignKey(
        Instrument,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="uploads",
        verbose_name=_("another text of"),
    )
    replaces = models.ForeignKey(
        Text,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="replacements",
        verbose_name=_("replaces"),
    )
    apart = models.BooleanField(
        _("of its own"), default=False, help_text=_("the same words are here already, and it is another instrument")
    )

    state = models.CharField(
        pgettext_lazy("of a record", "state"), max_length=8, choices=UploadState, default=UploadState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    started_at = models.DateTimeField(_("reading began at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    error = models.TextField(_("why not"), blank=True)
    fault = models.JSONField(_("why not, as a code"), null=True, blank=True, editable=False)
    ending = models.CharField(_("what came of it"), max_length=8, choices=UploadEnding, blank=True)
    text = models.ForeignKey(
        Text,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="uploads",
        verbose_name=_("text"),
        help_text=_("what it became, or the text that has the same words"),
    )
    reading = models.BinaryField(_("what was found"), null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-pk"]
        constraints = [
            checks.known("upload", "state", UploadState),
            checks.known("upload", "ending", UploadEnding, blank=True),
            checks.known("upload", "standing", TextStanding, blank=True),
            checks.filled("upload", "name"),
            models.CheckConstraint(name="upload_sha256_hex", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="upload_bytes_are_kept", condition=Q(content__isnull=False) | Q(state=UploadState.DONE)
            ),
            models.CheckConstraint(
                name="upload_failed_says_why", condition=~Q(state=UploadState.FAILED) | ~Q(error="")
            ),
            models.CheckConstraint(name="upload_done_says_how", condition=~Q(state=UploadState.DONE) | ~Q(ending="")),
            models.CheckConstraint(
                name="upload_reading_has_begun", condition=~Q(state=UploadState.READING) | Q(started_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                F("id"),
                name="upload_to_read",
                condition=Q(state__in=(UploadState.WAITING, UploadState.READING)),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_moving(self) -> bool:
        """Whether its state will change without anybody doing anything."""
        return self.state in (UploadState.WAITING, UploadState.READING)
