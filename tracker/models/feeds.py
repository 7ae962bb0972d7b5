"""Private addresses that give a person's calendar or changes to programs that can't sign in."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.people import Person
from tracker.models.vocabulary import FeedKind


class FeedQuerySet(models.QuerySet["Feed"]):
    """Feeds by whether they still answer."""

    def alive(self) -> Self:
        """Those that were not revoked, of people who may still sign in."""
        return self.filter(revoked_at__isnull=True, person__user__is_active=True)


class Feed(models.Model):
    """A private, revocable address of one person for one filter. It shows what that person may see when it is read.

    Of the address's secret only the SHA-256 is kept: it is shown once, when it is made. `query` is the filter, as the
    lists of the API take it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="feeds", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=8, choices=FeedKind)
    name = models.CharField(_("name"), max_length=100)
    query = models.CharField(_("filter"), max_length=1000, blank=True)
    digest = models.CharField(_("SHA-256 of the secret"), max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"), editable=False)
    used_on = models.DateField(_("last used on"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        ordering = ["person", "pk"]
        constraints = [
            checks.known("feed", "kind", FeedKind),
            checks.filled("feed", "name"),
            models.CheckConstraint(name="feed_digest_hex", condition=models.Q(digest__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return self.name

    def used(self, on: dt.date) -> None:
        """Note the day of use; written once a day."""
        if self.used_on != on:
            Feed.objects.filter(pk=self.pk).update(used_on=on)
