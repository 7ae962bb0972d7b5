"""Where a text names somebody who can act, as far as the words themselves tell."""

from __future__ import annotations

from clauses.folding import Folded
from clauses.nodes import Mention
from clauses.parties.found import find, spans


def find_mentions(folded: Folded, language: str) -> tuple[Mention, ...]:
    """Every mention in the text, longest first at each place, in order and not overlapping, in source offsets.

    Codes are given where the words name the state or organisation; terms for all parties, pronouns, bodies and
    persons without a state have none (see `casting.cast`).
    """
    return tuple(Mention(*span, found.codes, found.sort) for found, span in spans(folded, find(folded, language)))
