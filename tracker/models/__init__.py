"""What is kept. One file for each subject; import the models from here."""

from __future__ import annotations

from tracker.models.commitments import Addressee, Commitment, CommitmentTheme, Obligor
from tracker.models.evidence import Evidence, EvidenceFile
from tracker.models.feeds import Feed
from tracker.models.filings import Note, Relation
from tracker.models.followups import FollowUp, FollowUpComment, FollowUpRule, Sweep, Touched
from tracker.models.handovers import HandOver
from tracker.models.history import AuditEntry, AuditSeal
from tracker.models.instruments import Instrument, InstrumentParty
from tracker.models.jobs import Job
from tracker.models.outbox import Delivery, OutboxItem, WebhookEndpoint
from tracker.models.parties import Party
from tracker.models.people import CalendarDay, Person, Unit
from tracker.models.reminders import Digest, Escalation, EscalationRung, Reminder
from tracker.models.rereadings import Rereading, ReviewStep, SecondLook
from tracker.models.searching import Searchable
from tracker.models.steps import DeadlineStep, StatusStep
from tracker.models.submissions import Submission
from tracker.models.texts import Clause, Text, TextSource
from tracker.models.themes import Theme
from tracker.models.uploads import Upload

__all__ = [
    "Addressee",
    "AuditEntry",
    "AuditSeal",
    "CalendarDay",
    "Clause",
    "Commitment",
    "CommitmentTheme",
    "DeadlineStep",
    "Delivery",
    "Digest",
    "Escalation",
    "EscalationRung",
    "Evidence",
    "EvidenceFile",
    "Feed",
    "FollowUp",
    "FollowUpComment",
    "FollowUpRule",
    "HandOver",
    "Instrument",
    "InstrumentParty",
    "Job",
    "Note",
    "Obligor",
    "OutboxItem",
    "Party",
    "Person",
    "Relation",
    "Reminder",
    "Rereading",
    "ReviewStep",
    "Searchable",
    "SecondLook",
    "StatusStep",
    "Submission",
    "Sweep",
    "Text",
    "TextSource",
    "Theme",
    "Touched",
    "Unit",
    "Upload",
    "WebhookEndpoint",
]
