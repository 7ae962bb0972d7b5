"""What was found in a document, as bytes and back: kept while a person is asked what to do with it."""

from __future__ import annotations

import json
import zlib

from clauses.wire import from_wire, to_wire
from tracker.ingest.reading import Found


def pack(found: Found) -> bytes:
    """Everything that was found, without the document's own bytes."""
    facts = {
        "sha256": found.sha256,
        "body_sha256": found.body_sha256,
        "file_name": found.file_name,
        "media_type": found.media_type,
        "coverage": found.coverage,
        "parsed": to_wire(found.parsed),
    }
    return zlib.compress(json.dumps(facts).encode("utf-8"))


def unpack(packed: bytes, data: bytes) -> Found:
    """What `pack` packed, with the document's bytes. Raises ValueError for anything else."""
    facts = json.loads(zlib.decompress(packed))
    parsed = from_wire(facts.pop("parsed"))
    return Found(data=data, parsed=parsed, **facts)
