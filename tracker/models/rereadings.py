"""What became of a reading after it was made: each decision on it, and what reading the text again did to it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.commitments import Commitment
from tracker.models.texts import Text


class ReviewAct(models.TextChoices):
    """What a person did to a reading."""

    CONFIRMED = "confirmed", _("confirmed")
    AMENDED = "amended", _("amended")
    REJECTED = "rejected", _("rejected")
    ADDED = "added", _("added")
    SPLIT = "split", _("split")
    MERGED = "merged", _("merged")
    LOOKED = "looked", _("looked at again")
    UNDONE = "undone", _("undone")


class ReviewStep(models.Model):
    """One decision on a reading, with the values before and after it, so that it can be taken back.

    `before` and `after` hold the columns that it changed, sides as party codes. `other` is the commitment that a
    split made or a merge took in; `others_before` what that one was. `version` is the commitment's after the step.
    """

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="review_steps", verbose_name=_("commitment")
    )
    act = models.CharField(_("what was done"), max_length=10, choices=ReviewAct)
    before = models.JSONField(_("before"), encoder=DjangoJSONEncoder, default=dict)
    after = models.JSONField(_("after"), encoder=DjangoJSONEncoder, default=dict)
    version = models.PositiveIntegerField(_("version"))
    other = models.ForeignKey(
        Commitment,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("the other commitment"),
    )
    others_before = models.JSONField(_("the other before"), encoder=DjangoJSONEncoder, default=dict, blank=True)
    others_version = models.PositiveIntegerField(_("version of the other"), null=True, blank=True)
    undoes = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="undone_by", verbose_name=_("undoes")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_steps", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("review step")
        verbose_name_plural = _("review steps")
        ordering = ["commitment", "pk"]
        constraints = [
            checks.known("reviewstep", "act", ReviewAct),
            models.CheckConstraint(
                name="reviewstep_undone_undoes",
                condition=Q(act=ReviewAct.UNDONE, undoes__isnull=False)
                | (~Q(act=ReviewAct.UNDONE) & Q(undoes__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} ({self.version})"


class Rereading(models.Model):
    """That a text was read again, and what this gained, lost and moved; `what` names each by its words."""

    text = models.ForeignKey(Text, on_delete=models.CASCADE, related_name="rereadings", verbose_name=_("text"))
    replaced = models.ForeignKey(
        Text,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("replaced text"),
        help_text=_("empty where the same bytes were read again"),
    )
    parser_before = models.CharField(_("parser version before"), max_length=20)
    parser_version = models.CharField(_("parser version"), max_length=20)
    kept = models.PositiveIntegerField(_("kept"))
    moved = models.PositiveIntegerField(_("moved"))
    changed = models.PositiveIntegerField(_("changed"))
    gained = models.PositiveIntegerField(_("gained"))
    lost = models.PositiveIntegerField(_("lost"))
    what = models.JSONField(_("which"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rereadings",
        verbose_name=_("by"),
        help_text=_("empty for a command or a task"),
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reading again")
        verbose_name_plural = _("readings again")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.text} ({self.parser_before} → {self.parser_version})"


class LookReason(models.TextChoices):
    """Why a reading that a person has decided wants another look."""

    CHANGED = "changed", _("its words in the text have changed")
    LOST = "lost", _("it was not found again in the text")


class SecondLookQuerySet(models.QuerySet["SecondLook"]):
    """Second looks by what is to be done about them."""

    def open(self) -> Self:
        """Those that nobody has taken."""
        return self.filter(settled_at__isnull=True)


class SecondLook(models.Model):
    """That a person should look again at what a person had decided. Any decision on the commitment settles it."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="second_looks", verbose_name=_("commitment")
    )
    rereading = models.ForeignKey(
        Rereading, on_delete=models.CASCADE, related_name="second_looks", verbose_name=_("reading again")
    )
    reason = models.CharField(_("reason"), max_length=8, choices=LookReason)
    words_before = models.TextField(_("words before"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="second_looks",
        verbose_name=_("settled by"),
    )

    objects = SecondLookQuerySet.as_manager()

    class Meta:
        verbose_name = _("second look")
        verbose_name_plural = _("second looks")
        ordering = ["commitment", "pk"]
        constraints = [
            checks.known("secondlook", "reason", LookReason),
            models.UniqueConstraint(
                fields=["commitment", "reason"], condition=Q(settled_at__isnull=True), name="secondlook_one_open"
            ),
            models.CheckConstraint(
                name="secondlook_settled_by_somebody",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
