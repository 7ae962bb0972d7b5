"""The reasons of the parser as codes, for programs: a sentence may be put in other words, its code stays."""

from __future__ import annotations

from clauses.reasons import recognised


def code(why: str) -> str | None:
    """The code of a reason as the parser gave it; None where there is none, or it is none of the table."""
    found = recognised(why) if why else None
    return found.code if found else None
