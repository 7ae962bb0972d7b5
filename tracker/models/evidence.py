"""How one knows: files and links that bear a status step out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.steps import StatusStep
from tracker.models.submissions import Submission

LARGEST_FILE = 25_000_000
"""Bytes of one file; the database refuses more (migration 0004)."""


class EvidenceFile(models.Model):
    """The bytes of a file, once, whatever number of steps it bears out.

    They are in the database for the reasons given at `TextSource`; the database itself checks that the sum and the
    size are those of the bytes (migration 0004). Lists leave `content` out.
    """

    sha256 = models.CharField(_("SHA-256 of the bytes"), max_length=64, primary_key=True)
    size = models.PositiveIntegerField(_("size in bytes"))
    media_type = models.CharField(_("media type"), max_length=100, help_text=_("by its content, not by its name"))
    content = models.BinaryField(_("bytes"))

    class Meta:
        verbose_name = _("file of evidence")
        verbose_name_plural = _("files of evidence")
        constraints = [checks.filled("evidencefile", "media_type")]

    def __str__(self) -> str:
        return self.sha256[:12]


class Evidence(models.Model):
    """A file or a link that bears out a status step, or a submission that may become one."""

    step = models.ForeignKey(
        StatusStep,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="proofs",
        verbose_name=_("status step"),
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, null=True, blank=True, related_name="proofs", verbose_name=_("submission")
    )
    link = models.URLField(_("link"), max_length=1000, blank=True)
    file = models.ForeignKey(
        EvidenceFile, on_delete=models.PROTECT, null=True, blank=True, related_name="uses", verbose_name=_("file")
    )
    file_name = models.CharField(_("file name"), max_length=255, blank=True)
    valid_until = models.DateField(
        _("valid until"),
        null=True,
        blank=True,
        help_text=_("its last day, where it expires (an accreditation, a plan for a year); empty where it does not"),
    )

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="evidence_is_a_file_or_a_link",
                condition=(Q(file__isnull=False, link="") & ~Q(file_name=""))
                | (Q(file__isnull=True, file_name="") & ~Q(link="")),
            ),
            models.CheckConstraint(
                name="evidence_link_is_a_web_address", condition=Q(link="") | Q(link__regex=r"^https?://")
            ),
            models.CheckConstraint(
                name="evidence_bears_something_out", condition=Q(step__isnull=False) | Q(submission__isnull=False)
            ),
            models.UniqueConstraint(fields=["step", "file"], name="evidence_file_once_a_step"),
        ]

    def __str__(self) -> str:
        return self.link or self.file_name
