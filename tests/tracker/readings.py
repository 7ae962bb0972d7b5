"""Readings made by hand, so that what is stored can be tested whatever the parser finds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from clauses import nodes

ENGLISH = (
    "Joint Statement. "
    "1. The Parties will open a trade house by the end of 2026. "
    "(a) Georgia will host it. "
    "2. The Parties invite the World Bank to take part. The dates will be agreed."
)


def reading(text: str = ENGLISH, **fields: Any) -> nodes.Instrument:
    """A statement of two clauses, one with a sub-clause, and three commitments."""
    first, inner, second = text.index("1."), text.index("(a)"), text.index("2. ")
    clauses = (
        nodes.Clause("1", "1", None, nodes.Role.OPERATIVE, first, second),
        nodes.Clause("(a)", "1(a)", 0, nodes.Role.OPERATIVE, inner, second),
        nodes.Clause("2", "2", None, nodes.Role.OPERATIVE, second, len(text)),
    )
    year = text.index("2026") if "2026" in text else first
    deadline = nodes.Deadline(
        year, year + 4, dt.date(2026, 12, 31), nodes.Precision.YEAR, starts=dt.date(2026, 6, 1), why="end of a year"
    )
    return replace(
        nodes.Instrument(
            text=text,
            language="en",
            kind=nodes.Kind.JOINT_STATEMENT,
            title="Joint Statement",
            signed_on=dt.date(2025, 5, 14),
            signed_at="Almaty",
            parties=("KAZ", "GEO"),
            clauses=clauses,
            sentences=(nodes.Sentence(0, len(text), 2, nodes.Act.COMMITMENT),),
            mentions=(),
            deadlines=(deadline,),
            commitments=(
                commitment(first + 3, first + 40, 0, deadlines=(deadline,)),
                commitment(inner + 4, inner + 20, 1, obligors=("GEO",)),
                commitment(second + 3, second + 30, 2, force=nodes.Force.REQUEST, addressees=("WB",)),
            ),
        ),
        **fields,
    )


def commitment(
    start: int,
    end: int,
    clause: int | None,
    *,
    force: nodes.Force = nodes.Force.COMMITMENT,
    obligors: Sequence[str] = ("KAZ", "GEO"),
    addressees: Sequence[str] = (),
    deadlines: Sequence[nodes.Deadline] = (),
) -> nodes.Commitment:
    """A commitment with a cue of four letters."""
    cue = nodes.Span(start, start + 4)
    return nodes.Commitment(
        start, end, clause, force, tuple(obligors), tuple(addressees), tuple(deadlines), cue, "will + verb"
    )
