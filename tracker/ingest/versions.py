"""Which instrument on record a newly read text is another language version of."""

from __future__ import annotations

import re

from django.contrib.postgres.aggregates import ArrayAgg

from tracker.ingest.reading import Found
from tracker.models import Clause, Instrument

_DIGITS = re.compile(r"\d+")


def instrument_of(found: Found) -> Instrument | None:
    """The one instrument of the same kind, day of signature, parties and numbered clauses that has no text in this
    language; None where there is none, more than one, or too little to tell (no day, no numbers)."""
    parsed = found.parsed
    numbers = _numbers([(each.label or "") for each in parsed.clauses if each.parent is None])
    if parsed.signed_on is None or not parsed.parties or not numbers:
        return None
    alike = (
        Instrument.objects.filter(kind=parsed.kind, signed_on=parsed.signed_on)
        .exclude(texts__language=parsed.language, texts__current=True)
        .annotate(codes=ArrayAgg("parties__code", distinct=True))
    )
    fits = [
        each for each in alike[:10] if set(each.codes) == set(parsed.parties) and _numbers(_labels_of(each)) == numbers
    ]
    return fits[0] if len(fits) == 1 else None


def _labels_of(instrument: Instrument) -> list[str]:
    return list(
        Clause.objects.filter(text__instrument=instrument, text__leading=True, parent=None)
        .order_by("position")
        .values_list("label", flat=True)
    )


def _numbers(labels: list[str]) -> list[str]:
    """What stays of the labels in every language: "Article 5", "статья 5" and "5-бап" are all 5."""
    return [digits[0] for label in labels if (digits := _DIGITS.search(label))]
