"""What is kept. One file for each subject; import the models from here."""

from __future__ import annotations

from tracker.models.commitments import Addressee, Commitment, CommitmentTheme, Obligor
from tracker.models.evidence import Evidence, EvidenceFile
from tracker.models.filings import Note, Relation
from tracker.models.followups import FollowUp, FollowUpRule, Sweep
from tracker.models.handovers import HandOver
from tracker.models.history import AuditEntry, AuditSeal
from tracker.models.instruments import Instrument, InstrumentParty
from tracker.models.parties import Party
from tracker.models.people import Person, Unit
from tracker.models.rereadings import Rereading, ReviewStep, SecondLook
from tracker.models.steps import DeadlineStep, StatusStep
from tracker.models.submissions import Submission
from tracker.models.texts import Clause, Text, TextSource
from tracker.models.themes import Theme
from tracker.models.uploads import Upload

__all__ = [
    "Addressee",
    "AuditEntry",
    "AuditSeal",
    "Clause",
    "Commitment",
    "CommitmentTheme",
    "DeadlineStep",
    "Evidence",
    "EvidenceFile",
    "FollowUp",
    "FollowUpRule",
    "HandOver",
    "Instrument",
    "InstrumentParty",
    "Note",
    "Obligor",
    "Party",
    "Person",
    "Relation",
    "Rereading",
    "ReviewStep",
    "SecondLook",
    "StatusStep",
    "Submission",
    "Sweep",
    "Text",
    "TextSource",
    "Theme",
    "Unit",
    "Upload",
]
