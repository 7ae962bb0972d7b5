"""From bytes to what the parser found in them, with what must be known before it can be stored.

The parser runs in a process of its own (`child`): no byte of a document is looked into here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from clauses import UnreadableError
from clauses.nodes import Instrument
from tracker.ingest.child import ParserFailedError, parse
from tracker.ingest.faults import Fault, told

_log = logging.getLogger(__name__)


class RefusedError(Exception):
    """The document can't be taken; the message names it, says why, and what to do.

    `fault` is what to keep so that this can be told in another language later; None where there is no more than words.
    `may_pass` says that the document need not be to blame: whoever read or stored it was killed, or is ill.
    """

    def __init__(self, why: str | Fault, *, may_pass: bool = False) -> None:
        self.may_pass = may_pass
        self.fault = why if isinstance(why, Fault) else None
        super().__init__(told(why) if isinstance(why, Fault) else why)


@dataclass(frozen=True, slots=True)
class Found:
    """A document as read: its bytes, what they are called, and everything the parser found."""

    data: bytes
    sha256: str
    body_sha256: str
    file_name: str
    media_type: str
    parsed: Instrument
    coverage: float


def read(data: bytes, name: str, *, sha256: str, signed_on: dt.date | None) -> Found:
    """Parse a document. Raises RefusedError where it can't be read; a fault of the parser is logged and refused
    too, so that one document never stops the others."""
    file_name = PurePath(name.replace("\x00", "")).name[-255:]
    try:
        parsed = parse(data, name=file_name, signed_on=signed_on)
    except UnreadableError as error:
        raise RefusedError(Fault.of(error), may_pass=error.code == "breaks_reader") from error
    except Exception as error:
        where = error.where if isinstance(error, ParserFailedError) else ""
        _log.exception("ingest_parser_failed", extra={"sha256": sha256, "where": where})
        kind = str(error) if where else type(error).__name__
        raise RefusedError(Fault("parser_failed", {"name": file_name, "error": kind})) from error
    if not parsed.text.strip() or "\x00" in parsed.text:
        raise RefusedError(Fault("nothing_to_keep", {"name": file_name}))
    return Found(
        data=data,
        sha256=sha256,
        body_sha256=_digest_of_words(parsed.text),
        file_name=file_name,
        media_type=parsed.media_type,
        parsed=parsed,
        coverage=parsed.coverage,
    )


def _digest_of_words(words: str) -> str:
    """The same for the same words, however their bytes, line breaks or accents were composed."""
    canonical = " ".join(unicodedata.normalize("NFC", words).split())
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
