"""What is owed to the outside, who receives it, and each try to send it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.models import checks
from tracker.models.people import Person, Unit
from tracker.models.vocabulary import EventType, OutboxKind, OutboxState

LEASE = dt.timedelta(minutes=2)
"""Who has claimed something and has not settled it after so long has gone away; somebody else tries."""

PAUSES = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=8),
    dt.timedelta(hours=14),
    dt.timedelta(hours=24),
    dt.timedelta(hours=24),
)
"""How long after each failed try the next one comes: three days in all, as Standard Webhooks recommends. After
the last it is given up, and people are told."""


class WebhookEndpoint(models.Model):
    """A receiver of webhooks, and which events it is told of.

    With a unit it is told of that unit's commitments (and of those of no unit), without one of all. Both secrets are
    kept encrypted with a key that is not in the database; after a rotation the previous one signs as well until
    `previous_until`, so that the receiver has time to change over.
    """

    name = models.CharField(_("name"), max_length=100)
    url = models.URLField(_("address"), max_length=1000)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    events = ArrayField(models.CharField(max_length=40, choices=EventType), verbose_name=_("events"), default=list)
    secret = models.TextField(_("secret"), editable=False)
    previous_secret = models.TextField(_("previous secret"), blank=True, editable=False)
    previous_until = models.DateTimeField(_("previous secret valid until"), null=True, blank=True, editable=False)
    enabled = models.BooleanField(_("enabled"), default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by"), editable=False
    )
    made_at = models.DateTimeField(_("made at"), editable=False)

    class Meta:
        verbose_name = _("receiver of webhooks")
        verbose_name_plural = _("receivers of webhooks")
        ordering = ["name"]
        constraints = [checks.filled("webhookendpoint", "name"), checks.filled("webhookendpoint", "secret")]

    def __str__(self) -> str:
        return self.name


class OutboxQuerySet(models.QuerySet["OutboxItem"]):
    """What is owed, by what is to be done about it."""

    def due(self, now: dt.datetime) -> Self:
        """What is to be sent now and nobody is sending."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
        return self.filter(free, state=OutboxState.WAITING, next_try_at__lte=now)


class OutboxItem(models.Model):
    """Something owed to the outside, written in the transaction of what it tells of. It is sent at least once, always
    under the same id: whoever receives it twice can tell.

    `event` is that id (the Message-ID of a mail, the `webhook-id` of a webhook). `fence` counts the claims: only the
    latest may settle it. `body` is what is sent: of a mail its subject and text, of a webhook the whole message.
    """

    event = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=OutboxKind)
    event_type = models.CharField(_("what it tells"), max_length=40)
    endpoint = models.ForeignKey(
        WebhookEndpoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("receiver of webhooks"),
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    body = models.JSONField(_("what is sent"))
    made_at = models.DateTimeField(_("made at"))
    state = models.CharField(
        pgettext_lazy("of a record", "state"),
        max_length=8,
        choices=OutboxState,
        default=OutboxState.WAITING,
        db_default=OutboxState.WAITING,
    )
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0, db_default=0)
    next_try_at = models.DateTimeField(_("next try at"), db_default=Now())
    leased_until = models.DateTimeField(_("being sent until"), null=True, blank=True)
    fence = models.PositiveIntegerField(_("claims"), default=0, db_default=0)
    settled_at = models.DateTimeField(_("sent or given up at"), null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("item in the outbox")
        verbose_name_plural = _("outbox")
        ordering = ["-pk"]
        constraints = [
            checks.known("outboxitem", "kind", OutboxKind),
            checks.known("outboxitem", "state", OutboxState),
            models.CheckConstraint(
                name="outboxitem_goes_to_somebody",
                condition=Q(kind=OutboxKind.MAIL, person__isnull=False, endpoint__isnull=True)
                | Q(kind=OutboxKind.WEBHOOK, endpoint__isnull=False, person__isnull=True),
            ),
            models.CheckConstraint(
                name="outboxitem_settled_at_a_moment",
                condition=Q(state=OutboxState.WAITING, settled_at__isnull=True)
                | (~Q(state=OutboxState.WAITING) & Q(settled_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_try_at"],
                name="outboxitem_of_receiver",
                condition=Q(state=OutboxState.WAITING),
            ),
            models.Index(fields=["settled_at"], name="outboxitem_dead", condition=Q(state=OutboxState.DEAD)),
            models.Index(F("endpoint"), F("id").desc(), name="outboxitem_of_endpoint"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.event}"


class Delivery(models.Model):
    """One try to send something: when, how long it took, and the answer. What was sent is with the item."""

    item = models.ForeignKey(
        OutboxItem, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("item in the outbox")
    )
    at = models.DateTimeField(_("at"))
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    delivered = models.BooleanField(_("delivered"))
    answer = models.CharField(_("answer"), max_length=300, help_text=_("the receiver's status, or what went wrong"))

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("delivery log")
        ordering = ["item", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.answer}"
