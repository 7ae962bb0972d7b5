"""Bytes → parse → rows: the one door to the parser. A document is stored wholly or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import DatabaseError, OperationalError, transaction
from django.utils.translation import gettext as _

from clauses import PARSER_VERSION
from tracker.ingest.packing import pack, unpack
from tracker.ingest.reading import Found, RefusedError, read
from tracker.ingest.rows import store
from tracker.ingest.versions import instrument_of
from tracker.models import Instrument, Text, locks
from tracker.models.vocabulary import TextStanding

__all__ = [
    "PARSER_VERSION",
    "Ending",
    "Found",
    "Outcome",
    "RefusedError",
    "examine",
    "ingest",
    "keep",
    "known_text",
    "pack",
    "unpack",
]

_log = logging.getLogger(__name__)


class Ending(StrEnum):
    """How an ingest ended."""

    STORED = "stored"  # a new instrument, led by this text
    ATTACHED = "attached"  # another text of an instrument that is on record
    KNOWN = "known"  # these very bytes are on record; nothing was added
    SAME_WORDS = "same_words"  # the same words came in other bytes; nothing was added


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document, and the text that now stands for it."""

    ending: Ending
    text: Text

    @property
    def instrument(self) -> Instrument:
        """The instrument that the text belongs to."""
        return self.text.instrument


def ingest(
    data: bytes,
    name: str,
    *,
    now: dt.datetime,
    by: User | None = None,
    signed_on: dt.date | None = None,
    instrument: Instrument | None = None,
) -> Outcome:
    """Read a document and keep everything found in it, in one transaction; the same bytes twice add nothing.

    `name` is the file's name, kept as data only; `signed_on` the day of signature where the text names none.
    `instrument` says whose language version it is. Without it, a text is taken for another version of an instrument
    on record only where that is beyond doubt (see `versions`), for a wrong guess would keep its commitments out of
    every list. Raises RefusedError, with the remedy, for a document that can't be read or kept; nothing of it is
    stored then.
    """
    if known := known_text(hashlib.sha256(data).hexdigest()):
        return Outcome(Ending.KNOWN, known)
    return keep(examine(data, name, signed_on=signed_on), now=now, by=by, instrument=instrument)


def known_text(sha256: str) -> Text | None:
    """The text that was read from these very bytes."""
    return Text.objects.select_related("instrument__unit").filter(sha256=sha256).first()


def examine(data: bytes, name: str, *, signed_on: dt.date | None = None) -> Found:
    """Read a document and keep nothing: the long part. Raises RefusedError."""
    return read(data, name, sha256=hashlib.sha256(data).hexdigest(), signed_on=signed_on)


def keep(
    found: Found,
    *,
    now: dt.datetime,
    by: User | None = None,
    instrument: Instrument | None = None,
    standing: TextStanding = TextStanding.PRESS_COPY,
    apart: bool = False,
) -> Outcome:
    """Store what `examine` found, wholly or not at all; raises RefusedError.

    `apart` says that it is an instrument of its own, although the same words are on record.
    """
    try:
        return _keep(found, now, by, instrument, standing, apart)
    except DatabaseError as error:
        _log.exception("ingest_not_stored", extra={"sha256": found.sha256})
        raise RefusedError(
            _("%(name)s was read but could not be stored (%(error)s). Nothing of it was kept; try again.")
            % {"name": found.file_name, "error": (str(error).splitlines() or [type(error).__name__])[0]},
            may_pass=isinstance(error, OperationalError),
        ) from error


@transaction.atomic
def _keep(
    found: Found,
    now: dt.datetime,
    by: User | None,
    instrument: Instrument | None,
    standing: TextStanding,
    apart: bool,
) -> Outcome:
    # One at a time: of two workers with the same bytes, or with two versions of one instrument, the second sees what
    # the first has stored. Parsing, the long part, is outside. The unique keys hold even without the lock.
    locks.take(locks.Lock.INGEST)
    if known := known_text(found.sha256):
        return Outcome(Ending.KNOWN, known)
    alike = Text.objects.select_related("instrument__unit").filter(body_sha256=found.body_sha256, current=True)
    if not apart and (known := alike.first()):
        return Outcome(Ending.SAME_WORDS, known)
    owner = instrument or (None if apart else instrument_of(found))
    if instrument and instrument.texts.filter(language=found.parsed.language, current=True).exists():
        raise RefusedError(
            _("%(instrument)s already has a text in this language (%(language)s).")
            % {"instrument": instrument, "language": found.parsed.language}
        )
    return Outcome(Ending.ATTACHED if owner else Ending.STORED, store(found, owner, now, by, standing))
