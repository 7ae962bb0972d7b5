"""What is kept. One file for each subject; import the models from here."""

from __future__ import annotations

from tracker.models.commitments import Addressee, Commitment, Obligor
from tracker.models.followups import FollowUp, FollowUpRule, Sweep
from tracker.models.instruments import Instrument, InstrumentParty
from tracker.models.parties import Party
from tracker.models.people import Person, Unit
from tracker.models.steps import StatusStep
from tracker.models.texts import Clause, Text, TextSource

__all__ = [
    "Addressee",
    "Clause",
    "Commitment",
    "FollowUp",
    "FollowUpRule",
    "Instrument",
    "InstrumentParty",
    "Obligor",
    "Party",
    "Person",
    "StatusStep",
    "Sweep",
    "Text",
    "TextSource",
    "Unit",
]
