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
# the first bytes of files that hold no text for us, and the code of what they are
_REFUSED = (
    (b"\xd0\xcf\x11\xe0", "old_office"),
    (b"{\\rtf", "rich_text"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"\x1f\x8b", "compressed"),
    (b"Rar!", "compressed"),
    (b"7z\xbc\xaf", "compressed"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)


def read(data: bytes | str, *, name: str | None = None) -> ReadText:
    """The text of a document.

    A string is taken as it is. Bytes are read as PDF, DOCX, HTML or plain text, whichever they are; `name` is used
    in messages only. Raises UnreadableError, with a place and a remedy, where no text can be had: an empty, encrypted,
    damaged or too large file, one of another kind, a bomb. Nothing else is raised, whatever the bytes.
    """
    called = {"name": name} if name else {}
    if isinstance(data, str):
        return _checked(ReadText(data, "text/plain"), called)
    if not data.strip():
        raise UnreadableError("empty", **called)
    if len(data) > LARGEST_FILE:
        raise UnreadableError("file_too_large", megabytes=LARGEST_FILE // 1024 // 1024, **called)
    for mark, code in _REFUSED:
        if data.startswith(mark):
            raise UnreadableError(code, **called)
    return _checked(_reader(data)(data), called)


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


def _checked(found: ReadText, called: dict[str, str]) -> ReadText:
    if not found.text.strip():
        raise UnreadableError("no_text", **called)
    if len(found.text) > LARGEST_TEXT:
        raise UnreadableError("text_too_long", millions=LARGEST_TEXT // 1_000_000, **called)
    if _SURROGATE.search(found.text):
        return replace(found, text=_SURROGATE.sub("\ufffd", found.text))
    return found
