"""Bytes into text: one reader a media type, told by content and never by name. The last time text changes.

What leaves here is one string: paragraphs separated by empty lines, the numbers of lists put in as text. All offsets
of a parsed document count in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from clauses.text.errors import LARGEST_FILE, LARGEST_TEXT, ReadText, UnreadableError
from clauses.text.plain import is_markup, read_plain

__all__ = ["LARGEST_FILE", "LARGEST_TEXT", "ReadText", "UnreadableError", "read"]

_SURROGATE = re.compile("[\ud800-\udfff]")
# the first bytes of files that hold no text for us: what they are, what to do about them
_REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old or encrypted Office file", "Save it as .docx without a password."),
    (b"{\\rtf", "a rich text (RTF) file", "Save it as .docx or .txt."),
    (b"\x89PNG", "a picture", "Save the pages as one PDF."),
    (b"\xff\xd8\xff", "a picture", "Save the pages as one PDF."),
    (b"GIF8", "a picture", "Save the pages as one PDF."),
    (b"II*\x00", "a picture", "Save the pages as one PDF."),
    (b"MM\x00*", "a picture", "Save the pages as one PDF."),
    (b"\x1f\x8b", "a compressed archive", "Unpack it and give the document itself."),
    (b"Rar!", "a compressed archive", "Unpack it and give the document itself."),
    (b"7z\xbc\xaf", "a compressed archive", "Unpack it and give the document itself."),
    (b"MZ", "a program", "Give a document."),
    (b"\x7fELF", "a program", "Give a document."),
)


def read(data: bytes | str, *, name: str | None = None) -> ReadText:
    """The text of a document.

    A string is taken as it is. Bytes are read as PDF, DOCX, HTML or plain text, whichever they are; `name` is used
    in messages only. Raises UnreadableError, with a place and a remedy, where no text can be had: an empty, encrypted,
    damaged or too large file, one of another kind, a bomb. Nothing else is raised, whatever the bytes.
    """
    if isinstance(data, str):
        return _checked(ReadText(data, "text/plain"), name)
    if not data.strip():
        raise UnreadableError(f"{_called(name)} is empty", remedy="Check that the upload was complete.")
    if len(data) > LARGEST_FILE:
        limit = LARGEST_FILE // 1024 // 1024
        raise UnreadableError(f"{_called(name)} is larger than {limit} MB", remedy="Give only the document itself.")
    for mark, what, remedy in _REFUSED:
        if data.startswith(mark):
            raise UnreadableError(f"{_called(name)} is {what}", remedy=remedy)
    return _checked(_reader(data)(data), name)


def _reader(data: bytes) -> Callable[[bytes], ReadText]:
    """The reader for some bytes, loaded when it is wanted."""
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        from clauses.text.docx import read_docx

        return read_docx
    if b"%PDF-" in data[:1024]:
        from clauses.text.pdf import read_pdf

        return read_pdf
    if is_markup(data):
        from clauses.text.html import read_html

        return read_html
    return read_plain


def _checked(found: ReadText, name: str | None) -> ReadText:
    if not found.text.strip():
        raise UnreadableError(f"{_called(name)} has no text in it", remedy="Check that it is the right document.")
    if len(found.text) > LARGEST_TEXT:
        raise UnreadableError(
            f"{_called(name)} has more than {LARGEST_TEXT // 1_000_000} million characters",
            remedy="Divide it into its instruments.",
        )
    if _SURROGATE.search(found.text):
        return replace(found, text=_SURROGATE.sub("\ufffd", found.text))
    return found


def _called(name: str | None) -> str:
    return f"The file {name!r}" if name else "The file"
