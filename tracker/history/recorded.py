"""Whose changes are recorded, in one list; a test holds that every model of the tracker is in it or left out, and why.

Adding a model: give it a line here. `migrate` then makes its triggers (see `installing`).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import models

CHANGES = ("insert", "update", "delete")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A model whose changes are recorded.

    `part_of` is the foreign key to the record whose timeline shows it; without it the record has its own. `key` is the
    column that names a record where the primary key must not be kept. Columns in `digested` are kept as SHA-256 (they
    are big), those in `secret` as the fact that they changed. `changes` are the statements that count.
    """

    label: str
    part_of: str = ""
    key: str = ""
    digested: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    changes: tuple[str, ...] = CHANGES

    @property
    def model(self) -> type[models.Model]:
        """The model."""
        return apps.get_model(self.label)

    @property
    def arguments(self) -> tuple[str, ...]:
        """What the trigger function is told (see `sql/audit.sql`)."""
        meta = self.model._meta
        key = self.key or str(meta.pk.column)
        whole, column = meta.label_lower, key
        if self.part_of:
            field = meta.get_field(self.part_of)
            whole, column = field.related_model._meta.label_lower, str(field.column)  # type: ignore[union-attr]
        return meta.label_lower, key, whole, column, ",".join(self.digested), ",".join(self.secret)


RECORDED = (
    Recorded("tracker.Instrument"),
    Recorded("tracker.InstrumentParty", part_of="instrument"),
    Recorded("tracker.Text", part_of="instrument", digested=("body",)),
    Recorded("tracker.TextSource", part_of="text", digested=("content",)),
    # What was first read follows from the text's own entry: its bytes and the version of the parser.
    Recorded("tracker.Clause", part_of="text", changes=("update", "delete")),
    Recorded("tracker.Commitment"),
    Recorded("tracker.Obligor", part_of="commitment"),
    Recorded("tracker.Addressee", part_of="commitment"),
    Recorded("tracker.StatusStep", part_of="commitment"),
    Recorded("tracker.DeadlineStep", part_of="commitment"),
    Recorded("tracker.Submission", part_of="commitment"),
    Recorded("tracker.Evidence", part_of="step"),
    Recorded("tracker.EvidenceFile", digested=("content",)),
    Recorded("tracker.CommitmentTheme", part_of="commitment"),
    Recorded("tracker.Relation", part_of="source"),
    Recorded("tracker.Note", part_of="commitment"),
    Recorded("tracker.HandOver"),
    Recorded("tracker.HandOver_commitments", part_of="commitment"),
    Recorded("tracker.Theme"),
    Recorded("tracker.Upload", digested=("content", "reading")),
    Recorded("tracker.ReviewStep", part_of="commitment"),
    Recorded("tracker.SecondLook", part_of="commitment"),
    Recorded("tracker.Rereading", part_of="text"),
    Recorded("tracker.FollowUp", part_of="commitment"),
    Recorded("tracker.FollowUpComment", part_of="followup"),
    Recorded("tracker.FollowUpRule"),
    Recorded("tracker.EscalationRung"),
    Recorded("tracker.Escalation", part_of="followup"),
    Recorded("tracker.Reminder", part_of="followup"),
    Recorded("tracker.WebhookEndpoint", secret=("secret", "previous_secret")),
    Recorded("tracker.Feed", part_of="person", secret=("digest",)),
    Recorded("tracker.Job", digested=("wanted", "file"), changes=("insert", "delete")),
    Recorded("tracker.CalendarDay"),
    Recorded("tracker.Party"),
    Recorded("tracker.Unit"),
    Recorded("tracker.Person", part_of="user"),
    Recorded("auth.User", secret=("password",)),
    Recorded("auth.User_groups", part_of="user"),
    Recorded("auth.User_user_permissions", part_of="user"),
    Recorded("auth.Group"),
    Recorded("auth.Group_permissions", part_of="group"),
    # The primary key is the token's digest; the public beginning of the token names it.
    Recorded("knox.AuthToken", part_of="user", key="token_key", secret=("digest",)),
)

LEFT_OUT = {
    "tracker.Searchable": "an index of words that the database derives from what is recorded",
    "tracker.Sweep": "one row a minute, itself a record of what ran, thrown away after ninety days",
    "tracker.Touched": "written by triggers, taken out by the sweep; what touched a commitment has its own entries",
    "tracker.Digest": "the reminders in it are recorded, and its mail is in the outbox",
    "tracker.OutboxItem": "itself a record of what was sent, its words for 400 days; its tries are in the delivery log",
    "tracker.Delivery": "itself a record, one row a try",
    "tracker.AuditEntry": "the history itself",
    "tracker.AuditSeal": "the history itself",
}


def recorded(model: type[models.Model]) -> Recorded | None:
    """The line of a model, if it is recorded."""
    label = model._meta.label
    return next((line for line in RECORDED if line.label == label), None)
