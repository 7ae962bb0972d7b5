"""The compressed streams of a PDF, measured before PDFium opens it: PDFium unpacks whatever it is given."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from clauses.text.errors import UnreadableError

_STREAM = re.compile(rb"(?<!end)stream\r?\n(?=[\x08\x18\x28\x38\x48\x58\x68\x78][\x01\x5e\x9c\xda])")
_ZLIB = re.compile(rb"[\x08\x18\x28\x38\x48\x58\x68\x78][\x01\x5e\x9c\xda]")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_DICTIONARY = 2_000  # bytes before a stream in which its dictionary begins
_PIECE = 64 * 1024
_LAYERS = 8
_RATIO = 100
_RATIO_MATTERS = 1024 * 1024
_WHOLE_SIZE = 200 * 1024 * 1024


def check_streams(data: bytes) -> None:
    """Raise UnreadableError where the streams of a PDF unpack to far more than they are, or to too much together.

    Pictures are left out: a white page packs as well as a bomb, and they are drawn only where a page has no text.
    Packing other than Flate is not looked into; a limit of memory must hold that.
    """
    whole = 0
    for found in _STREAM.finditer(data):
        before = data[max(0, found.start() - _DICTIONARY) : found.start()]
        if _PICTURE.search(before, max(0, before.rfind(b" obj"))):
            continue
        size, most = 0, _RATIO_MATTERS
        for piece in _unpacked(_cut(data, found.end()), _LAYERS):
            size += len(piece)
            if size > most == _RATIO_MATTERS:
                most = max(_RATIO_MATTERS + 1, _RATIO * _packed(data, found.end()))
            if size > most or whole + size > _WHOLE_SIZE:
                raise UnreadableError("pdf_unpacks", byte=found.start())
        whole += size


def _packed(data: bytes, start: int) -> int:
    """The size of a stream as it lies in the file."""
    end = data.find(b"endstream", start)
    return max(1, (end if end >= 0 else len(data)) - start)


def _cut(data: bytes, start: int) -> Iterator[bytes]:
    for at in range(start, len(data), _PIECE):
        yield data[at : at + _PIECE]


def _unpacked(pieces: Iterator[bytes], layers: int) -> Iterator[bytes]:
    """What a stream unpacks to, piece by piece, through all layers; it ends where the packing ends or is damaged."""
    unpacked = _one_layer(pieces)
    first = next(unpacked, b"")
    if layers > 1 and _ZLIB.match(first):
        yield from _unpacked(_after(first, unpacked), layers - 1)
        return
    yield from _after(first, unpacked)


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _one_layer(pieces: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    try:
        for piece in pieces:
            left = piece
            while left and not unpacker.eof:
                yield unpacker.decompress(left, _PIECE)
                left = unpacker.unconsumed_tail
            if unpacker.eof:
                return
    except zlib.error:
        return
