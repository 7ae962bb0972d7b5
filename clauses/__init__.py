"""Reads the texts that states adopt and finds what they promised: bytes in, frozen dataclasses out.

>>> from clauses import parse
>>> read = parse("1. The Republic of Kazakhstan and Georgia (hereinafter referred to as the Parties) "
...              "will open a direct air service by the end of 2026.")
>>> [(str(c.force), c.obligors, c.due.isoformat()) for c in read.commitments]
[('commitment', ('KAZ', 'GEO'), '2026-12-31')]

No Django, clock, network or settings: the same bytes give the same answer.
"""

from clauses.nodes import Clause, Commitment, Deadline, Instrument, Mention, Sentence, Span
from clauses.parse import PARSER_VERSION, parse
from clauses.parties import name_of
from clauses.text import UnreadableError

__all__ = [
    "PARSER_VERSION",
    "Clause",
    "Commitment",
    "Deadline",
    "Instrument",
    "Mention",
    "Sentence",
    "Span",
    "UnreadableError",
    "name_of",
    "parse",
]
