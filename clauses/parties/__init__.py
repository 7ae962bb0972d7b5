"""Who speaks: the states and organisations of an instrument, and every mention of somebody who can act."""

from __future__ import annotations

from clauses.parties.casting import cast
from clauses.parties.lexicon import capital_named
from clauses.parties.mentions import find_mentions
from clauses.parties.names import is_state, name_of

__all__ = ["capital_named", "cast", "find_mentions", "is_state", "name_of"]
