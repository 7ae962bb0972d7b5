"""Instruments for people and programs: a table, JSON, and the text with every commitment marked and explained."""

from __future__ import annotations

import datetime as dt
import json
import textwrap
from collections import Counter
from typing import Any

from clauses.nodes import Clause, Commitment, Deadline, Instrument


def as_data(instrument: Instrument) -> dict[str, Any]:
    """An instrument as plain JSON types; dates are ISO 8601, `clause` and `parent` are label paths."""
    paths = [clause.path for clause in instrument.clauses]
    return {
        "language": instrument.language,
        "kind": str(instrument.kind),
        "title": instrument.title,
        "signed_on": _day(instrument.signed_on),
        "signed_at": instrument.signed_at,
        "parties": list(instrument.parties),
        "clauses": [_clause(instrument, clause, paths) for clause in instrument.clauses],
        "commitments": [_commitment(instrument, found, paths) for found in instrument.commitments],
        "deadlines": [_deadline(instrument, found) for found in instrument.deadlines],
        "sentences": [
            {
                "start": s.start,
                "end": s.end,
                "act": str(s.act),
                "cue": instrument.words(s.cue) if s.cue else None,
            }
            for s in instrument.sentences
        ],
        "references": [
            {"start": r.start, "end": r.end, "text": instrument.words(r), "target": r.target}
            for r in instrument.references
        ],
        "coverage": round(instrument.coverage, 4),
        "media_type": instrument.media_type,
        "warnings": list(instrument.warnings),
        "text": instrument.text,
    }


def as_json(instrument: Instrument, *, indent: int | None = 2) -> str:
    """An instrument as JSON text, in its own script."""
    return json.dumps(as_data(instrument), ensure_ascii=False, indent=indent)


def as_table(instrument: Instrument, *, width: int = 110) -> str:
    """The facts of an instrument, what was doubtful in reading it, and a line for each commitment.

    `width` is in columns; the quotes are cut to it.
    """
    signed = " ".join(filter(None, (_day(instrument.signed_on), instrument.signed_at))) or "no date of signature"
    lines = [
        instrument.title,
        f"{instrument.kind} · {instrument.language} · {', '.join(instrument.parties) or 'no parties'} · {signed}",
        *(f"! {warning}" for warning in instrument.warnings),
        f"{'clause':<14} {'force':<10} {'obligors':<16} {'due':<10} quote",
    ]
    lines += [_row(instrument, found, width) for found in instrument.commitments]
    lines.append(f"{len(instrument.commitments)} commitments in {len(instrument.clauses)} clauses")
    return "\n".join(lines)


def as_explained(instrument: Instrument) -> str:
    """The whole text with each commitment between numbered brackets, and below its line the rule that fired.

    Begins with what was doubtful in reading the file; ends with how many sentences were read as what, and the share
    of the text that was understood.
    """
    lines, at = [f"! {warning}" for warning in instrument.warnings], 0
    for line in instrument.text.splitlines(keepends=True):
        here = [(n, c) for n, c in enumerate(instrument.commitments, 1) if c.start < at + len(line) and c.end > at]
        lines.append(_marked(instrument.text, at, at + len(line), here).rstrip())
        lines += [_explained(instrument, n, c) for n, c in here if c.end <= at + len(line)]
        at += len(line)
    acts = Counter(str(sentence.act) for sentence in instrument.sentences)
    counted = ", ".join(f"{number} {act}" for act, number in acts.most_common())
    return "\n".join([*lines, "", f"Sentences: {counted}. Understood: {instrument.coverage:.0%} of the text."])


def _marked(text: str, start: int, end: int, here: list[tuple[int, Commitment]]) -> str:
    marks = [(c.end, 0, "⟧") for _, c in here if c.end <= end]
    marks += [(c.start, 1, f"⟦{n} ") for n, c in here if c.start >= start]
    pieces: list[str] = []
    last = start
    for place, _, mark in sorted(marks):
        pieces += text[last:place], mark
        last = place
    return "".join([*pieces, text[last:end]])


def _explained(instrument: Instrument, number: int, found: Commitment) -> str:
    who = ", ".join(found.obligors) + (" (inferred)" if found.inferred else "")
    asked = f" → {', '.join(found.addressees)}" if found.addressees else ""
    when = "".join(f" · {d.due or d.recurrence or 'no day'} “{instrument.words(d)}”, {d.why}" for d in found.deadlines)
    cue = " ".join(instrument.words(found.cue).split())
    return f"    ⟦{number}⟧ {found.force} · {who}{asked}{when} · because of “{cue}”: {found.why}"


def _row(instrument: Instrument, found: Commitment, width: int) -> str:
    path = instrument.clauses[found.clause].path if found.clause is not None else None
    who = ",".join(found.obligors) or "?"
    row = f"{path or '-':<14.14} {found.force:<10} {who:<16.16} {_when(found):<10} "
    return row + textwrap.shorten(instrument.words(found), max(width - len(row), 20), placeholder=" …")


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _when(found: Commitment) -> str:
    if found.due:
        return found.due.isoformat()
    return str(found.recurrence or "") or ("rule" if found.dated else "-")


def _clause(instrument: Instrument, clause: Clause, paths: list[str | None]) -> dict[str, Any]:
    return {
        "label": clause.label,
        "path": clause.path,
        "parent": paths[clause.parent] if clause.parent is not None else None,
        "role": str(clause.role),
        "start": clause.start,
        "end": clause.end,
        "text": instrument.words(clause),
    }


def _deadline(instrument: Instrument, found: Deadline) -> dict[str, Any]:
    return {
        "start": found.start,
        "end": found.end,
        "text": instrument.words(found),
        "due": _day(found.due),
        "due_precision": str(found.precision) if found.precision else None,
        "due_rule": instrument.words(found.rule) if found.rule else None,
        "starts": _day(found.starts),
        "recurrence": str(found.recurrence) if found.recurrence else None,
        "why": found.why,
    }


def _commitment(instrument: Instrument, found: Commitment, paths: list[str | None]) -> dict[str, Any]:
    dated = found.dated
    starts = next((d.starts for d in found.deadlines if d.starts), None)
    return {
        "clause": paths[found.clause] if found.clause is not None else None,
        "start": found.start,
        "end": found.end,
        "text": instrument.words(found),
        "force": str(found.force),
        "obligors": list(found.obligors),
        "addressees": list(found.addressees),
        "due": _day(found.due),
        "due_text": instrument.words(dated) if dated else None,
        "due_precision": str(dated.precision) if dated and dated.precision else None,
        "due_rule": instrument.words(dated.rule) if dated and dated.rule else None,
        "starts": _day(starts),
        "recurrence": str(found.recurrence) if found.recurrence else None,
        "inferred": found.inferred,
        "why": found.why,
    }
