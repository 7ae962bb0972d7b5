"""The history as the application may see it: tables of the schema `audit`, to read and never to write."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One change of one record: who, when, from what to what, why. Written by the database's triggers alone.

    `before` and `after` map columns to values: of an update only those that changed. `part_of_model` and `part_of_id`
    name the record whose timeline shows it. All is kept as words, so that nothing that is deleted later is missing.
    """

    at = models.DateTimeField(_("at"))
    transaction = models.BigIntegerField(_("transaction"))
    model = models.TextField(_("model"))
    object_id = models.TextField(_("record"), null=True)  # noqa: DJ001  (as the table has it)
    part_of_model = models.TextField(_("part of"), null=True)  # noqa: DJ001
    part_of_id = models.TextField(_("part of record"), null=True)  # noqa: DJ001
    action = models.TextField(_("action"))
    actor = models.TextField(_("who"))
    actor_id = models.BigIntegerField(_("user"), null=True)
    unit = models.TextField(_("unit"), null=True)  # noqa: DJ001
    address = models.TextField(_("address"), null=True)  # noqa: DJ001
    database_role = models.TextField(_("database role"))
    reason = models.TextField(_("why"), null=True)  # noqa: DJ001
    request = models.TextField(_("request"), null=True)  # noqa: DJ001
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    class Meta:
        managed = False
        db_table = '"audit"."entry"'
        verbose_name = _("entry in the history")
        verbose_name_plural = _("history")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor}: {self.action} {self.model} {self.object_id or ''}".rstrip()


class AuditSeal(models.Model):
    """The place of an entry in the chain, and its hash: SHA-256 of the hash before it and the entry's words."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(
        AuditEntry, on_delete=models.DO_NOTHING, db_constraint=False, related_name="seal", verbose_name=_("entry")
    )
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = '"audit"."seal"'
        verbose_name = _("place in the chain")
        verbose_name_plural = _("chain")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}: {bytes(self.hash).hex()}"
